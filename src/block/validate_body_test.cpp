#include "block/validate_body.hpp"

#include "block/difficulty.hpp"
#include "block/roots.hpp"
#include "core/account.hpp"
#include "core/codec.hpp"

#include <gtest/gtest.h>

namespace hocket {
namespace {

using enum BlockError;

/// A chain of ten blocks in Byzantium, and a block on it.
class OmmerTest : public ::testing::Test {
 protected:
  OmmerTest() {
    Header genesis;
    genesis.difficulty = 0x20000;
    genesis.gas_limit = 8'000'000;
    genesis.ommers_hash = kEmptyListHash;
    headers.push_back(genesis);
    for (int i = 0; i < 10; ++i) headers.push_back(child_of(headers.back()));
    block.header = child_of(headers.back());
    block.header.transactions_root = kEmptyTrieRoot;
  }

  Header child_of(const Header& parent, Bytes extra_data = {}) const {
    Header header;
    header.parent_hash = hash_of(parent);
    header.number = parent.number + 1;
    header.timestamp = parent.timestamp + 10;
    header.gas_limit = parent.gas_limit;
    header.ommers_hash = kEmptyListHash;
    header.difficulty = next_difficulty(header.number, header.timestamp, parent, config);
    header.extra_data = std::move(extra_data);
    return header;
  }

  /// An ommer that is `age` generations older than the block.
  Header ommer(std::size_t age, std::uint8_t salt = 1) const {
    return child_of(headers[headers.size() - age - 1], {salt});
  }

  Verdict verdict(std::vector<Header> ommers) {
    block.ommers = std::move(ommers);
    block.header.ommers_hash = ommers_hash(block.ommers);
    std::vector<Ancestor> ancestors;
    for (std::size_t i = headers.size(); i-- > 0;)
      ancestors.push_back({&headers[i], hash_of(headers[i]),
                           i == included_at ? std::span<const Header>(included) : std::span<const Header>()});
    return validate_body(block, config, ancestors);
  }
  std::optional<BlockError> error(std::vector<Header> ommers) {
    const Verdict result = verdict(std::move(ommers));
    return result ? std::nullopt : std::optional(result.error().code);
  }

  ChainConfig config = *fixture_network("Byzantium");
  std::vector<Header> headers;
  Block block;
  std::vector<Header> included;  // ommers of an ancestor
  std::size_t included_at = 0;
};

TEST_F(OmmerTest, OfTheLastSixGenerations) {
  for (std::size_t age = 1; age <= 6; ++age) EXPECT_EQ(error({ommer(age)}), std::nullopt) << age;
  EXPECT_EQ(error({ommer(7)}), uncle_parent_incorrect);
  EXPECT_EQ(error({ommer(1), ommer(6)}), std::nullopt);
}

TEST_F(OmmerTest, AtMostTwo) {
  EXPECT_EQ(error({ommer(1), ommer(2)}), std::nullopt);
  EXPECT_EQ(error({ommer(1), ommer(2), ommer(3)}), too_many_uncles);
}

TEST_F(OmmerTest, NotTwiceTheSame) { EXPECT_EQ(error({ommer(2), ommer(2)}), uncle_is_brother); }

TEST_F(OmmerTest, NotAnAncestor) {
  EXPECT_EQ(error({headers.back()}), uncle_is_ancestor);
  EXPECT_EQ(error({headers[headers.size() - 3]}), uncle_is_ancestor);
}

TEST_F(OmmerTest, NotIncludedBefore) {
  included = {ommer(3)};
  included_at = 9;
  EXPECT_EQ(error({ommer(3)}), uncle_in_chain);
  EXPECT_EQ(error({ommer(3, 2)}), std::nullopt);
}

TEST_F(OmmerTest, NotASiblingOfTheBlock) { EXPECT_EQ(error({child_of(headers.back(), {1})}), uncle_parent_incorrect); }

TEST_F(OmmerTest, NotOfAnotherChain) {
  Header stranger = ommer(2);
  stranger.parent_hash.bytes[0] ^= 1;
  EXPECT_EQ(error({stranger}), uncle_unknown_parent);
}

TEST_F(OmmerTest, AValidHeader) {
  Header easy = ommer(2);
  easy.difficulty -= 1;
  EXPECT_EQ(error({easy}), invalid_difficulty);
  Header early = ommer(2);
  early.timestamp -= 10;
  EXPECT_EQ(error({early}), invalid_block_timestamp_older_than_parent);
}

TEST_F(OmmerTest, HashesAreThoseOfTheBody) {
  EXPECT_EQ(error({}), std::nullopt);
  block.header.transactions_root = {};
  EXPECT_EQ(error({}), invalid_transactions_root);
  block.header.transactions_root = kEmptyTrieRoot;
  block.transactions.resize(1);
  EXPECT_EQ(error({}), invalid_transactions_root);
  block.header.transactions_root = transactions_root(block.transactions);
  EXPECT_EQ(error({}), std::nullopt);
  block.header.ommers_hash = {};
  EXPECT_EQ(validate_body(block, config, {}).error().code, invalid_uncles_hash);
}

TEST(WithdrawalsTest, ListAndRootGoTogether) {
  const ChainConfig shanghai = *fixture_network("Shanghai");
  Block block;
  block.header.number = 1;
  block.header.ommers_hash = kEmptyListHash;
  block.header.transactions_root = kEmptyTrieRoot;
  const auto error = [&](const ChainConfig& config) -> std::optional<BlockError> {
    const Verdict result = validate_body(block, config, {});
    return result ? std::nullopt : std::optional(result.error().code);
  };
  EXPECT_EQ(error(shanghai), incorrect_block_format);
  block.withdrawals.emplace();
  EXPECT_EQ(error(shanghai), incorrect_block_format);
  EXPECT_EQ(error(*fixture_network("Paris")), incorrect_block_format);
  block.header.withdrawals_root = kEmptyTrieRoot;
  EXPECT_EQ(error(shanghai), std::nullopt);
  block.withdrawals->push_back({.index = 1, .validator_index = 2, .address = {}, .amount_gwei = 3});
  EXPECT_EQ(error(shanghai), invalid_withdrawals_root);
  block.header.withdrawals_root = withdrawals_root(*block.withdrawals);
  EXPECT_EQ(error(shanghai), std::nullopt);
}

TEST(BlockSizeTest, HasALimitFromOsakaOn) {
  EXPECT_TRUE(validate_size(8'388'608, spec_of(Revision::osaka)));
  EXPECT_EQ(validate_size(8'388'609, spec_of(Revision::osaka)).error().code, rlp_block_limit_exceeded);
  EXPECT_TRUE(validate_size(100'000'000, spec_of(Revision::prague)));
}

}  // namespace
}  // namespace hocket
