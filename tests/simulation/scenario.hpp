// A block for the simulator: transactions that are lists of operations on a journal, over few accounts and slots. What
// a transaction gives is a number that every value it saw has gone into, so that one wrong read shows.
#pragma once

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
  std::vector<Program> transactions;
};

/// Thread safety: pure.
Scenario make_scenario(std::uint64_t seed);
std::string to_string(const Scenario& scenario);

/// Runs one transaction on `journal`, with its begin and end. Nothing: it failed, or the journal has a fault; the
/// journal is then as before.
std::optional<std::uint64_t> run_transaction(const Scenario& scenario, const Program& program, Journal& journal);

/// What the transactions give one after the other.
struct SerialResult {
  std::vector<std::optional<std::uint64_t>> values;
  StateDiff diff;
};
SerialResult run_serially(const Scenario& scenario);

}  // namespace hocket::simulation
