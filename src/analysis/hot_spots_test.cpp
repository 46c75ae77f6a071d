// Blocks made by hand: what is shared, what is waited for, and whom the conflicts are about.
#include "analysis/hot_spots.hpp"

#include <gtest/gtest.h>

namespace hocket {
namespace {

Address address(std::uint8_t last) {
  Address made;
  made.bytes[19] = last;
  return made;
}

constexpr std::uint32_t kSlotOfA = 0;
constexpr std::uint32_t kOtherSlotOfA = 1;
constexpr std::uint32_t kCodeOfB = 2;
constexpr std::uint32_t kBalanceOfC = 3;

Access access(std::uint32_t location, bool reads, bool writes, bool adds = false) {
  Access made;
  made.location = location;
  made.reads = reads;
  made.writes = writes;
  made.adds = adds;
  return made;
}

/// 0 writes A's slot, 1 reads it and A's other slot, which 2 overwrites; all three look at B's code. 3 and 4 add to C's
/// balance. 5 does something that nobody else does.
BlockTrace small_block() {
  BlockTrace trace;
  trace.locations = {{LocationKind::slot, address(0xa), 1},
                     {LocationKind::slot, address(0xa), 2},
                     {LocationKind::code, address(0xb), {}},
                     {LocationKind::balance, address(0xc), {}},
                     {LocationKind::slot, address(0xd), 1}};
  const std::vector<std::vector<Access>> accesses = {
      {access(kSlotOfA, true, true), access(kCodeOfB, true, false)},
      {access(kSlotOfA, true, false), access(kOtherSlotOfA, true, false), access(kCodeOfB, true, false)},
      {access(kOtherSlotOfA, true, true), access(kCodeOfB, true, false)},
      {access(kBalanceOfC, false, true, true), access(kCodeOfB, true, false)},
      {access(kBalanceOfC, false, true, true)},
      {access(4, true, true)}};
  std::uint64_t gas = 10;
  for (const auto& of_one : accesses) {
    trace.transactions.push_back({.gas = gas, .steps = 0, .accesses = of_one});
    trace.durations.emplace_back(1000);
    gas *= 10;
  }
  return trace;
}

/// Senders: 1 of the first two, 2 of the next two, others of the rest.
std::vector<Transaction> small_block_transactions() {
  std::vector<Transaction> transactions(6);
  const std::uint8_t senders[] = {1, 1, 2, 2, 3, 4};
  for (std::size_t i = 0; i < transactions.size(); ++i) transactions[i].sender = address(senders[i]);
  return transactions;
}

TEST(KeyOverlap, SharedKeysAreMoreThanDependencies) {
  const KeyOverlap overlap = key_overlap(small_block());
  EXPECT_EQ(overlap.sharing.count, 5u);
  EXPECT_EQ(overlap.sharing.gas, 111'110u);
  // 0 and 1 meet at a slot, 1 and 2 at another, 3 and 4 at a balance.
  EXPECT_EQ(overlap.overlapping.count, 5u);
  // Only 1 needs a value that an earlier one has made: additions to a balance commute, and 2 writes after 1 has read.
  EXPECT_EQ(overlap.dependent.count, 1u);
  EXPECT_EQ(overlap.dependent.gas, 100u);
}

TEST(KeyOverlap, WhatAllOnlyReadIsSharedAndDoesNotOverlap) {
  BlockTrace trace = small_block();
  trace.transactions.resize(2);
  trace.transactions[0].accesses = {access(kCodeOfB, true, false)};
  trace.transactions[1].accesses = {access(kCodeOfB, true, false)};
  const KeyOverlap overlap = key_overlap(trace);
  EXPECT_EQ(overlap.sharing.count, 2u);
  EXPECT_EQ(overlap.overlapping.count, 0u);
  EXPECT_EQ(overlap.dependent.count, 0u);
}

TEST(HotSpots, NameLocationsContractsAndSenders) {
  HotSpots spots;
  spots.add(small_block(), small_block_transactions());
  const auto locations = spots.locations(10);
  ASSERT_EQ(locations.size(), 1u);
  EXPECT_EQ(locations[0].location.address, address(0xa));
  EXPECT_EQ(locations[0].location.slot, u256(1));
  const auto contracts = spots.contracts(10);
  ASSERT_EQ(contracts.size(), 1u);
  EXPECT_EQ(contracts[0].locations, 1u);
  EXPECT_EQ(contracts[0].readers, 1u);
  EXPECT_EQ(contracts[0].writers, 2u);  // 2 changes another slot of it
  EXPECT_EQ(contracts[0].gas, 100u);
  const auto senders = spots.senders(10);
  ASSERT_EQ(senders.size(), 2u);
  EXPECT_EQ(senders[0].address, address(2));
  EXPECT_EQ(senders[0].sent.gas, 11'000u);
  EXPECT_EQ(senders[0].dependent.count, 0u);
  EXPECT_EQ(senders[1].dependent.count, 1u);
}

TEST(HotSpots, OfSeveralBlocksAreSums) {
  HotSpots spots;
  for (int i = 0; i < 3; ++i) spots.add(small_block(), small_block_transactions());
  EXPECT_EQ(spots.locations(1)[0].readers, 3u);
  EXPECT_EQ(spots.locations(1)[0].writers, 3u);
  EXPECT_EQ(spots.contracts(1)[0].locations, 1u);
  EXPECT_EQ(spots.contracts(1)[0].gas, 300u);
  EXPECT_EQ(spots.contracts(1)[0].writers, 6u);
  EXPECT_EQ(spots.senders(1)[0].sent.count, 6u);
  EXPECT_EQ(spots.senders(10).size(), 2u);  // who sends one a block is none of them
}

}  // namespace
}  // namespace hocket
