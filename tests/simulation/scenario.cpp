#include "simulation/scenario.hpp"

#include "base/random.hpp"
#include "protocol/opcode.hpp"

#include <array>

namespace hocket::simulation {
namespace {

constexpr std::array<const char*, kOperationCount> kNames = {
    "load", "store", "add",   "balance", "nonce",  "exists", "dead",    "taken",      "code",      "credit",
    "pay",  "send",  "touch", "destroy", "create", "deploy", "skip_if", "checkpoint", "revert_if", "fail_if",
};

const std::array<Bytes, 2> kCodes = {Bytes{0x60, 0x01}, Bytes{0x60, 0x02, 0x50}};

bool needs_code(Operation operation) {
  switch (operation) {
    case Operation::load:
    case Operation::store:
    case Operation::add:
    case Operation::code:
    case Operation::pay:
    case Operation::destroy:
    case Operation::deploy:
      return true;
    default:
      return false;
  }
}

/// Operations that mean something together.
void add_pattern(Random& random, Program& program) {
  const auto account = static_cast<std::uint8_t>(random.between(3, kAccounts - 1));
  const auto slot = static_cast<std::uint8_t>(random.below(2));
  const std::vector<Program> patterns = {
      // A new contract with storage, destroyed again perhaps, and who looks at it.
      {{Operation::create, account, 0}, {Operation::deploy, account, 0}, {Operation::store, account, slot}},
      {{Operation::load, account, slot}},
      {{Operation::load, 0, 0}, {Operation::skip_if, 0, 1}, {Operation::destroy, account, 0}},
      // A touch that depends on a slot.
      {{Operation::load, 0, 0}, {Operation::skip_if, 0, 1}, {Operation::touch, 3, 0}},
      {{Operation::touch, 3, 0}},
      {{Operation::load, 0, 0}, {Operation::skip_if, 0, 1}, {Operation::touch, account, 0}},
      // A contract that is destroyed for one reason and re-created with the same code.
      {{Operation::load, 0, 0}, {Operation::skip_if, 0, 1}, {Operation::destroy, 1, 0}},
      {{Operation::create, 1, 0}, {Operation::deploy, 1, 1}},
  };
  const Program& pattern = random.of(patterns);
  program.insert(program.end(), pattern.begin(), pattern.end());
}

}  // namespace

Address account_address(std::uint8_t number) { return to_address(u256{0xacc000u + number}); }

Scenario make_scenario(std::uint64_t seed) {
  Random random(seed);
  Scenario scenario;
  InMemoryState& state = scenario.state;
  scenario.state_clearing = !random.one_in(3);
  if (random.flip()) scenario.beneficiary = static_cast<std::uint8_t>(random.below(kAccounts));
  state.put(account_address(0), 1, random.below(6), kCodes[0], {{0, 1}, {1, 2}});
  state.put(account_address(1), 1, random.below(6), kCodes[1], {});
  state.put(account_address(2), 0, random.between(1, 6), {}, {});
  state.put(account_address(3), 0, 0, {}, {});
  // EIP-7610: nobody can make it any more, but a state may hold it.
  if (random.one_in(4)) state.put(account_address(4), 0, 0, {}, {{0, 1}});

  // Sometimes everybody is after the same: one kind of operation, one account, one slot.
  const std::uint8_t accounts = static_cast<std::uint8_t>(random.one_in(4) ? 1 : random.between(2, kAccounts));
  const std::uint8_t first = static_cast<std::uint8_t>(random.below(kAccounts));
  std::vector<Operation> operations;
  if (random.one_in(4)) {
    operations = {Operation::load, Operation::store, Operation::load, Operation::store, Operation::skip_if};
  } else if (random.one_in(3)) {
    operations = {Operation::add, Operation::add, Operation::add, Operation::add, Operation::nonce};
    if (random.flip())
      operations.insert(operations.end(), {Operation::checkpoint, Operation::revert_if, Operation::skip_if,
                                           random.flip() ? Operation::load : Operation::store});
  } else {
    for (int i = 0; i < kOperationCount; ++i) operations.push_back(static_cast<Operation>(i));
    operations.insert(operations.end(),
                      {Operation::load, Operation::store, Operation::load, Operation::store, Operation::load,
                       Operation::store, Operation::credit, Operation::send, Operation::skip_if});
  }
  for (std::uint64_t n = random.between(2, random.one_in(6) ? 14 : 7); n > 0; --n) {
    Program program;
    for (std::uint64_t steps = random.between(1, 6); steps > 0; --steps) {
      const Operation operation = random.of(operations);
      auto account = static_cast<std::uint8_t>((first + random.below(accounts)) % kAccounts);
      // What only contracts do is mostly done by the two.
      if (needs_code(operation) && !random.one_in(4)) account = static_cast<std::uint8_t>(random.below(2));
      program.push_back({operation, account, static_cast<std::uint8_t>(random.below(3))});
    }
    // Written last is what was read first, in between anything.
    if (random.one_in(3)) {
      program.insert(program.begin(), Step{Operation::load, 0, 0});
      program.push_back({Operation::store, 0, 0});
    }
    if (random.one_in(5)) add_pattern(random, program);
    scenario.transactions.push_back(std::move(program));
  }
  // Payments, which may be left to their turn.
  Random payments(seed ^ 0x9a1d);
  if (payments.one_in(3)) {
    state.put(account_address(0), 1, payments.between(1, 30), kCodes[0], {{0, 1}, {1, 2}});
    state.put(account_address(2), 0, payments.between(1, 30), {}, {});
    for (Program& program : scenario.transactions) {
      if (payments.flip()) continue;
      const auto payer =
          static_cast<std::uint8_t>(payments.one_in(3) ? payments.below(kAccounts) : 2 * payments.below(2));
      program = {{Operation::send, payer, static_cast<std::uint8_t>(payments.between(1, 2))}};
    }
  }
  // Long enough for what a scheduler does only after a while.
  if (random.one_in(300)) {
    const std::vector<Program> once = scenario.transactions;
    while (scenario.transactions.size() < 1200)
      scenario.transactions.insert(scenario.transactions.end(), once.begin(), once.end());
  }
  return scenario;
}

std::optional<Payment> payment_of(const Program& program) {
  if (program.size() != 1 || program[0].operation != Operation::send || program[0].b == 0) return std::nullopt;
  return Payment{
      .from = program[0].a, .to = static_cast<std::uint8_t>((program[0].a + 1) % kAccounts), .amount = program[0].b};
}

std::uint64_t value_of_payment(std::uint64_t nonce) {
  TransactionRun run;
  run.see(nonce);
  return run.seen_;
}

std::string to_string(const Scenario& scenario) {
  std::string text = scenario.state_clearing ? "empty accounts are cleared" : "empty accounts stay";
  if (scenario.beneficiary) text += ", fees to " + std::to_string(*scenario.beneficiary);
  text += "\n";
  for (std::size_t i = 0; i < scenario.transactions.size(); ++i) {
    text += "  " + std::to_string(i) + ":";
    for (const Step& step : scenario.transactions[i])
      text += " " + std::string(kNames[static_cast<std::size_t>(step.operation)]) + "(" + std::to_string(step.a) + "," +
              std::to_string(step.b) + ")";
    text += "\n";
  }
  return text;
}

void TransactionRun::start(const Scenario& scenario, const Program& program, Journal& journal, bool defers_fee) {
  *this = {};
  scenario_ = &scenario;
  program_ = &program;
  journal_ = &journal;
  state_clearing_ = scenario.state_clearing;
  defers_fee_ = defers_fee;
  journal.begin_transaction();
}

bool TransactionRun::go_on() {
  const auto stop = [&] {
    if (journal_->fault() == StateFault::waiting) {
      journal_->clear_fault();
      return false;
    }
    journal_->abandon_transaction();
    return true;
  };
  for (; next_step_ < program_->size(); ++next_step_) {
    const Step& step = (*program_)[next_step_];
    if (step.operation == Operation::skip_if) {
      if (seen_ & 1) next_step_ += step.b;
    } else if (!execute(step)) {
      return stop();
    }
  }
  if (scenario_->beneficiary && !credit_beneficiary()) return stop();
  journal_->end_transaction(state_clearing_);
  value_ = seen_;
  return true;
}

bool TransactionRun::credit_beneficiary() {
  const Address address = account_address(*scenario_->beneficiary);
  if (defers_fee_ && !journal_->knows(address)) {
    has_deferred_fee_ = true;
    return true;
  }
  AccountEntry* account = journal_->account(address);
  if (account == nullptr) return false;
  credit(*account, u256{1});
  return true;
}

void TransactionRun::see(std::uint64_t value) noexcept {
  seen_ = (seen_ ^ value) * 0x9e3779b97f4a7c15u;
  seen_ ^= seen_ >> 29;
}

/// Code runs here: the EVM gives slots only to accounts that have code, or are getting it.
bool TransactionRun::runs(const AccountEntry& account) const {
  return account.has_code() || journal_->was_created_now(account);
}

void TransactionRun::credit(AccountEntry& account, const u256& amount) {
  journal_->add_balance(account, amount);
  journal_->touch(account, !state_clearing_);
}

void TransactionRun::pay(AccountEntry& from, AccountEntry& to, const u256& amount) {
  if (!journal_->covers(from, amount)) return see(1);
  journal_->subtract_balance(from, amount);
  credit(to, amount);
}

/// Records what the EVM would.
void TransactionRun::access_slot(const Step& step, SlotEntry& slot) {
  using Value = OperationLog::Value;
  const auto operate = [&](std::uint8_t opcode, const Value& a, const Value& b) {
    return log_ == nullptr || (a.made_by == OperationLog::kNone && b.made_by == OperationLog::kNone)
               ? OperationLog::kNone
               : log_->operate(opcode, a, b);
  };
  const Value current = log_ != nullptr ? log_->current_of(slot) : Value{.value = slot.current};
  Value stored;
  if (step.operation == Operation::load) {
    see(slot.current.low64());
    if (log_ != nullptr) log_->pin(current);
    return;
  }
  if (step.operation == Operation::store) {
    stored.value = u256{seen_ % 3};  // few values: the same one again is frequent
  } else {
    const Value added{.value = u256{step.b + 1u}}, limit{.value = u256{24}};
    stored = {.value = slot.current + added.value, .made_by = operate(OP_ADD, added, current)};
    const Value fits{.value = u256{stored.value < limit.value}, .made_by = operate(OP_LT, stored, limit)};
    see(fits.value.low64());
    if (log_ != nullptr) log_->branch_on(fits);
    if (fits.value.is_zero()) return;
  }
  if (log_ != nullptr) {
    log_->price_store(slot, stored);
    log_->store(slot, stored);
  }
  journal_->set_storage(slot, stored.value);
}

bool TransactionRun::execute(const Step& step) {
  AccountEntry* account = journal_->account(account_address(step.a));
  if (account == nullptr) return false;
  AccountEntry* next = nullptr;
  switch (step.operation) {
    case Operation::pay:
    case Operation::send:
    case Operation::destroy:
      next = journal_->account(account_address(static_cast<std::uint8_t>((step.a + 1) % kAccounts)));
      if (next == nullptr) return false;
      break;
    default:
      break;
  }
  switch (step.operation) {
    case Operation::load:
    case Operation::store:
    case Operation::add: {
      if (!runs(*account)) return true;
      SlotEntry* slot = journal_->slot(*account, u256{step.b});
      if (slot == nullptr) return false;
      access_slot(step, *slot);
      return true;
    }
    case Operation::balance:
      see(journal_->balance(*account).low64());
      return true;
    case Operation::nonce:
      see(journal_->nonce(*account));
      return true;
    case Operation::exists:
      see(journal_->exists(*account));
      return true;
    case Operation::dead:
      see(journal_->is_dead(*account));
      return true;
    case Operation::taken:
      see(journal_->is_taken(*account));
      return true;
    case Operation::code: {
      if (!account->has_code()) return true;
      const auto code = journal_->code(*account);
      if (!code) return false;
      see(code->size() + code->back());
      return true;
    }
    case Operation::credit:
      credit(*account, u256{step.b});
      return true;
    case Operation::pay:
      if (runs(*account)) pay(*account, *next, u256{step.b});
      return true;
    case Operation::send:
      see(journal_->nonce(*account));
      journal_->set_nonce(*account, account->nonce + 1);
      pay(*account, *next, u256{step.b});
      return true;
    case Operation::touch:
      journal_->touch(*account, !state_clearing_);
      return true;
    case Operation::destroy: {
      if (!runs(*account)) return true;
      const u256 balance = journal_->balance(*account);
      journal_->set_balance(*account, {});
      credit(*next, balance);
      journal_->destroy(*account);
      return true;
    }
    case Operation::create:
      if (journal_->is_taken(*account)) {
        see(2);
      } else {
        journal_->create_contract(*account, state_clearing_ ? 1 : 0);
        // Before EIP-161 a contract has no nonce. One without code could be made once more; but no sender has the same
        // nonce twice, and CREATE2 came later.
        if (!state_clearing_) journal_->set_code(*account, kCodes[0]);
      }
      return true;
    case Operation::deploy:
      if (runs(*account)) journal_->set_code(*account, kCodes[step.b % kCodes.size()]);
      return true;
    case Operation::checkpoint:
      checkpoint_ = journal_->checkpoint();
      if (log_ != nullptr) stores_at_checkpoint_ = log_->store_count();
      return true;
    case Operation::revert_if:
      if ((seen_ & 1) && checkpoint_) {
        journal_->revert(*checkpoint_);
        if (log_ != nullptr) log_->revert_stores(stores_at_checkpoint_);
      }
      checkpoint_.reset();
      return true;
    case Operation::fail_if:
      return seen_ % 4 != 0;
    case Operation::skip_if:
      break;
  }
  return true;
}

SerialResult run_serially(const Scenario& scenario) {
  SerialResult result;
  Journal journal(scenario.state);
  for (const Program& program : scenario.transactions) {
    TransactionRun run;
    run.start(scenario, program, journal, false);
    run.go_on();
    result.values.push_back(run.value());
  }
  result.diff = journal.diff();
  return result;
}

}  // namespace hocket::simulation
