// What a block does besides its transactions: system calls, requests, withdrawals, rewards, the DAO's move.
#include "base/hex.hpp"
#include "core/bloom_builder.hpp"
#include "protocol/chain_config.hpp"
#include "state/in_memory_state.hpp"
#include "transition/balance_changes.hpp"
#include "transition/requests.hpp"

#include <gtest/gtest.h>

namespace hocket {
namespace {

using namespace literals;
using enum Revision;

constexpr u256 kEther = 1'000'000'000'000'000'000;
const Address kDepositContract = "0x00000000219ab540356cbb839cbe05303d7705fa"_address;
const Hash32 kDepositTopic = "0x649bbc62d0e31342afea4e5cd82d4049e7e1ee912fc0889aa790803be39038c5"_hash32;

class SystemWorkTest : public ::testing::Test {
 protected:
  SystemWorkTest() {
    block.spec = &spec_of(prague);
    evm.begin_block(*block.spec, block.context);
  }

  u256 balance(const Address& address) { return journal.account(address)->balance; }

  InMemoryState state;
  BlockEnvironment block;
  ProgramCache programs;
  Evm evm{programs};
  Journal journal{state};
};

TEST_F(SystemWorkTest, ACallWithoutAContractDoesNothing) {
  const auto result = system_call(kBeaconRootsContract, {}, block, evm, journal);
  ASSERT_TRUE(result);
  EXPECT_FALSE(result->has_code);
  EXPECT_TRUE(journal.diff().empty());
}

TEST_F(SystemWorkTest, TheSystemAddressCalls) {
  // Stores CALLER in slot 0 and the input's first word in slot 1.
  state.put(kHistoryStorageContract, 1, 0, "0x33600055600035600155"_hex, {});
  const Hash32 input = to_hash32(u256{77});
  const auto result = system_call(kHistoryStorageContract, input, block, evm, journal);
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->has_code);
  EXPECT_EQ(result->status, Status::success);
  const auto diff = journal.diff();
  ASSERT_EQ(diff.size(), 1u) << "neither the caller nor anyone else changes";
  StateDiff expected;
  expected.add(kHistoryStorageContract).account = **state.account(kHistoryStorageContract);
  expected.add_slot(0, to_u256(kSystemAddress));
  expected.add_slot(1, 77);
  EXPECT_EQ(diff, expected);
}

TEST_F(SystemWorkTest, AFailedCallChangesNothing) {
  state.put(kBeaconRootsContract, 1, 0, "0x600160005560006000fd"_hex, {});
  const auto result = system_call(kBeaconRootsContract, {}, block, evm, journal);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->status, Status::revert);
  EXPECT_TRUE(journal.diff().empty());
}

// --- requests --------------------------------------------------------------------------------------------------------

/// The data of a DepositEvent whose five fields are filled with 1 to 5.
LogData deposit_event() {
  LogData data(576, 0);
  const std::size_t offsets[] = {160, 256, 320, 384, 512};
  const std::size_t sizes[] = {48, 32, 8, 96, 8};
  for (std::size_t i = 0; i < 5; ++i) {
    store_be256(data.data() + 32 * i, offsets[i]);
    store_be256(data.data() + offsets[i], sizes[i]);
    std::fill_n(data.begin() + static_cast<std::ptrdiff_t>(offsets[i] + 32), sizes[i],
                static_cast<std::uint8_t>(i + 1));
  }
  return data;
}

TEST(ParseDepositTest, TakesTheFiveFields) {
  const auto deposit = parse_deposit(deposit_event());
  ASSERT_TRUE(deposit);
  Bytes expected(48, 1);
  expected.insert(expected.end(), 32, 2);
  expected.insert(expected.end(), 8, 3);
  expected.insert(expected.end(), 96, 4);
  expected.insert(expected.end(), 8, 5);
  EXPECT_EQ(*deposit, expected);
}

TEST(ParseDepositTest, RefusesEveryOtherLayout) {
  for (const std::size_t word : {0, 32, 64, 96, 128, 160, 256, 320, 384, 512}) {
    for (const std::size_t byte : {0, 24, 31}) {
      LogData data = deposit_event();
      data[word + byte] ^= 1;
      EXPECT_FALSE(parse_deposit(data)) << word << " " << byte;
    }
  }
  LogData longer = deposit_event();
  longer.push_back(0);
  EXPECT_FALSE(parse_deposit(longer));
  LogData shorter = deposit_event();
  shorter.pop_back();
  EXPECT_FALSE(parse_deposit(shorter));
  EXPECT_FALSE(parse_deposit({}));
}

TEST(DepositRequestsTest, OnlyTheEventOfTheContractCounts) {
  const Address other = "0x1111111111111111111111111111111111111111"_address;
  std::vector<Receipt> receipts(2);
  receipts[0].logs = {{other, {kDepositTopic}, {}},
                      {kDepositContract, {Hash32{}}, {}},
                      {kDepositContract, {}, {}},
                      {kDepositContract, {kDepositTopic}, deposit_event()}};
  receipts[1].logs = {{kDepositContract, {kDepositTopic}, deposit_event()}};
  BloomBuilder().fill(receipts);
  const auto deposits = deposit_requests(receipts, kDepositContract);
  ASSERT_TRUE(deposits);
  EXPECT_EQ(deposits->size(), 2u * 192);
  receipts[1].logs[0].data.pop_back();
  EXPECT_EQ(deposit_requests(receipts, kDepositContract).error(), RequestError::invalid_deposit_event_layout);
}

