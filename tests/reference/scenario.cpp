#include "reference/scenario.hpp"

#include "base/hex.hpp"
#include "evm/evm.hpp"
#include "evm/operation_log.hpp"
#include "evm/tracer.hpp"
#include "reference/reference_evm.hpp"
#include "state/forwarding_view.hpp"
#include "state/in_memory_state.hpp"

#include <algorithm>

namespace hocket::reference {
namespace {

/// What one message left behind.
struct Trace {
  Outcome outcome;
  std::vector<Log> logs;
  std::int64_t refund = 0;
};

class IgnoringTracer final : public Tracer {
 public:
  void on_step(const TraceStep&) override {}
  void on_exit(int, BytesView, std::int64_t, Status) override {}
};

/// Each slot that is asked for is there only when it is asked for again.
class LateSlots final : public ForwardingView {
 public:
  using ForwardingView::ForwardingView;

  StateRead<u256> storage(const Address& address, const u256& slot) const override {
    is_late_ = !is_late_;
    if (is_late_) return std::unexpected(StateFault::waiting);
    return ForwardingView::storage(address, slot);
  }

 private:
  mutable bool is_late_ = false;
};

/// Some slots hold something else, often nearly the same; these are followed, as MvView does it: the first one stops
/// the execution for a moment.
class OtherSlots final : public ForwardingView {
 public:
  OtherSlots(const StateView& below, std::uint64_t choice, OperationLog& log)
      : ForwardingView(below), choice_(choice), log_(log) {}

  StateRead<u256> storage(const Address& address, const u256& slot) const override {
    const auto value = ForwardingView::storage(address, slot);
    const std::uint64_t draw = (choice_ + 5 * address.bytes[19] + slot.low64()) * 0x9e3779b97f4a7c15u >> 32;
    if (draw % 3 == 0) return value;
    if (!follows_) {
      follows_ = true;
      log_.begin();
      return std::unexpected(StateFault::waiting);
    }
    log_.follow(address, slot);
    switch (draw / 3 % 6) {
      case 0:
        return *value + u256{1};
      case 1:
        return *value - u256{1};
      case 2:
        return *value + u256{64};
      case 3:
        return *value ^ u256 { 0, 0, 0, 1 };
      default:
        return value;
    }
  }

  /// From now on another execution reads it.
  void begin() noexcept {
    follows_ = false;
    ++choice_;
  }

 private:
  std::uint64_t choice_;
  OperationLog& log_;
  mutable bool follows_ = false;
};

InMemoryState state_of(const Scenario& scenario) {
  InMemoryState state;
  for (const ScenarioAccount& account : scenario.accounts)
    state.put(account.address, account.nonce, account.balance, account.code, account.storage);
  for (const auto& [number, hash] : scenario.block_hashes) state.put_block_hash(number, hash);
  return state;
}

/// What a transaction does before its message (EIP-2929, 3651): the same for both sides.
Message begin(const Scenario& scenario, const ScenarioMessage& sent, Journal& journal) {
  const Spec& spec = spec_of(scenario.revision);
  journal.begin_transaction();
  AccountEntry& sender = *journal.account(scenario.sender);
  Message message{.kind = sent.to ? CallKind::call : CallKind::create,
                  .gas = sent.gas,
                  .sender = scenario.sender,
                  .recipient = sent.to ? *sent.to : create_address(scenario.sender, sender.nonce),
                  .value = sent.value < sender.balance ? sent.value : sender.balance,
                  .input = sent.input};
  if (spec.access_lists) {
    journal.prewarm_precompiles(spec.last_precompile, spec.p256verify);
    journal.prewarm(message.sender);
    journal.prewarm(message.recipient);
    if (spec.warm_beneficiary) journal.prewarm(scenario.block.beneficiary);
  }
  journal.set_nonce(sender, sender.nonce + 1);
  return message;
}

TransactionContext transaction_of(const Scenario& scenario) {
  return {.origin = scenario.sender, .gas_price = scenario.gas_price, .blob_hashes = scenario.blob_hashes};
}

std::vector<Trace> run_reference(const Scenario& scenario, InMemoryState& state) {
  const Spec& spec = spec_of(scenario.revision);
  std::vector<Trace> traces;
  for (const ScenarioMessage& sent : scenario.messages) {
    Journal journal(state);
    const Message message = begin(scenario, sent, journal);
    Trace& trace = traces.emplace_back();
    trace.outcome = execute(spec, scenario.block, transaction_of(scenario), message, journal);
    trace.refund = journal.refund();
    trace.logs = journal.logs();
    journal.end_transaction(spec.state_clearing);
    state.apply(journal.diff());
  }
  return traces;
}

std::vector<Trace> run_evm(Evm& evm, const Scenario& scenario, InMemoryState& state, Manner manner) {
  const Spec& spec = spec_of(scenario.revision);
  IgnoringTracer tracer;
  evm.set_tracer(manner == Manner::traced ? &tracer : nullptr);
  evm.begin_block(spec, scenario.block);
  const LateSlots late(state);
  Journal journal(manner == Manner::suspended ? static_cast<const StateView&>(late) : state);
  std::vector<Trace> traces;
  for (const ScenarioMessage& sent : scenario.messages) {
    const Message message = begin(scenario, sent, journal);
    Trace& trace = traces.emplace_back();
    const TransactionContext transaction = transaction_of(scenario);
    ExecutionResult result = evm.execute(message, transaction, journal);
    while (result.status == Status::suspended) result = evm.resume();
    trace.outcome = {.status = result.status, .gas_left = result.gas_left, .output = to_bytes(result.output)};
    trace.refund = journal.refund();
    trace.logs = journal.logs();
    journal.end_transaction(spec.state_clearing);
  }
  const StateDiff diff = journal.diff();
  state.apply(diff);
  return traces;
}

enum class StatusClass { success, revert, failure };

StatusClass class_of(Status status) {
  if (status == Status::success) return StatusClass::success;
  return status == Status::revert ? StatusClass::revert : StatusClass::failure;
}

/// `diff` with what the log says of the stores, as parallel execution takes it from there.
StateDiff with_stores(const StateDiff& diff, const OperationLog& log, std::uint64_t& changed) {
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
        if (entry->account->address != account.address || entry->slot != slot) continue;
        if (stored.made_by != OperationLog::kNone && log.is_last_of_slot(i)) now = log.value_of(stored);
      }
      changed += now != value ? 1 : 0;
      result.add_slot(slot, now);
    }
  }
  return result;
}

