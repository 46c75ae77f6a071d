// SegmentsTest: the world of the tests that execute segments in one situation each, and contracts that do one thing.
#pragma once

#include "base/bytes.hpp"
#include "core/codec.hpp"
#include "parallel/execution.hpp"
#include "parallel/segment_line.hpp"
#include "protocol/opcode.hpp"

#include <gtest/gtest.h>
#include <map>

namespace hocket::testing {

inline Address numbered(std::uint64_t number) { return to_address(u256{number}); }

inline constexpr std::uint64_t kPoor = 0x9000;        // has just what it needs for one transaction
inline constexpr std::uint64_t kSomebody = 0x5e0009;  // the tenth sender
inline constexpr std::uint64_t kNobody = 0xdead;      // does not exist
inline constexpr std::uint64_t kEmpty = 0xe000;       // exists, and is empty
inline constexpr std::uint64_t kBeneficiary = 0xbe00;

// Contracts, called with two words. Each word of calldata costs three bytes of code.
inline constexpr std::uint64_t kAdder = 0xadd;         // slot [first] += second; logs what it is then
inline constexpr std::uint64_t kPayer = 0xba1d;        // sends second wei to first
inline constexpr std::uint64_t kLooker = 0x100c;       // slot 0 = balance of first
inline constexpr std::uint64_t kHashLooker = 0x4a54;   // slot 0 = code hash of first
inline constexpr std::uint64_t kSender = 0x5e1f;       // SELFDESTRUCT for first
inline constexpr std::uint64_t kMaker = 0x3a3e;        // makes a contract that stores something; first: and reverts
inline constexpr std::uint64_t kBlockHasher = 0xb10c;  // slot 0 = hash of block first
inline constexpr std::uint64_t kBothWays = 0xb07;      // slot [first] = second, and then what it was
inline constexpr std::uint64_t kRegretter = 0x4e64;    // sends second wei to first, and reverts
inline constexpr std::uint64_t kTransient = 0x7a15;    // slot 0 += transient slot 0, which is counted up before

// What a contract is called with.
#define FIRST_WORD OP_PUSH1, 0, OP_CALLDATALOAD
#define SECOND_WORD OP_PUSH1, 32, OP_CALLDATALOAD

class SegmentsTest : public ::testing::Test {
 protected:
  SegmentsTest() {
    set_revision(Revision::cancun);
    BlockContext& context = block_.environment.context;
    context.number = 100;
    context.timestamp = 1'700'000'000;
    context.gas_limit = 30'000'000;
    context.base_fee = u256{7};
    context.blob_base_fee = u256{1};
    context.beneficiary = numbered(kBeneficiary);
    block_.environment.max_blob_gas = 6 * (1u << 17);
    for (std::uint64_t i = 0; i < 16; ++i) block_.state.put(sender(i), 0, u256{1'000'000'000'000u}, {}, {});
    block_.state.put(numbered(kPoor), 0, u256{20 * kGas}, {}, {});
    block_.state.put(numbered(kEmpty), 0, {}, {}, {});
    put(kAdder, {SECOND_WORD, FIRST_WORD, OP_SLOAD, OP_ADD, OP_DUP1, FIRST_WORD, OP_SSTORE, OP_PUSH1, 0, OP_MSTORE,
                 OP_PUSH1, 32, OP_PUSH1, 0, OP_LOG0});
    put(kPayer, {OP_PUSH1, 0, OP_DUP1, OP_DUP1, OP_DUP1, SECOND_WORD, FIRST_WORD, OP_GAS, OP_CALL});
    put(kLooker, {FIRST_WORD, OP_BALANCE, OP_PUSH1, 0, OP_SSTORE});
    put(kHashLooker, {FIRST_WORD, OP_EXTCODEHASH, OP_PUSH1, 0, OP_SSTORE});
    put(kSender, {FIRST_WORD, OP_SELFDESTRUCT});
    // Init code of 5 bytes: SSTORE(0, 1), and no code.
    put(kMaker, {OP_PUSH1 + 4, OP_PUSH1, 1,        OP_PUSH1,    0,        OP_SSTORE, OP_PUSH1,  0,          OP_MSTORE,
                 OP_PUSH1,     5,        OP_PUSH1, 27,          OP_PUSH1, 0,         OP_CREATE, FIRST_WORD, OP_PUSH1,
                 23,           OP_JUMPI, OP_STOP,  OP_JUMPDEST, OP_PUSH1, 0,         OP_DUP1,   OP_REVERT});
    put(kBlockHasher, {FIRST_WORD, OP_BLOCKHASH, OP_PUSH1, 0, OP_SSTORE});
    put(kRegretter, {OP_PUSH1, 0, OP_DUP1, OP_DUP1, OP_DUP1, SECOND_WORD, FIRST_WORD, OP_GAS, OP_CALL, OP_PUSH1, 0,
                     OP_DUP1, OP_REVERT});
    put(kTransient, {OP_PUSH1, 0, OP_TLOAD, OP_PUSH1, 1, OP_ADD, OP_DUP1, OP_PUSH1, 0, OP_TSTORE, OP_PUSH1, 0, OP_SLOAD,
                     OP_ADD, OP_PUSH1, 0, OP_SSTORE});
    put(kBothWays, {FIRST_WORD, OP_SLOAD, SECOND_WORD, FIRST_WORD, OP_SSTORE, FIRST_WORD, OP_SSTORE});
  }

