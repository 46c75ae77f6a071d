// VmFixture: a VM test of ethereum/legacytests: code that is executed as it is, outside any transaction, by the rules
// of Frontier.
#pragma once

#include "conformance/fixture_values.hpp"
#include "conformance/test_result.hpp"
#include "evm/evm.hpp"

#include <optional>
#include <string>

namespace hocket {

struct VmFixture {
  /// What is left after an execution that did not fail.
  struct Expectation {
    InMemoryState post;
    std::uint64_t gas_left = 0;
    Hash32 logs_hash;
    Bytes output;
  };

  std::string name;
  BlockContext block;
  InMemoryState pre;
  Address recipient;
  Address sender;
  Address origin;
  Bytes code;
  Bytes input;
  u256 gas_price;
  u256 value;
  std::uint64_t gas = 0;
  /// Absent: the execution fails.
  std::optional<Expectation> expectation;
};

/// Errors: what is missing or malformed, without the name.
Result<VmFixture> decode_vm_fixture(std::string name, JsonValue value);

/// Thread safety: as `evm`.
TestResult run_vm_test(const VmFixture& fixture, Evm& evm);

}  // namespace hocket
