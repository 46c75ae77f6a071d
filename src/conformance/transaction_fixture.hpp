// TransactionFixture: a transaction test of ethereum/tests: signed bytes, and for each fork whether they are a valid
// transaction, whatever the state. (What depends on the state is left to state tests.)
#pragma once

#include "conformance/fixture_values.hpp"
#include "conformance/test_result.hpp"

#include <optional>
#include <string>
#include <vector>

namespace hocket {

struct TransactionFixture {
  struct Expectation {
    std::string fork;
    /// Name of the reason to refuse it; absent: it is valid.
    std::optional<std::string> exception;
    // Of a valid one.
    Hash32 hash;
    Address sender;
    std::uint64_t intrinsic_gas = 0;
  };

  std::string name;
  /// Absent: not even hex.
  std::optional<Bytes> bytes;
  std::vector<Expectation> expectations;
};

/// Errors: what is missing or malformed, without the name.
Result<TransactionFixture> decode_transaction_fixture(std::string name, JsonValue value);

/// Thread safety: pure.
TestResult run_transaction_test(const TransactionFixture& fixture, const TransactionFixture::Expectation& expectation);

}  // namespace hocket
