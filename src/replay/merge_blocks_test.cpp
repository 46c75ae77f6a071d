// Small blocks merged: whose state counts, and what is done so that transactions stay valid.
#include "replay/merge_blocks.hpp"

#include "block/roots.hpp"
#include "core/codec.hpp"
#include "crypto/keccak.hpp"

#include <deque>
#include <gtest/gtest.h>

namespace hocket {
namespace {

constexpr u256 kEther = 1'000'000'000'000'000'000;
constexpr std::uint64_t kPrice = 10;
constexpr std::uint64_t kTransferGas = 21'000;

Address address(std::uint8_t last) {
  Address made;
  made.bytes[19] = last;
  return made;
}
const Address kAlice = address(0xa1), kBob = address(0xb1), kCarol = address(0xc1), kCounter = address(0xdd);

// SSTORE(0, SLOAD(0) + 1)
const Bytes kCounterCode = {0x60, 0x01, 0x60, 0x00, 0x54, 0x01, 0x60, 0x00, 0x55, 0x00};

Transaction transaction(const Address& from, std::uint64_t nonce, const Address& to, const u256& value = 0) {
  Transaction made;
  made.sender = from;
  made.nonce = nonce;
  made.to = to;
  made.value = value;
  made.gas_limit = 100'000;
  made.max_fee_per_gas = made.max_priority_fee_per_gas = kPrice;
  return made;
}

/// Blocks, each on a state of its own, with headers that say what they give.
class Blocks {
 public:
  explicit Blocks(const char* network = "Shanghai") : config_(*fixture_network(network)) {}

  InMemoryState& add(std::uint64_t number, std::vector<Transaction> transactions, std::uint64_t base_fee = 7) {
    Part& part = parts_.emplace_back();
    part.block.header.number = number;
    part.block.header.timestamp = 12 * number;
    part.block.header.gas_limit = 1'000'000;
    part.block.header.base_fee_per_gas = base_fee;
    part.block.header.beneficiary = address(static_cast<std::uint8_t>(number));
    part.block.transactions = std::move(transactions);
    part.block.withdrawals.emplace();
    return part.state;
  }

  Result<MergedBlock> merge() {
    std::vector<MergePart> parts;
    for (Part& part : parts_) {
      complete(part);
      parts.push_back({.config = config_, .block = *part.recovered, .state = part.state});
    }
    return merge_blocks(parts);
  }

  Block& block(std::size_t i) { return parts_[i].block; }
  bool lies = false;  // of the first block's gas

 private:
  struct Part {
    Block block;
    InMemoryState state;
    std::optional<RecoveredBlock> recovered;
  };

  void complete(Part& part) {
    ProgramCache programs;
    SequentialExecutor executor(programs);
    const auto output = execute_block(RecoveredBlock::trust(part.block), config_, part.state, executor);
    ASSERT_TRUE(output) << output.error().message();
    Header& header = part.block.header;
    header.gas_used = output->gas_used + (lies ? 1 : 0);
    header.receipts_root = receipts_root(output->receipts);
    header.logs_bloom = output->logs_bloom;
    part.recovered = RecoveredBlock::trust(part.block);
  }

