// Scenario: a small world and the messages sent into it, executed by the optimised Evm and by the reference.
#pragma once

#include "core/receipt.hpp"
#include "evm/evm.hpp"
#include "protocol/revision.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hocket::reference {

struct ScenarioAccount {
  Address address;
  std::uint64_t nonce = 0;
  u256 balance;
  Bytes code;
  std::vector<std::pair<u256, u256>> storage;
};

struct ScenarioMessage {
  std::int64_t gas = 0;
  u256 value;
  /// Absent: a creation, with `input` as its init code.
  std::optional<Address> to;
  Bytes input;
};

struct Scenario {
  Revision revision = Revision::frontier;
  BlockContext block;
  std::vector<ScenarioAccount> accounts;
  std::vector<std::pair<std::uint64_t, Hash32>> block_hashes;
  Address sender;
  u256 gas_price;
  std::vector<Hash32> blob_hashes;
  /// Sent one after the other, each as its own transaction.
  std::vector<ScenarioMessage> messages;
};

/// How the optimised Evm goes through a scenario.
enum class Manner : std::uint8_t {
  at_once,
  traced,
  suspended,  // at each slot that it reads for the first time, then resumed
  redone,     // on other values of slots; then, if possible, what depends on them is done again with the right ones
};
/// Each of them for some numbers.
constexpr Manner manner_of(std::uint64_t number) noexcept { return static_cast<Manner>(number % 4); }

/// Executes scenarios with both. One Evm serves all of them, as it does in use. Thread safety: none.
class Comparison {
 public:
  Comparison();

  /// Executes the messages with the optimised Evm on one Journal for all of them, and with the reference on a fresh one
  /// for each. Compares status class (success, revert, failure), gas left, output, logs and refund of each message, and
  /// the state in the end. The Evm does it at once and, where `also` is another manner, again in that one; the result
  /// must be the same. The first difference, or nothing.
  std::optional<std::string> compare(const Scenario& scenario, Manner also);

  /// Messages in Manner::redone of which slots had other values, and how many of them were not executed again.
  struct Redone {
    std::uint64_t with_other_values = 0;
    std::uint64_t redone = 0;
    std::uint64_t stores = 0;   // of which something else was stored
    bool contradicted = false;  // a log, by an instruction
  };
  const Redone& redone() const noexcept { return redone_; }

 private:
  Redone redone_;
  ProgramCache programs_{std::size_t{1} << 20};
  Evm evm_;
};

/// The scenario as text that a bug report can hold.
std::string to_string(const Scenario& scenario);

}  // namespace hocket::reference
