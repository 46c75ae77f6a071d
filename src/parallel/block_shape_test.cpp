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
  std::vector<TxnIndex> firsts;
  make_units(transactions, 2, firsts);
  EXPECT_EQ(firsts, (std::vector<TxnIndex>{0, 2, 3, 4, 6}));
  make_units(transactions, 1, firsts);
  EXPECT_EQ(firsts, (std::vector<TxnIndex>{0, 1, 2, 3, 4, 5, 6}));
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
  EXPECT_LT(10 * expected_time_ns(transfer()), expected_time_ns(call(1, 2)));
}

}  // namespace
}  // namespace hocket