  ChainConfig config_;
  std::deque<Part> parts_;
};

BlockOutput execute(const MergedBlock& merged) {
  ProgramCache programs;
  SequentialExecutor executor(programs);
  auto output = execute_block(merged.block, merged.config, merged.state, executor);
  EXPECT_TRUE(output) << output.error().message();
  return std::move(*output);
}

u256 balance(const InMemoryState& state, const Address& of) {
  const auto account = *state.account(of);
  return account ? account->balance : u256{};
}

// The second block's pre-state has what the first one has made: that is not there yet.
TEST(MergeBlocks, OfBlocksThatFollowEachOtherTheStateIsThatBeforeTheFirst) {
  Blocks blocks;
  InMemoryState& first = blocks.add(1, {transaction(kAlice, 3, kBob, kEther), transaction(kAlice, 4, kCounter)});
  first.put(kAlice, 3, u256(2) * kEther, {}, {});
  first.put(kCounter, 1, 0, kCounterCode, {{0, 5}});
  InMemoryState& second = blocks.add(2, {transaction(kBob, 0, kCarol, 9), transaction(kAlice, 5, kCounter)});
  second.put(kAlice, 5, kEther / u256(2), {}, {});
  second.put(kBob, 0, kEther, {}, {});
  second.put(kCarol, 7, 100, {}, {});
  second.put(kCounter, 1, 0, kCounterCode, {{0, 6}});

  const auto merged = blocks.merge();
  ASSERT_TRUE(merged) << merged.error().message;
  EXPECT_EQ(merged->block.block().transactions.size(), 4u);
  EXPECT_EQ(merged->same_gas, 4u);
  EXPECT_EQ(merged->renumbered + merged->funded + merged->left_out + merged->ended_otherwise, 0u);
  EXPECT_EQ(balance(merged->state, kBob), u256{});
  EXPECT_EQ(balance(merged->state, kCarol), u256(100));
  EXPECT_EQ(balance(merged->state, kAlice), u256(2) * kEther);
  EXPECT_EQ(*merged->state.storage(kCounter, 0), u256(5));
  InMemoryState after = merged->state;
  after.apply(execute(*merged).diff);
  EXPECT_EQ(*after.storage(kCounter, 0), u256(7));
  EXPECT_EQ(balance(after, kCarol), u256(109));
}

TEST(MergeBlocks, OfBlocksFarApartTheFirstToReadALocationCounts) {
  Blocks blocks;
  blocks.add(1, {transaction(kAlice, 0, kCounter)}).put(kAlice, 0, kEther, {}, {});
  InMemoryState& first = blocks.add(2, {transaction(kBob, 0, kCounter)});
  first.put(kBob, 0, kEther, {}, {});
  first.put(kCounter, 1, 0, kCounterCode, {{0, 1'000}});
  const auto merged = blocks.merge();
  ASSERT_TRUE(merged) << merged.error().message;
  // The first block has seen that there is no contract: there is none in the merged one.
  EXPECT_FALSE(merged->state.accounts().contains(kCounter));
  EXPECT_EQ(balance(merged->state, kBob), kEther);
}

TEST(MergeBlocks, TransactionsAreRenumberedAndFunded) {
  Blocks blocks;
  const u256 cost = u256(100'000 * kPrice);
  blocks.add(1, {transaction(kAlice, 3, kBob)}).put(kAlice, 3, cost, {}, {});
  // Meanwhile Alice has got rich and has sent forty transactions.
  blocks.add(9, {transaction(kAlice, 43, kBob, kEther)}).put(kAlice, 43, u256(2) * kEther, {}, {});
  const auto merged = blocks.merge();
  ASSERT_TRUE(merged) << merged.error().message;
  EXPECT_EQ(merged->renumbered, 1u);
  EXPECT_EQ(merged->funded, 1u);
  ASSERT_EQ(merged->block.block().transactions.size(), 2u);
  EXPECT_EQ(merged->block.block().transactions[1].nonce, 4u);
  // Just enough: what the first has cost, and what the second may.
  EXPECT_EQ(balance(merged->state, kAlice), u256(kTransferGas * kPrice) + cost + kEther);
  EXPECT_EQ(execute(*merged).receipts.size(), 2u);
}

TEST(MergeBlocks, HaveTheLastBlocksHeaderAndTheLowestBaseFee) {
  Blocks blocks;
  blocks.add(1, {transaction(kAlice, 0, kBob)}, 2).put(kAlice, 0, kEther, {}, {});
  blocks.add(2, {transaction(kBob, 0, kAlice)}, 9).put(kBob, 0, kEther, {}, {});
  blocks.block(0).withdrawals = {{.index = 1, .validator_index = 5, .address = kCarol, .amount_gwei = 1}};
  blocks.block(1).withdrawals = {{.index = 2, .validator_index = 6, .address = kCarol, .amount_gwei = 1}};
  const auto merged = blocks.merge();
  ASSERT_TRUE(merged) << merged.error().message;
  const Header& header = merged->block.header();
  EXPECT_EQ(header.number, 2u);
  EXPECT_EQ(header.timestamp, 24u);
  EXPECT_EQ(header.beneficiary, address(2));
  EXPECT_EQ(*header.base_fee_per_gas, u256(2));
  EXPECT_EQ(header.gas_limit, 2'000'000u);
  EXPECT_EQ(header.gas_used, 2 * kTransferGas);
  InMemoryState after = merged->state;
  after.apply(execute(*merged).diff);
  EXPECT_EQ(balance(after, kCarol), u256(2'000'000'000));
  EXPECT_EQ(balance(after, address(2)), u256(2 * kTransferGas * (kPrice - 2)));
}

TEST(MergeBlocks, ABlockThatIsNotWhatItsHeaderSaysIsRefused) {
  Blocks blocks;
  blocks.lies = true;
  blocks.add(1, {transaction(kAlice, 0, kBob)}).put(kAlice, 0, kEther, {}, {});
  const auto merged = blocks.merge();
  ASSERT_FALSE(merged);
  EXPECT_TRUE(merged.error().message.starts_with("block 1: gasUsed ")) << merged.error().message;
}

}  // namespace
}  // namespace hocket
