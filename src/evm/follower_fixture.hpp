// FollowerFixture: executes a program on one value of a slot, does again what depends on it with another, and compares
// that with executing on the other value.
#pragma once

#include "base/hex.hpp"
#include "evm/block_writer.hpp"
#include "evm/evm.hpp"
#include "evm/operation_log.hpp"
#include "evm/program.hpp"
#include "state/forwarding_view.hpp"
#include "state/in_memory_state.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace hocket {

inline Bytes joined(std::initializer_list<Bytes> parts) {
  Bytes code;
  for (const Bytes& part : parts) append(code, part);
  return code;
}
inline Bytes repeated(std::uint8_t opcode, int count) { return Bytes(static_cast<std::size_t>(count), opcode); }
inline Bytes push(const u256& value) {
  const Hash32 word = to_hash32(value);
  const std::size_t size = std::max<std::size_t>(value.byte_length(), 1);
  Bytes code{static_cast<std::uint8_t>(OP_PUSH1 + size - 1)};
  append(code, BytesView(word.bytes).last(size));
  return code;
}

/// Pushes slot 0 of the running contract, which is what differs.
inline const Bytes kLoad{OP_PUSH0, OP_SLOAD};
/// Pushes 32, which the translator does not know.
inline constexpr std::uint8_t kItem = OP_CALLDATASIZE;

class FollowerFixture : public ::testing::Test {
 protected:
  static inline const Address kContract = to_address(u256{0xc0de});
  static inline const Address kCallee = to_address(u256{0xca11ee});

  /// `code` on eight items; then the four topmost items are stored in the slots 1 to 4.
  static Bytes program(const Bytes& code) {
    Bytes whole = joined({repeated(kItem, 8), code});
    for (std::uint8_t slot = 1; slot <= 4; ++slot) append(whole, Bytes{OP_PUSH1, slot, OP_SSTORE});
    whole.push_back(OP_STOP);
    return whole;
  }

  /// Executes `code` where the slot holds `before`, and redoes it for `after`. `possible`: whether it can be.
  void expect(const Bytes& code, const u256& before, const u256& after, bool possible, const std::string& what) {
    for (const Manner manner : {Manner::followed, Manner::resumed}) {
      const std::string where = what + (manner == Manner::resumed ? ", resumed: " : ": ") + to_hex(code) + " on " +
                                to_hex(to_hash32(before)) + ", then " + to_hex(to_hash32(after));
      const InMemoryState state = state_of(code, before), other = state_of(code, after);
      OperationLog log;
      Journal journal(state);
      const Outcome guessed = run(state, journal, manner, &log);
      Journal right_journal(other);
      const Outcome right = run(other, right_journal, Manner::plain, nullptr);
      ASSERT_FALSE(log.has_given_up()) << where;
      ASSERT_FALSE(log.loads().empty()) << where;
      std::vector<u256> loaded;
      for (const OperationLog::Load& load : log.loads())
        loaded.push_back(*other.storage(load.slot->account->address, load.slot->slot));
      const bool redone = log.redo(loaded);
      EXPECT_EQ(redone, possible) << where;
      if (!redone) continue;
      EXPECT_EQ(guessed.status, right.status) << where;
      EXPECT_EQ(guessed.gas_left, right.gas_left) << where;
      EXPECT_EQ(guessed.refund, right.refund) << where;
      EXPECT_EQ(to_hex(guessed.output), to_hex(right.output)) << where;
      EXPECT_EQ(guessed.logs, right.logs) << where;
      EXPECT_EQ(to_text(with_stores(guessed.diff, log)), to_text(right.diff)) << where;
      EXPECT_NE(to_text(guessed.diff), to_text(right.diff)) << where << ": this shows nothing";
    }
  }

  /// The translated program has an instruction of this handler.
  static void expect_handler(const Bytes& code, int handler, const std::string& what) {
    TranslationSpace space;
    const Program translated(code, spec(), false);
    const Cell* cell = translated.entry(space);
    for (; cell->handler != OP_STOP; ++cell) {
      if (cell->handler == handler) return;
      if (cell->handler == kHandlerJumpConst) ++cell;  // an address
      if (cell->handler >= kHandlerPush1Limb && cell->handler <= kHandlerPush4Limbs)
        cell += cell->handler - kHandlerPush1Limb + 1;
    }
    ADD_FAILURE() << what << ": no handler " << handler << " in " << to_hex(code);
  }

