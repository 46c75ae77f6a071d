#include "parallel/block_shape.hpp"

#include <gtest/gtest.h>

namespace hocket {
namespace {

Transaction transfer() {
  Transaction transaction;
  transaction.to = to_address(u256{1});
  transaction.gas_limit = 21'000;
  return transaction;
}

Transaction call(std::uint64_t sender, std::uint64_t target) {
  Transaction transaction;
  transaction.sender = to_address(u256{sender});
  transaction.to = to_address(u256{target});
  transaction.data = {1, 2, 3, 4};
  transaction.gas_limit = 100'000;
  return transaction;
}

TEST(BlockShape, NeighbouringTransfersGoTogether) {
  const std::vector<Transaction> transactions = {transfer(), transfer(), transfer(), call(1, 2),
                                                 transfer(), transfer(), call(1, 2)};
  std::vector<TxnIndex> ends;
  make_batches(transactions, 2, ends);
  EXPECT_EQ(ends, (std::vector<TxnIndex>{2, 2, 3, 4, 6, 6, 7}));
  make_batches(transactions, 1, ends);
  EXPECT_EQ(ends, (std::vector<TxnIndex>{1, 2, 3, 4, 5, 6, 7}));
}

TEST(BlockShape, APredecessorHasTheSameSenderAndTarget) {
  const std::vector<Transaction> transactions = {call(1, 2), call(2, 2), call(1, 2),
                                                 transfer(), call(1, 3), call(1, 2)};
  Predecessors predecessors;
  for (int round = 0; round < 2; ++round) {
    predecessors.find(transactions);
    const std::vector<TxnIndex> expected = {0, 0, 1, 0, 0, 3};
    for (TxnIndex i = 0; i < transactions.size(); ++i) EXPECT_EQ(predecessors.of(i), expected[i]) << i;
  }
}

TEST(BlockShape, ACallIsExpectedToTakeLongerThanATransfer) {
  const std::vector<Transaction> transfers(10, transfer());
  const std::vector<Transaction> calls(10, call(1, 2));
  EXPECT_LT(10 * expected_time_ns(transfers), expected_time_ns(calls));
  EXPECT_EQ(expected_time_ns({}), 0u);
}

}  // namespace
}  // namespace hocket
