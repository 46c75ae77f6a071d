// Whole blocks made here, from signed transactions to the comparison with the header.
#include "block/execute_block.hpp"

#include "base/hex.hpp"
#include "block/roots.hpp"
#include "block/state_trie.hpp"
#include "block/verify.hpp"
#include "core/account.hpp"
#include "core/codec.hpp"
#include "crypto/secp256k1.hpp"
#include "state/in_memory_state.hpp"
#include "transition/authorizations.hpp"
#include "transition/secp256k1_order.hpp"
#include "transition/system_call.hpp"

#include <gtest/gtest.h>

namespace hocket {
namespace {

using namespace literals;
using enum BlockError;

const Address kRecipient = "0x00000000000000000000000000000000000000b1"_address;
const Address kBeneficiary = "0x00000000000000000000000000000000000000f1"_address;
constexpr u256 kEther = 1'000'000'000'000'000'000;

Hash32 secret() { return to_hash32(u256{42}); }
Address sender() { return *address_of(secret()); }

void sign_with_secret(Transaction& transaction) {
  const auto signature = sign(signing_hash(transaction), secret());
  transaction.signature = {signature->y_parity, signature->r, signature->s};
}

Transaction transfer(std::uint64_t nonce, TransactionType type = TransactionType::legacy) {
  Transaction transaction;
  transaction.type = type;
  if (type != TransactionType::legacy) transaction.chain_id = 1;
  transaction.nonce = nonce;
  transaction.max_fee_per_gas = transaction.max_priority_fee_per_gas = 10;
  transaction.gas_limit = 30'000;
  transaction.to = kRecipient;
  transaction.value = 1;
  if (type == TransactionType::blob) {
    transaction.max_fee_per_blob_gas = 1;
    transaction.blob_versioned_hashes.resize(3);
    for (Hash32& hash : transaction.blob_versioned_hashes) hash.bytes[0] = 1;
  }
  sign_with_secret(transaction);
  return transaction;
}

class ExecuteBlockTest : public ::testing::Test {
 protected:
  void use(std::string_view network) {
    config = *fixture_network(network);
    state.put(sender(), 0, kEther, {}, {});
    for (const Address& contract : {kWithdrawalRequestContract, kConsolidationRequestContract})
      state.put(contract, 1, 0, "0x00"_hex, {});
    block.header.number = 5;
    block.header.timestamp = 1000;
    block.header.gas_limit = 1'000'000;
    block.header.beneficiary = kBeneficiary;
    const Spec& spec = config.spec_at(5, 1000);
    if (!spec.proof_of_stake) block.header.difficulty = 0x20000;
    if (spec.fee_market) block.header.base_fee_per_gas = 7;
    if (spec.withdrawals) block.withdrawals.emplace();
    if (spec.blob_transactions) block.header.excess_blob_gas = 0;
    if (spec.beacon_roots) block.header.parent_beacon_block_root = to_hash32(u256{0xbeac});
    block.header.parent_hash = to_hash32(u256{0xbaba});
  }

  std::expected<BlockOutput, BlockFailure> execute(const IntermediateRoot& root = {}) {
    auto recovered = recover_senders(block, config.spec_for(block.header), config.chain_id);
    if (!recovered) return std::unexpected(recovered.error());
    return execute_block(*recovered, config, state, executor, root);
  }

  const Account& account(const BlockOutput& output, const Address& address) {
    return *output.diff.find(address)->account;
  }