TEST_F(SystemWorkTest, RequestsAreTypedAndEmptyOnesLeftOut) {
  state.put(kWithdrawalRequestContract, 1, 0, "0x60ab60005360016000f3"_hex, {});  // returns ab
  state.put(kConsolidationRequestContract, 1, 0, "0x00"_hex, {});
  auto requests = collect_requests({}, kDepositContract, block, evm, journal);
  ASSERT_TRUE(requests);
  EXPECT_EQ(*requests, (std::vector<Bytes>{"0x01ab"_hex}));

  std::vector<Receipt> receipts(1);
  receipts[0].logs = {{kDepositContract, {kDepositTopic}, deposit_event()}};
  BloomBuilder().fill(receipts);
  requests = collect_requests(receipts, kDepositContract, block, evm, journal);
  ASSERT_TRUE(requests);
  ASSERT_EQ(requests->size(), 2u);
  EXPECT_EQ((*requests)[0][0], 0);
  EXPECT_EQ((*requests)[0].size(), 193u);
}

TEST_F(SystemWorkTest, RequestContractsMustExistAndSucceed) {
  const auto error = [&] {
    const auto requests = collect_requests({}, kDepositContract, block, evm, journal);
    return requests ? std::nullopt : std::optional(std::get<RequestError>(requests.error()));
  };
  EXPECT_EQ(error(), RequestError::system_contract_empty);
  state.put(kWithdrawalRequestContract, 1, 0, "0x00"_hex, {});
  journal.reset(state);
  EXPECT_EQ(error(), RequestError::system_contract_empty);
  state.put(kConsolidationRequestContract, 1, 0, "0xfe"_hex, {});
  journal.reset(state);
  EXPECT_EQ(error(), RequestError::system_contract_call_failed);
  state.put(kConsolidationRequestContract, 1, 0, "0x00"_hex, {});
  journal.reset(state);
  EXPECT_EQ(error(), std::nullopt);
}

// --- balances --------------------------------------------------------------------------------------------------------

TEST_F(SystemWorkTest, WithdrawalsAreInGwei) {
  const Address a = "0x00000000000000000000000000000000000000aa"_address;
  const Address b = "0x00000000000000000000000000000000000000bb"_address;
  state.put(b, 0, 0, {}, {});
  ASSERT_TRUE(
      apply_withdrawals({{{0, 0, a, 3}, {1, 0, a, ~std::uint64_t{0}}, {2, 0, b, 0}}}, spec_of(shanghai), journal));
  EXPECT_EQ(balance(a), (u256{3} + u256{~std::uint64_t{0}}) * u256{1'000'000'000});
  EXPECT_FALSE(journal.account(b)->exists) << "EIP-161";
}

TEST_F(SystemWorkTest, RewardsOfTheForks) {
  const Address miner = "0x00000000000000000000000000000000000000aa"_address;
  const Address uncle = "0x00000000000000000000000000000000000000bb"_address;
  struct Row {
    Revision fork;
    std::uint64_t age;
    u256 miner, uncle;
  };
  const u256 e = kEther;
  const Row rows[] = {
      {frontier, 1, e * u256{5} + e * u256{5} / u256{32}, e * u256{5} * u256{7} / u256{8}},
      {frontier, 6, e * u256{5} + e * u256{5} / u256{32}, e * u256{5} * u256{2} / u256{8}},
      {byzantium, 2, e * u256{3} + e * u256{3} / u256{32}, e * u256{3} * u256{6} / u256{8}},
      {london, 1, e * u256{2} + e * u256{2} / u256{32}, e * u256{2} * u256{7} / u256{8}},
      {paris, 1, {}, {}},
  };
  for (const Row& row : rows) {
    journal.reset(state);
    Header header;
    header.number = 100;
    header.beneficiary = miner;
    Header ommer;
    ommer.number = 100 - row.age;
    ommer.beneficiary = uncle;
    ASSERT_TRUE(apply_rewards(header, {&ommer, 1}, spec_of(row.fork), journal));
    EXPECT_EQ(balance(miner), row.miner) << to_string(row.fork);
    EXPECT_EQ(balance(uncle), row.uncle) << to_string(row.fork);
  }
}

TEST_F(SystemWorkTest, TheDaoForkMovesEveryDrainedBalance) {
  const auto drained = dao_drained_accounts();
  state.put(drained.front(), 0, 3, {}, {});
  state.put(drained.back(), 0, 4, {}, {});
  state.put(kDaoRefundContract, 0, 1, {}, {});
  ASSERT_TRUE(apply_dao_fork(journal));
  EXPECT_EQ(balance(kDaoRefundContract), u256{8});
  for (const Address& address : drained) EXPECT_EQ(balance(address), u256{});
}

}  // namespace
}  // namespace hocket
