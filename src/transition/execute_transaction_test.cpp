#include "transition/execute_transaction.hpp"

#include "base/hex.hpp"
#include "core/codec.hpp"
#include "crypto/secp256k1.hpp"
#include "state/forwarding_view.hpp"
#include "state/in_memory_state.hpp"

#include <gtest/gtest.h>

namespace hocket {
namespace {

using namespace literals;
using enum Revision;

const Address kSender = "0x00000000000000000000000000000000000000a1"_address;
const Address kContract = "0x00000000000000000000000000000000000000c1"_address;
const Address kRecipient = "0x00000000000000000000000000000000000000b1"_address;
const Address kBeneficiary = "0x00000000000000000000000000000000000000f1"_address;
constexpr u256 kEther = 1'000'000'000'000'000'000;

/// A state in which one location cannot be read.
class FaultyState final : public ForwardingView {
 public:
  FaultyState(const StateView& state, const Address& unreadable) : ForwardingView(state), unreadable_(unreadable) {}
  StateRead<std::optional<Account>> account(const Address& address) const override {
    if (address == unreadable_) return std::unexpected(StateFault::missing_node);
    return ForwardingView::account(address);
  }

 private:
  Address unreadable_;
};

class ExecuteTransactionTest : public ::testing::Test {
 protected:
  ExecuteTransactionTest() { use(osaka); }

  void use(Revision fork) {
    block.spec = &spec_of(fork);
    block.context.gas_limit = 36'000'000;
    block.context.beneficiary = kBeneficiary;
    block.context.base_fee = block.spec->fee_market ? u256{7} : u256{};
    block.context.blob_base_fee = 3;
    block.max_blob_gas = 9 * 131'072;
    transaction.gas_limit = 100'000;
    transaction.max_fee_per_gas = 10;
    transaction.max_priority_fee_per_gas = 10;
    transaction.to = kRecipient;
    transaction.sender = kSender;
    state.put(kSender, 0, kEther, {}, {});
  }

  std::expected<TransactionOutcome, TransactionFailure> execute(const StateView& view) {
    journal.emplace(view);
    evm.begin_block(*block.spec, block.context);
    return execute_transaction(transaction, block, evm, *journal);
  }
  std::expected<TransactionOutcome, TransactionFailure> execute() { return execute(state); }

  /// The account afterwards.
  std::optional<Account> after(const Address& address) {
    const AccountEntry* entry = journal->account(address);
    if (!entry->exists) return std::nullopt;
    return Account{.nonce = entry->nonce, .balance = entry->balance, .code_hash = entry->code_hash};
  }

  void expect_error(TransactionError error) {
    const auto outcome = execute();
    ASSERT_FALSE(outcome);
    ASSERT_TRUE(std::holds_alternative<TransactionError>(outcome.error()));
    EXPECT_EQ(to_string(std::get<TransactionError>(outcome.error())), to_string(error));
    EXPECT_TRUE(journal->diff().empty());
  }