  ChainConfig config;
  InMemoryState state;
  Block block;
  ProgramCache programs;
  SequentialExecutor executor{programs};
};

TEST_F(ExecuteBlockTest, TransactionsBuildOnEachOther) {
  use("Osaka");
  for (std::uint64_t nonce = 0; nonce < 5; ++nonce) block.transactions.push_back(transfer(nonce));
  const auto output = execute();
  ASSERT_TRUE(output) << output.error().message();
  ASSERT_EQ(output->receipts.size(), 5u);
  EXPECT_EQ(output->receipts[2].cumulative_gas_used, 63000u);
  EXPECT_EQ(output->receipts[2].gas_used, 21000u);
  EXPECT_EQ(output->gas_used, 105000u);
  EXPECT_EQ(account(*output, kRecipient).balance, u256{5});
  EXPECT_EQ(account(*output, sender()).nonce, 5u);
  EXPECT_EQ(account(*output, kBeneficiary).balance, u256{105000 * 3});
  EXPECT_FALSE(output->lacks_intermediate_roots);
}

TEST_F(ExecuteBlockTest, AnInvalidTransactionIsNamedWithItsIndex) {
  use("Osaka");
  block.transactions = {transfer(0), transfer(1), transfer(1)};
  const auto output = execute();
  ASSERT_FALSE(output);
  const InvalidBlock* invalid = output.error().invalid_block();
  ASSERT_NE(invalid, nullptr);
  EXPECT_EQ(invalid->transaction_index, 2u);
  EXPECT_EQ(invalid->exception_name(), "TransactionException.NONCE_MISMATCH_TOO_LOW");
  EXPECT_EQ(invalid->message(),
            "transaction 2: nonce below the sender's: 1, and 0xae3dffee97f92db0201d11cb8877c89738353bce has 2 "
            "(TransactionException.NONCE_MISMATCH_TOO_LOW)");
}

// Found by review: the executor kept it for the next block, when it was gone.
TEST_F(ExecuteBlockTest, ACompanionIsForgottenWhereTheBlockEndsBeforeItsTransactions) {
  struct Unreadable final : StateView {
    StateRead<std::optional<Account>> account(const Address&) const override { return io_error(); }
    StateRead<u256> storage(const Address&, const u256&) const override { return io_error(); }
    StateRead<BytesView> code(const Address&, const Hash32&) const override { return io_error(); }
    StateRead<Hash32> block_hash(std::uint64_t) const override { return io_error(); }
    static std::unexpected<StateFault> io_error() { return std::unexpected(StateFault::io_error); }
  };
  struct Counting final : BlockCompanion {
    int calls = 0;
    void take_receipts(std::size_t, std::span<const Receipt>) override { ++calls; }
    bool work() override {
      ++calls;
      return false;
    }
  };
  use("Osaka");  // begins with a system call
  block.transactions = {transfer(0)};
  Counting companion;
  executor.accompany(&companion);
  ASSERT_TRUE(execute());
  EXPECT_GT(companion.calls, 0);
  companion.calls = 0;
  executor.accompany(&companion);
  const auto recovered = recover_senders(block, config.spec_for(block.header), config.chain_id);
  ASSERT_TRUE(recovered);
  ASSERT_FALSE(execute_block(*recovered, config, Unreadable(), executor));
  ASSERT_TRUE(execute());
  EXPECT_EQ(companion.calls, 0);
}

TEST_F(ExecuteBlockTest, TheBlocksGasIsShared) {
  use("Osaka");
  block.header.gas_limit = 2 * 21000 + 30'000;
  block.transactions = {transfer(0), transfer(1), transfer(2)};
  EXPECT_TRUE(execute());
  --block.header.gas_limit;
  const auto output = execute();
  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().invalid_block()->transaction_error, TransactionError::gas_allowance_exceeded);
  EXPECT_EQ(output.error().invalid_block()->transaction_index, 2u);
}

TEST_F(ExecuteBlockTest, TheBlocksBlobGasIsShared) {
  use("Cancun");
  block.transactions = {transfer(0, TransactionType::blob), transfer(1, TransactionType::blob)};
  const auto output = execute();
  ASSERT_TRUE(output) << output.error().message();
  EXPECT_EQ(output->blob_gas_used, 6 * kGasPerBlob);
  block.transactions.push_back(transfer(2, TransactionType::blob));
  EXPECT_EQ(execute().error().invalid_block()->transaction_error,
            TransactionError::type_3_tx_max_blob_gas_allowance_exceeded);
}

TEST_F(ExecuteBlockTest, SystemContractsHearOfTheParent) {
  use("Prague");
  for (const Address& contract : {kBeaconRootsContract, kHistoryStorageContract})
    state.put(contract, 1, 0, "0x600035600055"_hex, {});
  const auto output = execute();
  ASSERT_TRUE(output) << output.error().message();
  const auto only_slot_of = [&](const Address& address) {
    const AccountDiff* change = output->diff.find(address);
    return change != nullptr && change->storage.size() == 1 ? change->storage[0] : SlotChange{};
  };
  EXPECT_EQ(only_slot_of(kBeaconRootsContract), (SlotChange{0, 0xbeac}));
  EXPECT_EQ(only_slot_of(kHistoryStorageContract), (SlotChange{0, 0xbaba}));
  EXPECT_EQ(output->diff.find(kSystemAddress), nullptr);
}

TEST_F(ExecuteBlockTest, RequestContractsMayNotFail) {
  use("Prague");
  state.put(kConsolidationRequestContract, 1, 0, "0xfe"_hex, {});
  EXPECT_EQ(execute().error().invalid_block()->code, system_contract_call_failed);
  state.put(kConsolidationRequestContract, 1, 0, {}, {});
  EXPECT_EQ(execute().error().invalid_block()->code, system_contract_empty);
}

TEST_F(ExecuteBlockTest, WithdrawalsComeAfterTransactions) {
  use("Shanghai");
  block.withdrawals->push_back({.index = 0, .validator_index = 0, .address = sender(), .amount_gwei = 1});
  state.put(sender(), 0, 0, {}, {});
  block.transactions = {transfer(0)};
  EXPECT_EQ(execute().error().invalid_block()->transaction_error, TransactionError::insufficient_account_funds);
  block.transactions.clear();
  const auto output = execute();
  ASSERT_TRUE(output);
  EXPECT_EQ(account(*output, sender()).balance, u256{1'000'000'000});
}

TEST_F(ExecuteBlockTest, RewardsArePaidBeforeParis) {
  use("Byzantium");
  const auto output = execute();
  ASSERT_TRUE(output);
  EXPECT_EQ(account(*output, kBeneficiary).balance, kEther * u256{3});
}

TEST_F(ExecuteBlockTest, OldReceiptsHoldTheRootAfterTheirTransaction) {
  use("Homestead");
  block.transactions = {transfer(0), transfer(1)};
  const auto without = execute();
  ASSERT_TRUE(without);
  EXPECT_TRUE(without->lacks_intermediate_roots);

  const auto with = execute([&](const StateDiff& since_parent) -> Result<Hash32> {
    InMemoryState after = state;
    after.apply(since_parent);
    return state_root(after);
  });
  ASSERT_TRUE(with);
  EXPECT_FALSE(with->lacks_intermediate_roots);
  ASSERT_TRUE(with->receipts[0].intermediate_state_root);
  EXPECT_NE(with->receipts[0].intermediate_state_root, with->receipts[1].intermediate_state_root);
  InMemoryState after = state;
  after.put(sender(), 1, kEther - u256{21000 * 10 + 1}, {}, {});
  after.put(kRecipient, 0, 1, {}, {});
  after.put(kBeneficiary, 0, u256{21000 * 10}, {}, {});
  EXPECT_EQ(with->receipts[0].intermediate_state_root, state_root(after)) << "before the reward";
}

TEST_F(ExecuteBlockTest, AMissingIntermediateRootIsAFault) {
  use("Homestead");
  block.transactions = {transfer(0)};
  const auto output = execute([](const StateDiff&) -> Result<Hash32> { return fail("node 0x12 is missing"); });
  ASSERT_FALSE(output);
  ASSERT_NE(output.error().unreadable_state(), nullptr);
  EXPECT_EQ(output.error().message(), "node 0x12 is missing");
}

TEST_F(ExecuteBlockTest, TheDaoForkHappensOnce) {
  use("HomesteadToDaoAt5");
  state.put(dao_drained_accounts()[7], 0, 9, {}, {});
  const auto output = execute();
  ASSERT_TRUE(output);
  EXPECT_EQ(account(*output, kDaoRefundContract).balance, u256{9});
  block.header.number = 6;
  const auto later = execute();
  ASSERT_TRUE(later);
  EXPECT_EQ(later->diff.find(kDaoRefundContract), nullptr);
}

TEST_F(ExecuteBlockTest, OneExecutorServesManyBlocks) {
  use("Osaka");
  block.transactions = {transfer(0)};
  const auto first = execute();
  const auto second = execute();
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->diff, second->diff);
  EXPECT_EQ(first->receipts, second->receipts);
}

// --- senders ---------------------------------------------------------------------------------------------------------

TEST(RecoverSenderTest, FindsWhoSigned) {
  for (const auto type : {TransactionType::legacy, TransactionType::access_list, TransactionType::dynamic_fee,
                          TransactionType::blob, TransactionType::set_code})
    EXPECT_EQ(recover_sender(transfer(3, type), spec_of(Revision::osaka), 1), sender());
  Transaction old = transfer(3);
  old.chain_id.reset();
  sign_with_secret(old);
  EXPECT_EQ(recover_sender(old, spec_of(Revision::frontier), 1), sender());
}

TEST(RecoverSenderTest, Rules) {
  const Transaction valid = transfer(0);
  const auto error = [](const Transaction& transaction, Revision fork) {
    const auto result = recover_sender(transaction, spec_of(fork), 1);
    return result ? std::nullopt : std::optional(result.error());
  };
  Transaction changed = valid;
  changed.chain_id = 2;
  EXPECT_EQ(error(changed, Revision::osaka), TransactionError::invalid_chainid);
  changed.chain_id = 1;
  EXPECT_EQ(error(changed, Revision::homestead), TransactionError::invalid_chainid);
  changed = valid;
  changed.signature.s = kSecp256k1Order - changed.signature.s;
  changed.signature.y_parity ^= 1;
  EXPECT_EQ(error(changed, Revision::homestead), TransactionError::invalid_signature_vrs);
  EXPECT_EQ(error(changed, Revision::frontier), std::nullopt) << "EIP-2 came with Homestead";
  for (const u256& r : {u256{}, kSecp256k1Order, u256::max()}) {
    changed = valid;
    changed.signature.r = r;
    EXPECT_EQ(error(changed, Revision::osaka), TransactionError::invalid_signature_vrs);
  }
  changed = valid;
  changed.signature.y_parity = 2;
  EXPECT_EQ(error(changed, Revision::osaka), TransactionError::invalid_signature_vrs);
}

TEST(RecoverSenderTest, FindsTheAuthoritiesToo) {
  Transaction transaction = transfer(0, TransactionType::set_code);
  transaction.authorization_list.resize(2);
  const auto signature = sign(signing_hash(transaction.authorization_list[0]), secret());
  transaction.authorization_list[0].signature = {signature->y_parity, signature->r, signature->s};
  sign_with_secret(transaction);
  ASSERT_TRUE(recover_senders({&transaction, 1}, spec_of(Revision::prague), 1));
  EXPECT_EQ(transaction.authorization_list[0].authority, sender());
  EXPECT_TRUE(transaction.authorization_list[1].authority_is_known);
  EXPECT_EQ(transaction.authorization_list[1].authority, std::nullopt);
}

TEST(RecoverSenderTest, TheFirstBadSignatureIsNamed) {
  std::vector<Transaction> transactions = {transfer(0), transfer(1), transfer(2)};
  transactions[1].signature.r = 0;
  const auto result = recover_senders(transactions, spec_of(Revision::osaka), 1);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().transaction_index, 1u);
}

// More than are recovered together, with authorizations between them.
TEST(RecoverSenderTest, ManyAtOnceAreAsOneByOne) {
  std::vector<Transaction> transactions;
  for (std::uint64_t i = 0; i < 150; ++i) {
    Transaction transaction = transfer(i, i % 5 == 0 ? TransactionType::set_code : TransactionType::dynamic_fee);
    for (std::uint64_t a = 0; transaction.type == TransactionType::set_code && a < i % 7; ++a) {
      Authorization authorization;
      authorization.nonce = a;
      const auto signature = sign(signing_hash(authorization), secret());
      authorization.signature = {signature->y_parity, signature->r, signature->s};
      if (a == 2) authorization.signature.r = 0;
      if (a == 3) authorization.signature.y_parity = 7;
      if (a == 4) authorization.signature.s = kSecp256k1Order - authorization.signature.s;
      transaction.authorization_list.push_back(authorization);
    }
    sign_with_secret(transaction);
    transactions.push_back(transaction);
  }
  const Spec& spec = spec_of(Revision::osaka);
  std::vector<Transaction> expected = transactions;
  for (Transaction& transaction : expected) {
    transaction.sender = recover_sender(transaction, spec, 1).value();
    for (Authorization& authorization : transaction.authorization_list) {
      authorization.authority = recover_authority(authorization);
      authorization.authority_is_known = true;
    }
  }
  ASSERT_TRUE(recover_senders(transactions, spec, 1));
  EXPECT_EQ(transactions, expected);

  // Of several errors the first, whether its signature is refused at sight or has no signer.
  for (const std::size_t first : {0u, 7u, 8u, 63u, 64u, 65u, 149u}) {
    for (const bool at_sight : {false, true}) {
      std::vector<Transaction> broken = expected;
      for (std::size_t i = first; i < broken.size(); i += 3) {
        if (((i - first) % 2 == 0) == at_sight)
          broken[i].signature.y_parity = 2;
        else
          broken[i].signature.r = 0;
      }
      const auto result = recover_senders(broken, spec, 1);
      ASSERT_FALSE(result);
      EXPECT_EQ(result.error().transaction_index, first);
    }
  }
}

TEST(RecoverSenderTest, APoolGivesWhatOneThreadGives) {
  WorkerPool pool(4);
  std::vector<Transaction> signed_ones;
  for (std::uint64_t i = 0; i < 19; ++i) signed_ones.push_back(transfer(i));
  for (const std::size_t count : {0u, 1u, 4u, 5u, 19u}) {
    std::vector<Transaction> one(signed_ones.begin(), signed_ones.begin() + static_cast<std::ptrdiff_t>(count));
    std::vector<Transaction> many = one;
    ASSERT_TRUE(recover_senders(one, spec_of(Revision::osaka), 1));
    ASSERT_TRUE(recover_senders(many, spec_of(Revision::osaka), 1, pool));
    for (std::size_t i = 0; i < count; ++i) EXPECT_EQ(many[i].sender, one[i].sender) << i << " of " << count;
  }
}

TEST(RecoverSenderTest, APoolNamesTheFirstBadSignature) {
  WorkerPool pool(4);
  std::vector<Transaction> signed_ones;
  for (std::uint64_t i = 0; i < 19; ++i) signed_ones.push_back(transfer(i));
  for (std::size_t first = 0; first < signed_ones.size(); ++first) {
    std::vector<Transaction> transactions = signed_ones;
    transactions[first].chain_id = 2;
    for (std::size_t later = first + 1; later < transactions.size(); ++later) transactions[later].signature.r = 0;
    const auto result = recover_senders(transactions, spec_of(Revision::osaka), 1, pool);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().transaction_index, first);
    EXPECT_EQ(result.error().transaction_error, TransactionError::invalid_chainid);
  }
}

