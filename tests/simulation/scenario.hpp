// A block for the simulator: transactions that are lists of operations on a journal, over few accounts and slots. What
// a transaction gives is a number that every value it saw has gone into, so that one wrong read shows.
#pragma once

#include "evm/operation_log.hpp"
#include "state/in_memory_state.hpp"
#include "state/journal.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hocket::simulation {

enum class Operation : std::uint8_t {
  load,        // slot `b` of account `a`
  store,       // there, a value that depends on what was seen
  add,         // to it, unless that would be too much
  balance,     // looks at
  nonce,       //
  exists,      //
  dead,        //
  taken,       //
  code,        //
  credit,      // `b` to account `a`
  pay,         // `b` from account `a` to the next one, if covered
  send,        // as a sender: raises its nonce, pays if covered
  touch,       //
  destroy,     // its balance to the next one
  create,      // if the address is free
  deploy,      // sets the code
  skip_if,     // what was seen is odd: the next `b` operations
  checkpoint,  //
  revert_if,   // what was seen is odd: everything since the checkpoint
  fail_if,     // what was seen is a multiple of 4: the transaction gives nothing
};
inline constexpr int kOperationCount = static_cast<int>(Operation::fail_if) + 1;

struct Step {
  Operation operation = Operation::load;
  std::uint8_t a = 0;
  std::uint8_t b = 0;
};

using Program = std::vector<Step>;

/// Accounts, by number: a contract with storage, a contract, an account with a balance, one that exists and is empty,
/// and two that do not exist.
inline constexpr std::uint8_t kAccounts = 6;
Address account_address(std::uint8_t number);

struct Scenario {
  InMemoryState state;
  bool state_clearing = true;  // EIP-161
  /// Credited with 1 by each transaction that gives something.
  std::optional<std::uint8_t> beneficiary;
  std::vector<Program> transactions;
};

/// A transaction that is one payment from one account to the next.
struct Payment {
  std::uint8_t from = 0;
  std::uint8_t to = 0;
  std::uint8_t amount = 0;
};
/// Nothing: the program does something else as well, or pays nothing. Thread safety: pure.
std::optional<Payment> payment_of(const Program& program);
/// The value of a transaction that pays from an account with this nonce, which covers it. Thread safety: pure.
std::uint64_t value_of_payment(std::uint64_t nonce);

/// Thread safety: pure.
Scenario make_scenario(std::uint64_t seed);
std::string to_string(const Scenario& scenario);

/// One transaction under way, with its begin and end. Thread safety: none.
class TransactionRun {
 public:
  /// `defers_fee`: the beneficiary, unless the transaction has loaded it, is left to be credited by others.
  void start(const Scenario& scenario, const Program& program, Journal& journal, bool defers_fee);
  /// Goes on to the end. False: it has stopped at a read that gave StateFault::waiting, and may go on later, at that
  /// read.
  bool go_on();
  /// From here on, as far as `log` follows slots. Null: nothing is recorded.
  void record_in(OperationLog* log) noexcept {
    log_ = log;
    stores_at_checkpoint_ = 0;
  }

  // At the end.
  /// Nothing: it failed, or the journal has a fault; the journal is then as before.
  const std::optional<std::uint64_t>& value() const noexcept { return value_; }
  bool has_deferred_fee() const noexcept { return has_deferred_fee_; }

 private:
  friend std::uint64_t value_of_payment(std::uint64_t nonce);
  void see(std::uint64_t value) noexcept;
  bool runs(const AccountEntry& account) const;
  void credit(AccountEntry& account, const u256& amount);
  void pay(AccountEntry& from, AccountEntry& to, const u256& amount);
  void access_slot(const Step& step, SlotEntry& slot);
  /// False: the transaction gives nothing, or waits. Reads what it needs before it changes anything.
  bool execute(const Step& step);
  bool credit_beneficiary();

  const Scenario* scenario_ = nullptr;
  const Program* program_ = nullptr;
  Journal* journal_ = nullptr;
  bool state_clearing_ = true;
  bool defers_fee_ = false;
  std::size_t next_step_ = 0;
  std::uint64_t seen_ = 0;
  std::optional<Journal::Checkpoint> checkpoint_;
  OperationLog* log_ = nullptr;
  std::size_t stores_at_checkpoint_ = 0;
  std::optional<std::uint64_t> value_;
  bool has_deferred_fee_ = false;
};

/// What the transactions give one after the other.
struct SerialResult {
  std::vector<std::optional<std::uint64_t>> values;
  StateDiff diff;
};
SerialResult run_serially(const Scenario& scenario);

}  // namespace hocket::simulation