/// Whether all that `guess` has read of `state`, but for what the log can do again, is right. `loaded`: what the log's
/// loads would have given.
bool is_right_elsewhere(const Journal& guess, const StateView& state, const OperationLog& log,
                        std::vector<u256>& loaded) {
  for (std::size_t i = 0; i < guess.slot_count(); ++i) {
    const SlotEntry& entry = guess.slot_entry(i);
    const bool is_loaded = std::ranges::find(log.loads(), &entry, &OperationLog::Load::slot) != log.loads().end();
    if (!entry.from_view || is_loaded) continue;
    if (entry.base != *state.storage(entry.account->address, entry.slot)) return false;
  }
  for (const OperationLog::Load& load : log.loads())
    loaded.push_back(*state.storage(load.slot->account->address, load.slot->slot));
  return true;
}

std::vector<Trace> run_redoing(Evm& evm, const Scenario& scenario, InMemoryState& state, Comparison::Redone& counts) {
  const Spec& spec = spec_of(scenario.revision);
  evm.set_tracer(nullptr);
  evm.begin_block(spec, scenario.block);
  OperationLog log;
  std::vector<Trace> traces;
  OtherSlots other(state, scenario.messages[0].input.size() + 3 * scenario.accounts[0].nonce, log);
  for (const ScenarioMessage& sent : scenario.messages) {
    Trace& trace = traces.emplace_back();
    const TransactionContext transaction = transaction_of(scenario);
    const auto execute = [&](Journal& journal) {
      evm.record_in(nullptr);
      ExecutionResult result = evm.execute(begin(scenario, sent, journal), transaction, journal);
      if (result.status == Status::suspended) {
        evm.record_in(&log);
        result = evm.resume();
      }
      trace.outcome = {.status = result.status, .gas_left = result.gas_left, .output = to_bytes(result.output)};
      trace.refund = journal.refund();
      trace.logs = journal.logs();
      journal.end_transaction(spec.state_clearing);
    };
    log.begin();
    other.begin();
    Journal guess(other);
    execute(guess);
    std::vector<u256> loaded;
    const bool is_right = is_right_elsewhere(guess, state, log, loaded);
    bool has_other_values = !is_right;
    for (std::size_t i = 0; i < loaded.size(); ++i) has_other_values |= loaded[i] != log.loads()[i].slot->base;
    counts.with_other_values += has_other_values ? 1 : 0;
    if (is_right && log.redo(loaded)) {
      counts.redone += has_other_values ? 1 : 0;
      state.apply(with_stores(guess.diff(), log, counts.stores));
    } else {
      Journal journal(state);
      execute(journal);
      state.apply(journal.diff());
    }
  }
  evm.record_in(nullptr);
  counts.contradicted |= log.was_contradicted();
  return traces;
}

