#include "base/slab_allocator.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <numeric>
#include <thread>
#include <vector>

namespace hocket {
namespace {

using Bytes = std::vector<std::uint8_t, SlabAllocator<std::uint8_t>>;

Bytes bytes(std::size_t size, std::uint8_t first) {
  Bytes made(size);
  std::iota(made.begin(), made.end(), first);
  return made;
}

TEST(SlabAllocatorTest, PiecesOfAllSizesKeepWhatIsInThem) {
  std::vector<Bytes> all;
  for (std::size_t size = 0; size < 3 * Slabs::kLargestPiece; size += 1 + size / 7)
    for (std::uint8_t i = 0; i < 40; ++i) all.push_back(bytes(size, i));
  std::size_t at = 0;
  for (std::size_t size = 0; size < 3 * Slabs::kLargestPiece; size += 1 + size / 7)
    for (std::uint8_t i = 0; i < 40; ++i) ASSERT_EQ(all[at++], bytes(size, i)) << size;
}

TEST(SlabAllocatorTest, PiecesAreAligned) {
  std::vector<void*> pieces;
  for (const std::size_t size : {1u, 3u, 16u, 17u, 31u, 100u}) {
    pieces.push_back(Slabs::allocate(size));
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(pieces.back()) % 16, 0u);
  }
  for (void* piece : pieces) Slabs::deallocate(piece);
}

/// A piece of no bytes is one too: also the first of a thread, and where a slab ends.
TEST(SlabAllocatorTest, PiecesOfNothing) {
  std::thread([] {
    SlabAllocator<std::uint64_t> allocator;
    std::vector<std::uint64_t*> pieces;
    const auto count_of = [](std::size_t i) -> std::size_t { return i % 2; };
    for (std::size_t i = 0; i < 20'000; ++i) {
      pieces.push_back(allocator.allocate(count_of(i)));
      ASSERT_NE(pieces.back(), nullptr);
    }
    for (std::size_t i = 0; i < pieces.size(); ++i) allocator.deallocate(pieces[i], count_of(i));
  }).join();
}

TEST(SlabAllocatorTest, WhatLivesLongIsNotTouchedByWhatComesLater) {
  const Bytes kept = bytes(100, 7);
  for (int i = 0; i < 10'000; ++i) ASSERT_EQ(bytes(100, 200).back(), static_cast<std::uint8_t>(200 + 99));
  EXPECT_EQ(kept, bytes(100, 7));
}

/// Each thread makes many and destroys those of the one before it, most of them after that thread has ended.
TEST(SlabAllocatorTest, OneThreadDestroysWhatAnotherHasMade) {
  std::vector<Bytes> made;
  for (std::uint8_t round = 0; round < 8; ++round) {
    std::vector<Bytes> before = std::move(made);
    made.clear();
    std::thread([&] {
      for (std::size_t i = 0; i < 5'000; ++i) {
        made.push_back(bytes(1 + i % 300, round));
        if (i < before.size() && i % 3 == 0) before[i] = Bytes();
      }
    }).join();
    for (std::size_t i = 0; i < before.size(); ++i) {
      if (!before[i].empty()) {
        ASSERT_EQ(before[i], bytes(1 + i % 300, static_cast<std::uint8_t>(round - 1))) << i;
      }
    }
  }
}

TEST(SlabAllocatorTest, ThreadsAtTheSameTime) {
  std::vector<std::thread> threads;
  for (std::uint8_t id = 0; id < 4; ++id)
    threads.emplace_back([id] {
      std::vector<Bytes> all;
      for (std::size_t i = 0; i < 20'000; ++i) {
        all.push_back(bytes(1 + i % 200, id));
        if (i % 2 == 0) std::swap(all[i / 2], all.back()), all.pop_back(), all.push_back(bytes(1 + i % 200, id));
      }
      EXPECT_TRUE(std::ranges::all_of(all, [&](const Bytes& each) { return each.front() == id; }));
    });
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace hocket
