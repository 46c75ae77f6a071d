#include "block/fees.hpp"

#include <gtest/gtest.h>

namespace hocket {
namespace {

constexpr BlobParameters kCancun{.target = 3, .max = 6, .base_fee_update_fraction = 3'338'477};
constexpr BlobParameters kPrague{.target = 6, .max = 9, .base_fee_update_fraction = 5'007'716};
constexpr std::uint64_t kBlob = kGasPerBlob;

Header parent_with(std::uint64_t gas_limit, std::uint64_t gas_used, const u256& base_fee) {
  Header parent;
  parent.number = 20'000'000;
  parent.timestamp = 1'750'000'000;
  parent.gas_limit = gas_limit;
  parent.gas_used = gas_used;
  parent.base_fee_per_gas = base_fee;
  return parent;
}

TEST(NextBaseFeeTest, FollowsTheParentsGas) {
  const ChainConfig& mainnet = *named_network("mainnet");
  struct Row {
    std::uint64_t gas_limit, gas_used;
    u256 base_fee, next;
  };
  const Row rows[] = {
      {20'000'000, 10'000'000, 1'000'000'000, 1'000'000'000},  // on target
      {20'000'000, 9'000'000, 1'000'000'000, 987'500'000},
      {20'000'000, 11'000'000, 1'000'000'000, 1'012'500'000},
      {20'000'000, 20'000'000, 1'000'000'000, 1'125'000'000},  // an eighth up
      {20'000'000, 0, 1'000'000'000, 875'000'000},             // an eighth down
      {20'000'000, 10'000'001, 1, 2},                          // at least one up
      {20'000'000, 0, 7, 7},                                   // but not down
      {20'000'000, 0, 8, 7},
      {20'000'001, 10'000'000, 1'000'000'000, 1'000'000'000},  // the target is rounded down
      {20'000'000, 20'000'000, u256{1} << 200, (u256{1} << 200) + (u256{1} << 197)},
  };
  for (const Row& row : rows)
    EXPECT_EQ(next_base_fee(parent_with(row.gas_limit, row.gas_used, row.base_fee), mainnet), row.next)
        << row.gas_limit << " " << row.gas_used;
}

TEST(NextBaseFeeTest, StartsAtOneGwei) {
  Header parent = parent_with(15'000'000, 15'000'000, {});
  parent.base_fee_per_gas.reset();
  parent.number = 12'964'999;
  parent.difficulty = 1;
  EXPECT_EQ(next_base_fee(parent, *named_network("mainnet")), u256{1'000'000'000});
}

/// The series summed with exact integers, for values that fit.
TEST(FakeExponentialTest, KnownValues) {
  struct Row {
    std::uint64_t factor, numerator, denominator, value;
  };
  // EIP-4844's algorithm on small numbers, worked out by hand and with arbitrary precision.
  const Row rows[] = {
      {1, 0, 1, 1},       {38493, 0, 1000, 38493},
      {0, 1234, 2345, 0}, {1, 2, 1, 6},   // e^2 = 7.39
      {1, 4, 2, 6},       {1, 3, 1, 16},  // e^3 = 20.09
      {1, 6, 2, 18},      {1, 4, 1, 49},  // e^4 = 54.6
      {1, 8, 2, 50},      {10, 8, 2, 542},
      {11, 8, 2, 596},    {1, 5, 1, 136},  // e^5 = 148.4
      {1, 5, 2, 11},                       // e^2.5 = 12.18
      {2, 5, 2, 23},      {1, 50'000'000, 2'225'652, 5'709'098'764},
  };
  for (const Row& row : rows)
    EXPECT_EQ(fake_exponential(row.factor, row.numerator, row.denominator), u256{row.value})
        << row.factor << " " << row.numerator << " " << row.denominator;
}

TEST(FakeExponentialTest, SaturatesInsteadOfWrapping) {
  EXPECT_EQ(fake_exponential(1, ~std::uint64_t{0}, 1), u256::max());
  EXPECT_EQ(fake_exponential(1, ~std::uint64_t{0}, kCancun.base_fee_update_fraction), u256::max());
  EXPECT_NE(fake_exponential(1, 150, 1), u256::max());
  EXPECT_EQ(fake_exponential(1, 1000, 1), u256::max());
}

TEST(BlobBaseFeeTest, GrowsByAnEighthAFullBlock) {
  EXPECT_EQ(blob_base_fee(0, kCancun), u256{1});
  EXPECT_EQ(blob_base_fee(2'314'057, kCancun), u256{1});
  EXPECT_EQ(blob_base_fee(2'314'058, kCancun), u256{2});
  EXPECT_EQ(blob_base_fee(10 * 1024 * 1024, kCancun), u256{23});
  // 1 wei at Prague's fraction lasts longer.
  EXPECT_EQ(blob_base_fee(2'314'058, kPrague), u256{1});
}

TEST(NextExcessBlobGasTest, Table) {
  struct Row {
    Revision fork;
    BlobParameters blobs;
    std::uint64_t excess, used;
    u256 base_fee;
    std::uint64_t next;
  };
  const Row rows[] = {
      {Revision::cancun, kCancun, 0, 0, 1, 0},
      {Revision::cancun, kCancun, 0, 3 * kBlob, 1, 0},
      {Revision::cancun, kCancun, 0, 4 * kBlob, 1, kBlob},
      {Revision::cancun, kCancun, kBlob, kBlob, 1, 0},
      {Revision::cancun, kCancun, 10 * kBlob, 6 * kBlob, 1, 13 * kBlob},
      {Revision::prague, kPrague, 0, 6 * kBlob, 1, 0},
      {Revision::prague, kPrague, 0, 9 * kBlob, 1, 3 * kBlob},
      // EIP-7918: 8192 * base fee against 131072 * blob base fee. At a blob base fee of 1 the threshold is 16.
      {Revision::osaka, kPrague, 0, 9 * kBlob, 16, 3 * kBlob},
      {Revision::osaka, kPrague, 0, 9 * kBlob, 17, 9 * kBlob * 3 / 9},
      {Revision::osaka, kPrague, 5 * kBlob, 6 * kBlob, 16, 5 * kBlob},
      {Revision::osaka, kPrague, 5 * kBlob, 6 * kBlob, 17, 7 * kBlob},
      {Revision::osaka, kPrague, 5 * kBlob, kBlob, 17, 5 * kBlob + kBlob / 3},
      {Revision::osaka, kPrague, 0, 5 * kBlob, 1'000'000, 0},  // below the target it stays gone
  };
  for (const Row& row : rows) {
    Header parent = parent_with(30'000'000, 0, row.base_fee);
    parent.excess_blob_gas = row.excess;
    parent.blob_gas_used = row.used;
    EXPECT_EQ(next_excess_blob_gas(parent, spec_of(row.fork), row.blobs), row.next)
        << to_string(row.fork) << " " << row.excess << " " << row.used;
  }
}

TEST(NextExcessBlobGasTest, IsZeroAfterAParentWithoutBlobs) {
  EXPECT_EQ(next_excess_blob_gas(parent_with(30'000'000, 0, 1), spec_of(Revision::cancun), kCancun), 0u);
}

}  // namespace
}  // namespace hocket