std::optional<std::string> difference(const Trace& expected, const Trace& actual) {
  const auto differs = [](const char* what, const std::string& reference, const std::string& evm) {
    return std::string(what) + ": reference " + reference + ", evm " + evm;
  };
  if (actual.outcome.status == Status::fault) return "evm: fault";
  if (class_of(expected.outcome.status) != class_of(actual.outcome.status))
    return differs("status", std::string(to_string(expected.outcome.status)),
                   std::string(to_string(actual.outcome.status)));
  const std::string why = " (" + std::string(to_string(actual.outcome.status)) + ")";
  if (expected.outcome.gas_left != actual.outcome.gas_left)
    return differs("gas left", std::to_string(expected.outcome.gas_left), std::to_string(actual.outcome.gas_left)) +
           why;
  if (expected.outcome.output != actual.outcome.output)
    return differs("output", to_hex(expected.outcome.output), to_hex(actual.outcome.output)) + why;
  if (expected.refund != actual.refund)
    return differs("refund", std::to_string(expected.refund), std::to_string(actual.refund));
  if (expected.logs.size() != actual.logs.size())
    return differs("number of logs", std::to_string(expected.logs.size()), std::to_string(actual.logs.size()));
  for (std::size_t i = 0; i < expected.logs.size(); ++i)
    if (expected.logs[i] != actual.logs[i]) return "log " + std::to_string(i) + " differs";
  return std::nullopt;
}

std::string describe(const InMemoryState::Entry& entry) {
  return "{nonce " + std::to_string(entry.account.nonce) + ", balance " + to_quantity(entry.account.balance) +
         ", code hash " + to_hex(entry.account.code_hash) + ", " + std::to_string(entry.storage.size()) + " slots}";
}

std::optional<std::string> difference(const InMemoryState& expected, const InMemoryState& actual) {
  for (const auto& [address, entry] : expected.accounts()) {
    const StoredAccount* other = actual.accounts().find(address);
    if (other == nullptr) return "account " + to_hex(address) + " is missing";
    InMemoryState::Entry reference = entry;
    InMemoryState::Entry evm = *other;
    reference.account.has_storage = evm.account.has_storage = false;  // derived from the slots
    if (reference.account != evm.account)
      return "account " + to_hex(address) + ": reference " + describe(reference) + ", evm " + describe(evm);
    const auto slot_differs = [&, &at = address](const u256& slot) {
      return "account " + to_hex(at) + ", slot " + to_quantity(slot) + ": evm " + to_quantity(evm.storage.value(slot)) +
             ", reference " + to_quantity(reference.storage.value(slot));
    };
    for (const auto& [slot, value] : reference.storage)
      if (evm.storage.value(slot) != value) return slot_differs(slot);
    for (const auto& [slot, value] : evm.storage)
      if (reference.storage.value(slot) != value) return slot_differs(slot);
  }
  for (const auto& [address, entry] : actual.accounts())
    if (!expected.accounts().contains(address)) return "account " + to_hex(address) + " should not exist";
  return std::nullopt;
}

}  // namespace

Comparison::Comparison() : evm_(programs_) {}

std::optional<std::string> Comparison::compare(const Scenario& scenario, Manner also) {
  programs_.trim();
  InMemoryState expected_state = state_of(scenario);
  const std::vector<Trace> expected = run_reference(scenario, expected_state);
  for (const Manner manner : {Manner::at_once, also}) {
    InMemoryState state = state_of(scenario);
    const std::vector<Trace> actual =
        manner == Manner::redone ? run_redoing(evm_, scenario, state, redone_) : run_evm(evm_, scenario, state, manner);
    const std::string mode = manner == Manner::traced      ? " (traced): "
                             : manner == Manner::suspended ? " (suspended): "
                             : manner == Manner::redone    ? " (redone): "
                                                           : ": ";
    for (std::size_t i = 0; i < expected.size(); ++i)
      if (const auto found = difference(expected[i], actual[i])) return "message " + std::to_string(i) + mode + *found;
    if (const auto found = difference(expected_state, state)) return "state" + mode + *found;
    if (also == Manner::at_once) break;
  }
  return std::nullopt;
}

std::string to_string(const Scenario& scenario) {
  std::string text = std::string(to_string(scenario.revision)) + "\n";
  for (const ScenarioAccount& account : scenario.accounts) {
    text += to_hex(account.address) + ": nonce " + std::to_string(account.nonce) + ", balance " +
            to_quantity(account.balance) + ", code " + to_hex(account.code) + "\n";
    for (const auto& [slot, value] : account.storage)
      text += "  slot " + to_quantity(slot) + " = " + to_quantity(value) + "\n";
  }
  text += "sender " + to_hex(scenario.sender) + ", beneficiary " + to_hex(scenario.block.beneficiary) + ", number " +
          std::to_string(scenario.block.number) + "\n";
  for (const ScenarioMessage& message : scenario.messages)
    text += (message.to ? "call " + to_hex(*message.to) : std::string("create")) + ": gas " +
            std::to_string(message.gas) + ", value " + to_quantity(message.value) + ", input " + to_hex(message.input) +
            "\n";
  return text;
}

}  // namespace hocket::reference
