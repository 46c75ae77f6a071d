// StateFixture: one general state test, as ethereum/tests and execution-spec-tests write it: a block environment, a
// pre-state, a transaction with several values a field, and for each fork what chosen combinations must give.
#pragma once

#include "conformance/fixture_values.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace hocket {

struct StateFixture {
  /// The block that the transaction runs in. What a fork does not know is ignored.
  struct Environment {
    Address beneficiary;
    u256 difficulty;
    std::uint64_t number = 0;
    std::uint64_t gas_limit = 0;
    std::uint64_t timestamp = 0;
    std::optional<Hash32> random;
    std::optional<u256> base_fee;
    std::optional<std::uint64_t> excess_blob_gas;
  };

  /// What one combination must give under one fork.
  struct Expectation {
    std::string fork;
    std::size_t data_index = 0;
    std::size_t gas_index = 0;
    std::size_t value_index = 0;
    Hash32 state_root;
    Hash32 logs_hash;
    /// Names of the reasons to reject the transaction, separated by '|'; absent: it is valid.
    std::optional<std::string> exception;
    /// The signed transaction.
    std::optional<Bytes> transaction_bytes;
  };

  std::string name;
  Environment environment;
  InMemoryState pre;
  std::vector<Expectation> expectations;

  /// The transaction of a combination, with its sender, without signature.
  /// Errors: an index beyond the lists, or a value that no transaction can hold (fixtures have them on purpose).
  Result<Transaction> transaction(const Expectation& expectation) const;
  /// The fork's rules with what the fixture's `config` changes. As `decode_network`.
  Result<std::optional<ChainConfig>> network(std::string_view fork) const { return decode_network(fork, config_); }

 private:
  friend Result<StateFixture> decode_state_fixture(std::string name, JsonValue value);

  JsonObject transaction_;
  std::optional<JsonObject> config_;
};

/// Errors: what is missing or malformed, without the name. The result refers to the parsed document.
Result<StateFixture> decode_state_fixture(std::string name, JsonValue value);

}  // namespace hocket