// --- verify ----------------------------------------------------------------------------------------------------------

TEST_F(ExecuteBlockTest, ResultsAreComparedWithTheHeader) {
  use("Prague");
  block.transactions = {transfer(0), transfer(1, TransactionType::blob)};
  state.put(kWithdrawalRequestContract, 1, 0, "0x60ab60005360016000f3"_hex, {});
  const auto output = execute();
  ASSERT_TRUE(output) << output.error().message();
  Header header = block.header;
  header.gas_used = output->gas_used;
  header.blob_gas_used = output->blob_gas_used;
  header.logs_bloom = output->logs_bloom;
  header.receipts_root = receipts_root(output->receipts);
  header.requests_hash = requests_hash(output->requests);
  header.state_root = to_hash32(u256{1});
  EXPECT_TRUE(verify(*output, header, config));
  EXPECT_TRUE(verify(*output, header, config, header.state_root));

  const auto error_after = [&](auto change) {
    Header changed = header;
    change(changed);
    const Verdict result = verify(*output, changed, config, header.state_root);
    return result ? std::nullopt : std::optional(result.error().code);
  };
  EXPECT_EQ(error_after([](Header& h) { ++h.gas_used; }), invalid_gas_used);
  EXPECT_EQ(error_after([](Header& h) { ++*h.blob_gas_used; }), incorrect_blob_gas_used);
  EXPECT_EQ(error_after([](Header& h) { h.logs_bloom.bytes[0] ^= 1; }), invalid_log_bloom);
  EXPECT_EQ(error_after([](Header& h) { h.receipts_root.bytes[0] ^= 1; }), invalid_receipts_root);
  EXPECT_EQ(error_after([](Header& h) { h.requests_hash->bytes[0] ^= 1; }), invalid_requests);
  EXPECT_EQ(error_after([](Header& h) { h.state_root.bytes[0] ^= 1; }), invalid_state_root);
  EXPECT_EQ(verify(*output, header, config, Hash32{}).error().detail,
            "stateRoot " + to_hex(header.state_root) + ", computed " + to_hex(Hash32{}));
}

}  // namespace
}  // namespace hocket