  void set_revision(Revision revision) { block_.environment.spec = &spec_of(revision); }
  void put(std::uint64_t contract, const Bytes& code) {
    block_.state.put(numbered(contract), 1, u256{1'000}, code, {{u256{7}, u256{70}}});
    block_.accounts.push_back(numbered(contract));
  }
  static Address sender(std::uint64_t i) { return numbered(0x5e0000 + i); }

  Transaction transaction_of(const Address& from) {
    Transaction transaction;
    transaction.type = TransactionType::dynamic_fee;
    transaction.chain_id = 1;
    transaction.nonce = nonces_[from]++;
    transaction.max_fee_per_gas = u256{20};
    transaction.max_priority_fee_per_gas = u256{2};
    transaction.gas_limit = kGas;
    transaction.sender = from;
    return transaction;
  }
  Transaction& add(Transaction transaction) {
    block_.transactions.push_back(std::move(transaction));
    return block_.transactions.back();
  }
  Transaction& transfer(const Address& from, const Address& to, const u256& value) {
    Transaction transaction = transaction_of(from);
    transaction.to = to;
    transaction.value = value;
    return add(std::move(transaction));
  }
  Transaction& call(std::uint64_t from, std::uint64_t contract, const u256& first, const u256& second = {}) {
    Transaction& transaction = transfer(sender(from), numbered(contract), {});
    for (const u256& word : {first, second}) {
      const Hash32 bytes = to_hash32(word);
      append(transaction.data, bytes);
    }
    return transaction;
  }
  Transaction& create(std::uint64_t from, const Bytes& init_code) {
    Transaction transaction = transaction_of(sender(from));
    transaction.data = init_code;
    return add(std::move(transaction));
  }
  /// Of somebody who did not sign it, as after the recovery of senders.
  static Authorization authorization_of(const Address& authority, std::uint64_t nonce, const Address& to) {
    Authorization authorization;
    authorization.address = to;
    authorization.nonce = nonce;
    authorization.authority_is_known = true;
    authorization.authority = authority;
    return authorization;
  }
  Transaction& authorize(std::uint64_t from, const Authorization& authorization) {
    Transaction& transaction = transfer(sender(from), sender(from), {});
    transaction.type = TransactionType::set_code;
    transaction.authorization_list.push_back(authorization);
    return transaction;
  }

  /// What was added since the last: a segment, executed when so many are committed.
  void end_segment(std::size_t after) {
    steps_.push_back({.end = static_cast<TxnIndex>(block_.transactions.size()), .after = after});
  }

  using Judgements = std::vector<SegmentLine::Judgement>;
  /// Whatever the options; and the second time as the first.
  Judgements execute_all(bool predicts_nonces = true) {
    SequentialExecutor sequential(programs_);
    const Execution expected = execute(block_, block_.state, sequential);
    EXPECT_EQ(expected.transactions.has_value(), is_valid_);
    Judgements judgements;
    for (const unsigned hash_bits : {64u, 0u}) {
      SegmentLine line(programs_, steps_, {.predicts_nonces = predicts_nonces, .hash_bits = hash_bits});
      for (int i = 0; i < 2; ++i) {
        const auto found = difference(expected, execute(block_, block_.state, line));
        EXPECT_FALSE(found) << *found;
        judgements = line.judgements();
      }
    }
    return judgements;
  }
  /// Of the last segment, which was executed before the others were committed.
  void expect_last_holds(bool predicts_nonces = true) {
    const Judgements judgements = execute_all(predicts_nonces);
    ASSERT_EQ(judgements.size(), steps_.size());
    EXPECT_EQ(judgements.back().first, Segment::Verdict::holds);
  }
  void expect_last_changed(ConflictCause cause, Segment::Verdict again = Segment::Verdict::holds,
                           bool predicts_nonces = true) {
    const Judgements judgements = execute_all(predicts_nonces);
    ASSERT_EQ(judgements.size(), steps_.size());
    EXPECT_EQ(judgements.back().first, Segment::Verdict::changed);
    EXPECT_EQ(judgements.back().changed, cause);
    EXPECT_EQ(judgements.back().again, again);
  }
  void expect_last_is(Segment::Verdict verdict) {
    const Judgements judgements = execute_all();
    ASSERT_EQ(judgements.size(), steps_.size());
    EXPECT_EQ(judgements.back().first, verdict);
  }

  static constexpr std::uint64_t kGas = 200'000;
  RandomBlock block_;
  bool is_valid_ = true;
  std::map<Address, std::uint64_t> nonces_;
  std::vector<SegmentLine::Step> steps_;
  ProgramCache programs_;
};

#undef FIRST_WORD
#undef SECOND_WORD

}  // namespace hocket::testing