  Bytes callee_;

 private:
  enum class Manner : std::uint8_t {
    plain,
    followed,  // all slots, from the beginning
    resumed,   // one slot, from where the execution first reads it
  };

  struct Outcome {
    Status status;
    std::int64_t gas_left;
    std::int64_t refund;
    Bytes output;
    std::vector<Log> logs;
    StateDiff diff;
  };

  /// The first read of the slot has to wait.
  class LateSlot final : public ForwardingView {
   public:
    using ForwardingView::ForwardingView;

    StateRead<u256> storage(const Address& address, const u256& slot) const override {
      if (slot.is_zero() && !std::exchange(was_late_, true)) return std::unexpected(StateFault::waiting);
      return ForwardingView::storage(address, slot);
    }

   private:
    mutable bool was_late_ = false;
  };

  static const Spec& spec() { return spec_of(Revision::osaka); }

  InMemoryState state_of(const Bytes& code, const u256& value) const {
    InMemoryState state;
    std::vector<std::pair<u256, u256>> storage{{0, value}, {9, 9}};
    for (std::uint64_t slot = 1; slot <= 4; ++slot) storage.emplace_back(slot, 1000 + slot);
    state.put(kContract, 1, 0, code, storage);
    state.put(kCallee, 1, 0, callee_, storage);
    return state;
  }

  Outcome run(const StateView& state, Journal& journal, Manner manner, OperationLog* log) {
    const LateSlot late(state);
    journal.reset(manner == Manner::resumed ? static_cast<const StateView&>(late) : state);
    evm_.begin_block(spec(), block_);
    evm_.record_in(nullptr);
    if (log != nullptr) log->begin();
    if (manner == Manner::followed) {
      log->follow_all();
      evm_.record_in(log);
    }
    journal.begin_transaction();
    const TransactionContext transaction{.origin = kContract, .gas_price = 1, .blob_hashes = {}};
    const Bytes input(32, 0);
    const Message message{.gas = 1'000'000, .sender = kContract, .recipient = kContract, .value = {}, .input = input};
    ExecutionResult result = evm_.execute(message, transaction, journal);
    if (manner == Manner::resumed) {
      EXPECT_EQ(result.status, Status::suspended);
      for (const Address& address : {kContract, kCallee}) log->follow(address, 0);
      evm_.record_in(log);
      result = evm_.resume();
    }
    Outcome outcome{.status = result.status,
                    .gas_left = result.gas_left,
                    .refund = journal.refund(),
                    .output = to_bytes(result.output),
                    .logs = journal.logs(),
                    .diff = {}};
    journal.end_transaction(true);
    outcome.diff = journal.diff().sorted();
    return outcome;
  }

  static StateDiff with_stores(const StateDiff& diff, const OperationLog& log) {
    StateDiff result;
    for (const AccountDiff& account : diff.accounts()) {
      AccountDiff& copy = result.add(account.address);
      copy.storage_cleared = account.storage_cleared;
      copy.account = account.account;
      if (!account.code.empty()) result.set_code(account.code);
      for (const auto& [slot, value] : account.storage) {
        u256 now = value;
        for (std::size_t i = 0; i < log.stores().size(); ++i) {
          const auto& [entry, stored] = log.stores()[i];
          if (entry->account->address == account.address && entry->slot == slot && log.is_last_of_slot(i))
            now = log.value_of(stored);
        }
        result.add_slot(slot, now);
      }
    }
    return result;
  }

  static std::string to_text(const StateDiff& diff) {
    std::string text;
    for (const AccountDiff& account : diff.accounts()) {
      text += to_hex(account.address);
      text += account.account ? " nonce " + std::to_string(account.account->nonce) + " balance " +
                                    to_hex(to_hash32(account.account->balance))
                              : " gone";
      for (const auto& [slot, value] : account.storage)
        text += " [" + std::to_string(slot.low64()) + "]=" + to_hex(to_hash32(value));
      text += " code " + to_hex(account.code) + "\n";
    }
    return text;
  }

  ProgramCache programs_;
  Evm evm_{programs_};
  const BlockContext block_;
};

}  // namespace hocket
