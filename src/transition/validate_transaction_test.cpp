#include "transition/validate_transaction.hpp"

#include <functional>
#include <gtest/gtest.h>
#include <ostream>

namespace hocket {
namespace {

using enum Revision;

constexpr Address kRecipient{{0xaa}};
constexpr std::uint64_t kMaxU64 = ~std::uint64_t{0};

BlockEnvironment block_of(Revision fork) {
  BlockEnvironment block;
  block.spec = &spec_of(fork);
  block.context.gas_limit = 36'000'000;
  block.context.base_fee = block.spec->fee_market ? u256{100} : u256{};
  block.context.blob_base_fee = 10;
  block.max_blob_gas = block.spec->blob_transactions ? 9 * 131'072 : 0;
  return block;
}

/// A valid transfer of each type.
Transaction transfer(TransactionType type = TransactionType::legacy) {
  Transaction transaction;
  transaction.type = type;
  if (type != TransactionType::legacy) transaction.chain_id = 1;
  transaction.gas_limit = 100'000;
  transaction.max_fee_per_gas = 200;
  transaction.max_priority_fee_per_gas =
      type == TransactionType::legacy || type == TransactionType::access_list ? u256{200} : u256{50};
  transaction.to = kRecipient;
  if (type == TransactionType::blob) {
    transaction.max_fee_per_blob_gas = 10;
    transaction.blob_versioned_hashes.resize(1);
    transaction.blob_versioned_hashes[0].bytes[0] = 1;
  }
  if (type == TransactionType::set_code) transaction.authorization_list.resize(1);
  return transaction;
}

std::optional<TransactionError> error_of(const Transaction& transaction, const BlockEnvironment& block,
                                         const BlockUsage& usage = {}) {
  const auto result = validate_transaction(transaction, block, usage);
  return result ? std::nullopt : std::optional(result.error());
}

// --- intrinsic gas ---------------------------------------------------------------------------------------------------

struct GasCase {
  const char* name;
  Revision fork;
  bool creates;
  std::size_t zero_bytes, nonzero_bytes;
  std::vector<std::size_t> access_list;  // storage keys of each entry
  std::size_t authorizations;
  std::uint64_t cost, floor;
};

void PrintTo(const GasCase& test, std::ostream* out) { *out << test.name; }

class IntrinsicGasTest : public ::testing::TestWithParam<GasCase> {};

TEST_P(IntrinsicGasTest, Table) {
  const GasCase& test = GetParam();
  Transaction transaction;
  if (!test.creates) transaction.to = kRecipient;
  transaction.data.assign(test.zero_bytes, 0);
  transaction.data.insert(transaction.data.end(), test.nonzero_bytes, 0x5b);
  for (const std::size_t keys : test.access_list) transaction.access_list.push_back({kRecipient, {keys, Hash32{}}});
  transaction.authorization_list.resize(test.authorizations);
  const IntrinsicGas gas = intrinsic_gas(transaction, spec_of(test.fork));
  EXPECT_EQ(gas.cost, test.cost);
  EXPECT_EQ(gas.floor, test.floor);
}

INSTANTIATE_TEST_SUITE_P(
    Forks, IntrinsicGasTest,
    ::testing::Values(
        GasCase{"a transfer", frontier, false, 0, 0, {}, 0, 21000, 0},
        GasCase{"a creation in Frontier", frontier, true, 0, 0, {}, 0, 21000, 0},
        GasCase{"a creation from Homestead on", homestead, true, 0, 0, {}, 0, 53000, 0},
        GasCase{"data before Istanbul", byzantium, false, 3, 2, {}, 0, 21000 + 3 * 4 + 2 * 68, 0},
        GasCase{"data from Istanbul on", istanbul, false, 3, 2, {}, 0, 21000 + 3 * 4 + 2 * 16, 0},
        GasCase{"an access list", berlin, false, 0, 0, {0, 3}, 0, 21000 + 2 * 2400 + 3 * 1900, 0},
        GasCase{"init code before Shanghai", paris, true, 33, 0, {}, 0, 53000 + 33 * 4, 0},
        GasCase{"init code from Shanghai on", shanghai, true, 33, 0, {}, 0, 53000 + 33 * 4 + 2 * 2, 0},
        GasCase{"whole words of init code", shanghai, true, 64, 0, {}, 0, 53000 + 64 * 4 + 2 * 2, 0},
        GasCase{"authorizations", prague, false, 0, 0, {}, 2, 21000 + 2 * 25000, 21000},
        GasCase{
            "the calldata floor", prague, false, 10, 20, {}, 0, 21000 + 10 * 4 + 20 * 16, 21000 + (10 + 4 * 20) * 10}));

// --- rules -----------------------------------------------------------------------------------------------------------

struct RuleCase {
  const char* name;
  Revision fork;
  TransactionType type;
  std::function<void(Transaction&)> change;
  std::optional<TransactionError> error;
};

void PrintTo(const RuleCase& test, std::ostream* out) { *out << test.name; }

class TransactionRuleTest : public ::testing::TestWithParam<RuleCase> {};

TEST_P(TransactionRuleTest, Table) {
  const RuleCase& test = GetParam();
  Transaction transaction = transfer(test.type);
  test.change(transaction);
  const auto error = error_of(transaction, block_of(test.fork));
  EXPECT_EQ(error, test.error) << (error ? to_string(*error) : "valid");
}

void unchanged(Transaction&) {}

using enum TransactionType;
using Error = TransactionError;

INSTANTIATE_TEST_SUITE_P(
    Types, TransactionRuleTest,
    ::testing::Values(RuleCase{"legacy", frontier, legacy, unchanged, {}},
                      RuleCase{"type 1 before", istanbul, access_list, unchanged, Error::type_1_tx_pre_fork},
                      RuleCase{"type 1", berlin, access_list, unchanged, {}},
                      RuleCase{"type 2 before", berlin, dynamic_fee, unchanged, Error::type_2_tx_pre_fork},
                      RuleCase{"type 2", london, dynamic_fee, unchanged, {}},
                      RuleCase{"type 3 before", shanghai, blob, unchanged, Error::type_3_tx_pre_fork},
                      RuleCase{"type 3", cancun, blob, unchanged, {}},
                      RuleCase{"type 4 before", cancun, set_code, unchanged, Error::type_4_tx_pre_fork},
                      RuleCase{"type 4", prague, set_code, unchanged, {}}));

INSTANTIATE_TEST_SUITE_P(
    ChainId, TransactionRuleTest,
    ::testing::Values(
        RuleCase{"ours", spurious_dragon, legacy, [](Transaction& x) { x.chain_id = 1; }, {}},
        RuleCase{"none", osaka, legacy, unchanged, {}},
        RuleCase{"before EIP-155", homestead, legacy, [](Transaction& x) { x.chain_id = 1; }, Error::invalid_chainid},
        RuleCase{"another's", osaka, legacy, [](Transaction& x) { x.chain_id = 2; }, Error::invalid_chainid},
        RuleCase{"another's, typed", osaka, dynamic_fee, [](Transaction& x) { x.chain_id = 2; },
                 Error::invalid_chainid}));

INSTANTIATE_TEST_SUITE_P(
    Limits, TransactionRuleTest,
    ::testing::Values(
        RuleCase{"exactly the intrinsic gas", frontier, legacy, [](Transaction& x) { x.gas_limit = 21000; }, {}},
        RuleCase{"one gas short", frontier, legacy, [](Transaction& x) { x.gas_limit = 20999; },
                 Error::intrinsic_gas_too_low},
        RuleCase{"exactly the floor",
                 prague,
                 legacy,
                 [](Transaction& x) {
                   x.data.assign(100, 1);
                   x.gas_limit = 21000 + 100 * 40;
                 },
                 {}},
        RuleCase{"one gas below the floor", prague, legacy,
                 [](Transaction& x) {
                   x.data.assign(100, 1);
                   x.gas_limit = 21000 + 100 * 40 - 1;
                 },
                 Error::intrinsic_gas_below_floor_gas_cost},
        RuleCase{"the highest nonce", frontier, legacy, [](Transaction& x) { x.nonce = kMaxU64 - 1; }, {}},
        RuleCase{"one more", frontier, legacy, [](Transaction& x) { x.nonce = kMaxU64; }, Error::nonce_is_max},
        RuleCase{"longest init code",
                 shanghai,
                 legacy,
                 [](Transaction& x) {
                   x.to.reset();
                   x.data.assign(49152, 0);
                   x.gas_limit = 1'000'000;
                 },
                 {}},
        RuleCase{"init code one byte longer", shanghai, legacy,
                 [](Transaction& x) {
                   x.to.reset();
                   x.data.assign(49153, 0);
                   x.gas_limit = 1'000'000;
                 },
                 Error::initcode_size_exceeded},
        RuleCase{"long init code before EIP-3860",
                 paris,
                 legacy,
                 [](Transaction& x) {
                   x.to.reset();
                   x.data.assign(49153, 0);
                   x.gas_limit = 1'000'000;
                 },
                 {}},
        RuleCase{"long data of a call",
                 shanghai,
                 legacy,
                 [](Transaction& x) {
                   x.data.assign(49153, 0);
                   x.gas_limit = 1'000'000;
                 },
                 {}},
        RuleCase{"EIP-7825's cap", osaka, legacy, [](Transaction& x) { x.gas_limit = 1 << 24; }, {}},
        RuleCase{"above it", osaka, legacy, [](Transaction& x) { x.gas_limit = (1 << 24) + 1; },
                 Error::gas_limit_exceeds_maximum},
        RuleCase{"above it before Osaka", prague, legacy, [](Transaction& x) { x.gas_limit = (1 << 24) + 1; }, {}},
        RuleCase{"the block's gas", prague, legacy, [](Transaction& x) { x.gas_limit = 36'000'000; }, {}},
        RuleCase{"more than the block's gas", prague, legacy, [](Transaction& x) { x.gas_limit = 36'000'001; },
                 Error::gas_allowance_exceeded}));

INSTANTIATE_TEST_SUITE_P(
    Fees, TransactionRuleTest,
    ::testing::Values(
        RuleCase{"exactly the base fee",
                 london,
                 dynamic_fee,
                 [](Transaction& x) {
                   x.max_fee_per_gas = 100;
                   x.max_priority_fee_per_gas = 100;
                 },
                 {}},
        RuleCase{"below the base fee", london, dynamic_fee,
                 [](Transaction& x) { x.max_fee_per_gas = x.max_priority_fee_per_gas = 99; },
                 Error::insufficient_max_fee_per_gas},
        RuleCase{"gas price below the base fee", london, legacy,
                 [](Transaction& x) { x.max_fee_per_gas = x.max_priority_fee_per_gas = 99; },
                 Error::insufficient_max_fee_per_gas},
        RuleCase{"no base fee before London",
                 berlin,
                 legacy,
                 [](Transaction& x) { x.max_fee_per_gas = x.max_priority_fee_per_gas = 0; },
                 {}},
        RuleCase{"priority above the maximum", london, dynamic_fee,
                 [](Transaction& x) { x.max_priority_fee_per_gas = 201; },
                 Error::priority_greater_than_max_fee_per_gas},
        RuleCase{"exactly the blob base fee", cancun, blob, [](Transaction& x) { x.max_fee_per_blob_gas = 10; }, {}},
        RuleCase{"below the blob base fee", cancun, blob, [](Transaction& x) { x.max_fee_per_blob_gas = 9; },
                 Error::insufficient_max_fee_per_blob_gas}));

INSTANTIATE_TEST_SUITE_P(
    Blobs, TransactionRuleTest,
    ::testing::Values(RuleCase{"none", cancun, blob, [](Transaction& x) { x.blob_versioned_hashes.clear(); },
                               Error::type_3_tx_zero_blobs},
                      RuleCase{"a block full",
                               prague,
                               blob,
                               [](Transaction& x) { x.blob_versioned_hashes.resize(9, x.blob_versioned_hashes[0]); },
                               {}},
                      RuleCase{"more than a block holds", prague, blob,
                               [](Transaction& x) { x.blob_versioned_hashes.resize(10, x.blob_versioned_hashes[0]); },
                               Error::type_3_tx_max_blob_gas_allowance_exceeded},
                      RuleCase{"six from Osaka on",
                               osaka,
                               blob,
                               [](Transaction& x) { x.blob_versioned_hashes.resize(6, x.blob_versioned_hashes[0]); },
                               {}},
                      RuleCase{"not seven", osaka, blob,
                               [](Transaction& x) { x.blob_versioned_hashes.resize(7, x.blob_versioned_hashes[0]); },
                               Error::type_3_tx_blob_count_exceeded},
                      RuleCase{"another version", cancun, blob,
                               [](Transaction& x) { x.blob_versioned_hashes[0].bytes[0] = 2; },
                               Error::type_3_tx_invalid_blob_versioned_hash},
                      RuleCase{"another version behind", cancun, blob,
                               [](Transaction& x) { x.blob_versioned_hashes.push_back(Hash32{}); },
                               Error::type_3_tx_invalid_blob_versioned_hash},
                      RuleCase{"a creation", cancun, blob, [](Transaction& x) { x.to.reset(); },
                               Error::type_3_tx_contract_creation}));

INSTANTIATE_TEST_SUITE_P(
    Authorizations, TransactionRuleTest,
    ::testing::Values(RuleCase{"none", prague, set_code, [](Transaction& x) { x.authorization_list.clear(); },
                               Error::type_4_empty_authorization_list},
                      RuleCase{"a creation", prague, set_code, [](Transaction& x) { x.to.reset(); },
                               Error::type_4_tx_contract_creation}));

TEST(RoomInBlock, CountsWhatIsUsed) {
  const BlockEnvironment block = block_of(cancun);
  Transaction transaction = transfer(blob);
  transaction.gas_limit = 1'000'000;
  const std::uint64_t gas_left = block.context.gas_limit - 1'000'000;
  const std::uint64_t blob_gas_left = block.max_blob_gas - 131'072;
  EXPECT_EQ(error_of(transaction, block, {gas_left, blob_gas_left}), std::nullopt);
  EXPECT_EQ(error_of(transaction, block, {gas_left + 1, 0}), Error::gas_allowance_exceeded);
  EXPECT_EQ(error_of(transaction, block, {0, blob_gas_left + 1}), Error::type_3_tx_max_blob_gas_allowance_exceeded);
  EXPECT_EQ(error_of(transaction, block, {kMaxU64, 0}), Error::gas_allowance_exceeded);
  // The block's gas comes first: official fixtures name it for a transaction that breaks other rules too.
  transaction.gas_limit = 20'999;
  EXPECT_EQ(error_of(transaction, block, {kMaxU64, 0}), Error::gas_allowance_exceeded);
}

TEST(RoomInBlock, NoBlockHas2To63Gas) {
  BlockEnvironment block = block_of(prague);
  block.context.gas_limit = kMaxU64;
  Transaction transaction = transfer();
  transaction.gas_limit = std::uint64_t{1} << 63;
  EXPECT_EQ(error_of(transaction, block), Error::gas_allowance_exceeded);
}

TEST(EffectiveGasPrice, IsBaseFeeAndPriorityUpToTheMaximum) {
  struct Row {
    u256 max_fee, max_priority, base_fee, price;
  };
  const Row rows[] = {{200, 50, 100, 150},
                      {200, 50, 160, 200},
                      {200, 200, 100, 200},  // one price
                      {200, 0, 100, 100},
                      {u256::max(), u256::max(), 1, u256::max()}};
  for (const Row& row : rows) {
    Transaction transaction = transfer(dynamic_fee);
    transaction.max_fee_per_gas = row.max_fee;
    transaction.max_priority_fee_per_gas = row.max_priority;
    EXPECT_EQ(effective_gas_price(transaction, row.base_fee), row.price);
  }
}

}  // namespace
}  // namespace hocket
