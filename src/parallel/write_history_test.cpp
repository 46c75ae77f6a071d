#include "parallel/write_history.hpp"

#include <gtest/gtest.h>

namespace hocket {
namespace {

TransactionKind kind(std::uint64_t target, std::uint32_t selector = 1) {
  return {.target = to_address(u256{target}), .selector = selector};
}
SlotKey slot(std::uint64_t number) { return {.account = to_address(u256{7}), .slot = u256{number}}; }

std::vector<SlotKey> predicted(const WriteHistory& history, const TransactionKind& of) {
  std::vector<SlotKey> slots;
  history.predict(of, slots);
  return slots;
}

TEST(WriteHistory, PredictsWhatAKindHasWritten) {
  WriteHistory history;
  EXPECT_TRUE(predicted(history, kind(1)).empty());
  history.note(kind(1), slot(3));
  history.note(kind(1), slot(4));
  EXPECT_EQ(predicted(history, kind(1)), (std::vector{slot(3), slot(4)}));
  EXPECT_TRUE(predicted(history, kind(1, 2)).empty());
  EXPECT_TRUE(predicted(history, kind(2)).empty());
}

TEST(WriteHistory, ForgetsWhatSeldomComesTrue) {
  WriteHistory history;
  history.note(kind(1), slot(3));
  history.judge(kind(1), slot(3), true);
  for (int i = 0; i < 2; ++i) history.judge(kind(1), slot(3), false);
  EXPECT_FALSE(predicted(history, kind(1)).empty());
  history.judge(kind(1), slot(3), false);
  EXPECT_TRUE(predicted(history, kind(1)).empty());
}

TEST(WriteHistory, IsBounded) {
  WriteHistory history;
  for (std::uint64_t i = 0; i < 100; ++i) history.note(kind(1), slot(i));
  EXPECT_EQ(predicted(history, kind(1)).size(), 4u);
  for (std::uint64_t i = 0; i < 10'000; ++i) history.note(kind(i), slot(1));
  EXPECT_FALSE(predicted(history, kind(9'999)).empty());
}

TEST(TransactionKind, IsTheTargetAndTheFirstFourBytes) {
  Transaction transaction;
  transaction.to = to_address(u256{5});
  EXPECT_EQ(TransactionKind::of(transaction), std::nullopt) << "a plain transfer";
  transaction.data = {0xa9, 0x05, 0x9c, 0xbb, 0x01};
  EXPECT_EQ(TransactionKind::of(transaction), (TransactionKind{*transaction.to, 0xa9059cbb}));
  transaction.data = {0xa9};
  EXPECT_EQ(TransactionKind::of(transaction), (TransactionKind{*transaction.to, 0xa9}));
  transaction.to.reset();
  EXPECT_EQ(TransactionKind::of(transaction), std::nullopt) << "a creation";
}

}  // namespace
}  // namespace hocket