  InMemoryState state;
  BlockEnvironment block;
  Transaction transaction;
  ProgramCache programs;
  Evm evm{programs};
  std::optional<Journal> journal;
};

TEST_F(ExecuteTransactionTest, TransferMovesValueAndFees) {
  transaction.value = 1000;
  const auto outcome = execute();
  ASSERT_TRUE(outcome);
  EXPECT_TRUE(outcome->success());
  EXPECT_EQ(outcome->gas_used, 21000u);
  EXPECT_EQ(after(kSender)->balance, kEther - u256{1000} - u256{21000 * 10});
  EXPECT_EQ(after(kSender)->nonce, 1u);
  EXPECT_EQ(after(kRecipient)->balance, u256{1000});
  EXPECT_EQ(after(kBeneficiary)->balance, u256{21000 * 3});  // the base fee of 7 is burnt
}

TEST_F(ExecuteTransactionTest, BeforeLondonTheBeneficiaryGetsTheWholePrice) {
  use(berlin);
  block.context.base_fee = 5;  // no rule of Berlin knows it
  ASSERT_TRUE(execute());
  EXPECT_EQ(after(kBeneficiary)->balance, u256{21000 * 10});
}

TEST_F(ExecuteTransactionTest, AFeeOfNothingMakesABeneficiaryOnlyBeforeSpuriousDragon) {
  transaction.max_fee_per_gas = transaction.max_priority_fee_per_gas = 0;
  use(homestead);
  transaction.max_fee_per_gas = transaction.max_priority_fee_per_gas = 0;
  ASSERT_TRUE(execute());
  EXPECT_TRUE(after(kBeneficiary));
  EXPECT_TRUE(after(kRecipient)) << "a touch made it";

  use(spurious_dragon);
  transaction.max_fee_per_gas = transaction.max_priority_fee_per_gas = 0;
  ASSERT_TRUE(execute());
  EXPECT_FALSE(after(kBeneficiary));
  EXPECT_FALSE(after(kRecipient));
}

TEST_F(ExecuteTransactionTest, AnEmptyBeneficiaryThatIsTouchedGoes) {
  use(spurious_dragon);
  transaction.max_fee_per_gas = transaction.max_priority_fee_per_gas = 0;
  state.put(kBeneficiary, 0, 0, {}, {});
  ASSERT_TRUE(execute());
  EXPECT_FALSE(after(kBeneficiary));
  const StateDiff diff = journal->diff();
  EXPECT_NE(diff.find(kBeneficiary), nullptr);
}

TEST_F(ExecuteTransactionTest, NonceMustBeTheSenders) {
  state.put(kSender, 5, kEther, {}, {});
  transaction.nonce = 4;
  expect_error(TransactionError::nonce_mismatch_too_low);
  transaction.nonce = 6;
  expect_error(TransactionError::nonce_mismatch_too_high);
  transaction.nonce = 5;
  EXPECT_TRUE(execute());
}

TEST_F(ExecuteTransactionTest, BalanceMustCoverTheHighestPrice) {
  transaction.type = TransactionType::dynamic_fee;
  transaction.chain_id = 1;
  transaction.max_priority_fee_per_gas = 1;
  transaction.value = 5;
  const u256 cost{100'000 * 10 + 5};
  state.put(kSender, 0, cost, {}, {});
  ASSERT_TRUE(execute());
  EXPECT_EQ(after(kSender)->balance, cost - u256{5} - u256{21000 * 8});  // but 7 + 1 is paid
  state.put(kSender, 0, cost - u256{1}, {}, {});
  expect_error(TransactionError::insufficient_account_funds);
}

TEST_F(ExecuteTransactionTest, BlobGasIsBoughtAtTheBlobBaseFee) {
  use(cancun);
  transaction.type = TransactionType::blob;
  transaction.chain_id = 1;
  transaction.max_fee_per_blob_gas = 4;
  transaction.blob_versioned_hashes.resize(2);
  for (Hash32& hash : transaction.blob_versioned_hashes) hash.bytes[0] = 1;
  const u256 cost{100'000 * 10 + 2 * 131'072 * 4};
  state.put(kSender, 0, cost, {}, {});
  ASSERT_TRUE(execute());
  EXPECT_EQ(after(kSender)->balance, cost - u256{21000 * 10} - u256{2 * 131'072 * 3});
  state.put(kSender, 0, cost - u256{1}, {}, {});
  expect_error(TransactionError::insufficient_account_funds);
}

TEST_F(ExecuteTransactionTest, ACostBeyond256BitsIsNotCovered) {
  state.put(kSender, 0, u256::max(), {}, {});
  transaction.max_fee_per_gas = transaction.max_priority_fee_per_gas = u256{1} << 250;
  expect_error(TransactionError::insufficient_account_funds);
  transaction.max_fee_per_gas = transaction.max_priority_fee_per_gas = 10;
  transaction.value = u256::max();
  expect_error(TransactionError::insufficient_account_funds);
}

TEST_F(ExecuteTransactionTest, SendersWithCodeAreRefused) {
  state.put(kSender, 0, kEther, "0x00"_hex, {});
  expect_error(TransactionError::sender_not_eoa);
  use(frontier);
  state.put(kSender, 0, kEther, "0x00"_hex, {});
  expect_error(TransactionError::sender_not_eoa);
}

TEST_F(ExecuteTransactionTest, DelegatingSendersAreNot) {
  const Bytes delegation = "0xef010000000000000000000000000000000000000000c1"_hex;
  state.put(kSender, 0, kEther, delegation, {});
  EXPECT_TRUE(execute());
  use(cancun);
  state.put(kSender, 0, kEther, delegation, {});
  expect_error(TransactionError::sender_not_eoa);
}

TEST_F(ExecuteTransactionTest, RefundsHaveACap) {
  // Clears three slots: 3 * 4800 gas to refund, but at most a fifth (before London: half) of what was spent.
  const Bytes clears = "0x600060005560006001556000600255"_hex;
  const std::vector<std::pair<u256, u256>> slots = {{0, 1}, {1, 1}, {2, 1}};
  state.put(kContract, 0, 0, clears, slots);
  transaction.to = kContract;
  const auto outcome = execute();
  ASSERT_TRUE(outcome);
  const std::uint64_t spent = 21000 + 3 * (5000 + 6);
  EXPECT_EQ(outcome->gas_refunded, spent / 5);
  EXPECT_EQ(outcome->gas_used, spent - spent / 5);

  use(istanbul);
  transaction.to = kContract;
  const auto older = execute();
  ASSERT_TRUE(older);
  EXPECT_EQ(older->gas_refunded, spent / 2);
}

TEST_F(ExecuteTransactionTest, RefundsBelowTheCapAreWhole) {
  state.put(kContract, 0, 0, "0x6000600055"_hex, {{0, 1}});
  transaction.to = kContract;
  const auto outcome = execute();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->gas_refunded, 4800u);
  EXPECT_EQ(outcome->gas_used, 21000u + 5006 - 4800);
}

TEST_F(ExecuteTransactionTest, AFailedTransactionPaysAndRaisesTheNonce) {
  state.put(kContract, 0, 0, "0x600060005560fe"_hex, {{0, 1}});
  transaction.to = kContract;
  transaction.value = 9;
  state.put(kContract, 0, 0, "0x6000600055fe"_hex, {{0, 1}});
  const auto outcome = execute();
  ASSERT_TRUE(outcome);
  EXPECT_FALSE(outcome->success());
  EXPECT_EQ(outcome->gas_used, 100'000u);
  EXPECT_EQ(outcome->gas_refunded, 0u);
  EXPECT_EQ(after(kSender)->nonce, 1u);
  EXPECT_EQ(after(kSender)->balance, kEther - u256{100'000 * 10});
  EXPECT_EQ(after(kContract)->balance, u256{});
}

TEST_F(ExecuteTransactionTest, TheFloorIsPaidAfterRefunds) {
  use(prague);
  transaction.data.assign(1000, 1);  // 16000 gas, floor 40000
  const auto outcome = execute();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->gas_used, 21000u + 40000);
  EXPECT_EQ(after(kSender)->balance, kEther - u256{61000 * 10});
}

TEST_F(ExecuteTransactionTest, CreationDeploysAtTheSendersAddress) {
  transaction.to.reset();
  transaction.data = "0x600160005360016000f3"_hex;  // returns one byte: 01
  const auto outcome = execute();
  ASSERT_TRUE(outcome);
  ASSERT_TRUE(outcome->success());
  EXPECT_EQ(outcome->created, create_address(kSender, 0));
  EXPECT_EQ(after(*outcome->created)->nonce, 1u);
  EXPECT_TRUE(after(*outcome->created)->has_code());
}

TEST_F(ExecuteTransactionTest, WhatIsNamedIsWarm) {
  // Asks for the balance of the address in calldata: 100 gas if warm, 2600 if cold.
  state.put(kContract, 0, 0, "0x600035315000"_hex, {});
  transaction.to = kContract;
  const auto gas_for = [&](const Address& address) {
    transaction.data.assign(32, 0);
    std::ranges::copy(address.bytes, transaction.data.begin() + 12);
    const std::uint64_t intrinsic = intrinsic_gas(transaction, *block.spec).cost;
    const auto outcome = execute();
    return outcome ? outcome->gas_used - intrinsic : 0;
  };
  constexpr std::uint64_t kWarm = 3 + 3 + 100 + 2;
  constexpr std::uint64_t kCold = kWarm + 2500;
  use(cancun);
  transaction.to = kContract;
  EXPECT_EQ(gas_for(kSender), kWarm);
  EXPECT_EQ(gas_for(kContract), kWarm);
  EXPECT_EQ(gas_for(kBeneficiary), kWarm) << "EIP-3651";
  EXPECT_EQ(gas_for("0x0000000000000000000000000000000000000001"_address), kWarm);
  EXPECT_EQ(gas_for("0x000000000000000000000000000000000000000a"_address), kWarm);
  EXPECT_EQ(gas_for("0x000000000000000000000000000000000000000b"_address), kCold) << "no precompile yet";
  EXPECT_EQ(gas_for(kRecipient), kCold);
  transaction.type = TransactionType::access_list;
  transaction.chain_id = 1;
  transaction.access_list = {{kRecipient, {}}, {kRecipient, {}}};
  EXPECT_EQ(gas_for(kRecipient), kWarm);
  use(london);
  transaction.to = kContract;
  EXPECT_EQ(gas_for(kBeneficiary), kCold);
}

TEST_F(ExecuteTransactionTest, SlotsOfTheAccessListAreWarm) {
  state.put(kContract, 0, 0, "0x600754600854"_hex, {});  // SLOAD of 7 and of 8
  use(cancun);
  transaction.to = kContract;
  transaction.type = TransactionType::access_list;
  transaction.chain_id = 1;
  transaction.access_list = {{kContract, {to_hash32(7)}}};
  const auto outcome = execute();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->gas_used, 21000u + 2400 + 1900 + 6 + 100 + 2100);
}

TEST_F(ExecuteTransactionTest, WhatAnAccessListNamesIsNotRead) {
  transaction.type = TransactionType::access_list;
  transaction.chain_id = 1;
  transaction.access_list = {{kContract, {to_hash32(7)}}};
  EXPECT_TRUE(execute(FaultyState(state, kContract)));
}

TEST_F(ExecuteTransactionTest, AFaultLeavesNothingBehind) {
  // Calls an account that cannot be read, after changing storage.
  state.put(kContract, 0, 0, "0x600160005560006000600060006000601f5af1"_hex, {});
  transaction.to = kContract;
  const Address unreadable = "0x000000000000000000000000000000000000001f"_address;
  for (const Address& address : {unreadable, kSender, kContract, kBeneficiary}) {
    const FaultyState faulty(state, address);
    const auto outcome = execute(faulty);
    ASSERT_FALSE(outcome) << to_hex(address);
    ASSERT_TRUE(std::holds_alternative<StateFault>(outcome.error()));
    EXPECT_EQ(std::get<StateFault>(outcome.error()), StateFault::missing_node);
    EXPECT_TRUE(journal->diff().empty()) << to_hex(address);
  }
}

TEST_F(ExecuteTransactionTest, OneJournalServesManyTransactions) {
  journal.emplace(state);
  evm.begin_block(*block.spec, block.context);
  for (std::uint64_t nonce = 0; nonce < 10; ++nonce) {
    transaction.nonce = nonce;
    transaction.value = 1;
    ASSERT_TRUE(execute_transaction(transaction, block, evm, *journal));
    // One that fails in between changes nothing.
    transaction.nonce = 99;
    ASSERT_FALSE(execute_transaction(transaction, block, evm, *journal));
  }
  EXPECT_EQ(after(kRecipient)->balance, u256{10});
  EXPECT_EQ(after(kSender)->nonce, 10u);
  EXPECT_EQ(after(kBeneficiary)->balance, u256{10 * 21000 * 3});
}

TEST_F(ExecuteTransactionTest, LogsGoIntoTheReceipt) {
  state.put(kContract, 0, 0, "0x60aa60005260206000a0"_hex, {});
  transaction.to = kContract;
  auto outcome = execute();
  ASSERT_TRUE(outcome);
  ASSERT_EQ(outcome->logs.size(), 1u);
  const std::uint64_t gas_used = outcome->gas_used;
  Receipt receipt;
  fill_receipt(TransactionType::legacy, std::move(*outcome), 1000, receipt);
  EXPECT_TRUE(receipt.success);
  EXPECT_EQ(receipt.gas_used, gas_used);
  EXPECT_EQ(receipt.cumulative_gas_used, 1000 + gas_used);
  ASSERT_EQ(receipt.logs.size(), 1u);
  EXPECT_EQ(receipt.logs[0].address, kContract);
}

// --- EIP-7702 --------------------------------------------------------------------------------------------------------

class SetCodeTest : public ExecuteTransactionTest {
 protected:
  SetCodeTest() {
    use(prague);
    transaction.type = TransactionType::set_code;
    transaction.chain_id = 1;
  }

  static Hash32 secret() { return to_hash32(u256{0x7702}); }
  static Address authority() { return *address_of(secret()); }

  static Authorization authorize(std::uint64_t nonce, const u256& chain_id = 1, const Address& target = kContract) {
    Authorization authorization{.chain_id = chain_id, .address = target, .nonce = nonce, .signature = {}};
    const auto signature = sign(signing_hash(authorization), secret());
    authorization.signature = {signature->y_parity, signature->r, signature->s};
    return authorization;
  }

  /// Executes with one authorization and returns the authority's code.
  Bytes code_after(const Authorization& authorization) {
    transaction.authorization_list = {authorization};
    gas_used = 0;
    const auto outcome = execute();
    EXPECT_TRUE(outcome);
    if (outcome) gas_used = outcome->gas_used;
    return to_bytes(*journal->code(*journal->account(authority())));
  }

  const Bytes delegation = "0xef010000000000000000000000000000000000000000c1"_hex;
  std::uint64_t gas_used = 0;
};

TEST_F(SetCodeTest, SetsADelegation) {
  EXPECT_EQ(code_after(authorize(0)), delegation);
  EXPECT_EQ(after(authority())->nonce, 1u);
  EXPECT_EQ(gas_used, 21000u + 25000);
}

TEST_F(SetCodeTest, RefundsAnExistingAuthority) {
  state.put(authority(), 3, 1, {}, {});
  EXPECT_EQ(code_after(authorize(3)), delegation);
  EXPECT_EQ(gas_used, 46000u - 46000 / 5) << "a fifth is less than 12500";
}

TEST_F(SetCodeTest, AKnownAuthorityIsBelieved) {
  Authorization authorization = authorize(0);
  authorization.signature.r = 0;
  authorization.authority_is_known = true;
  authorization.authority = authority();
  EXPECT_EQ(code_after(authorization), delegation);
  authorization = authorize(0);
  authorization.authority_is_known = true;
  EXPECT_EQ(code_after(authorization), Bytes{});
}

TEST_F(SetCodeTest, ChainIdZeroIsAnyChain) { EXPECT_EQ(code_after(authorize(0, 0)), delegation); }

TEST_F(SetCodeTest, TheZeroAddressClears) {
  state.put(authority(), 1, 0, delegation, {});
  EXPECT_EQ(code_after(authorize(1, 1, Address{})), Bytes{});
  EXPECT_EQ(after(authority())->nonce, 2u);
  EXPECT_FALSE(after(authority())->has_code());
}

TEST_F(SetCodeTest, SkipsWhatDoesNotHold) {
  const u256 order = to_u256("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"_hash32);
  Authorization high_s = authorize(0);
  high_s.signature.s = order - high_s.signature.s;
  high_s.signature.y_parity ^= 1;
  Authorization odd_parity = authorize(0);
  odd_parity.signature.y_parity += 2;
  Authorization no_signature = authorize(0);
  no_signature.signature.r = 0;
  for (const Authorization& authorization :
       {authorize(1), authorize(0, 2), authorize(~std::uint64_t{0}), high_s, odd_parity, no_signature}) {
    EXPECT_EQ(code_after(authorization), Bytes{});
    EXPECT_FALSE(after(authority()));
    EXPECT_EQ(gas_used, 46000u);
  }
}

TEST_F(SetCodeTest, DoesNotReplaceOtherCode) {
  state.put(authority(), 0, 0, "0x00"_hex, {});
  EXPECT_EQ(code_after(authorize(0)), "0x00"_hex);
  EXPECT_EQ(after(authority())->nonce, 0u);
}

TEST_F(SetCodeTest, StaysWhereTheExecutionFails) {
  state.put(kContract, 0, 0, "0xfe"_hex, {});
  transaction.to = kContract;
  EXPECT_EQ(code_after(authorize(0)), delegation);
  EXPECT_EQ(gas_used, 100'000u);
}

TEST_F(SetCodeTest, TheSenderSignsTheNonceAfterItsOwn) {
  transaction.sender = authority();
  state.put(authority(), 0, kEther, {}, {});
  EXPECT_EQ(code_after(authorize(1)), delegation);
  EXPECT_EQ(after(authority())->nonce, 2u);
}

TEST_F(SetCodeTest, TheDelegateRunsInTheSameTransaction) {
  state.put(kContract, 0, 0, "0x6001600055"_hex, {});
  transaction.to = authority();
  transaction.gas_limit = 200'000;
  code_after(authorize(0));
  EXPECT_EQ(journal->slot(*journal->account(authority()), 0)->current, u256{1});
}

}  // namespace
}  // namespace hocket
