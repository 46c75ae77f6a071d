// TestResult: how one test ended, and how go-ethereum's `evm statetest` and `evm blocktest` report it.
#pragma once

#include "base/fixed_bytes.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hocket {

enum class TestVerdict : std::uint8_t {
  passed,
  failed,
  out_of_scope,   // a network that Hocket does not execute
  wrong_fixture,  // on the list of known_wrong_fixtures.hpp
};

struct TestResult {
  std::string name;
  std::string fork;
  TestVerdict verdict = TestVerdict::passed;
  /// Root of the state afterwards, where there is one.
  std::optional<Hash32> state_root;
  /// Why it failed, in one line.
  std::string error;
  /// It failed because the fixture does not say what to run.
  bool is_malformed = false;

  static TestResult of(std::string_view name, std::string_view fork) {
    TestResult result;
    result.name = name;
    result.fork = fork;
    return result;
  }

  /// `error` names the place in the test.
  static TestResult malformed(std::string_view name, std::string_view fork, const Error& error) {
    TestResult result = of(name, fork);
    result.fail_with("malformed fixture: " + error.message);
    result.is_malformed = true;
    return result;
  }

  void fail_with(std::string message) {
    verdict = TestVerdict::failed;
    error = std::move(message);
  }
};

/// One object of go-ethereum's JSON array, indented as there.
std::string to_json(const TestResult& result);
/// One line for a person, "[PASS] name" or "[FAIL] name, err=..., fork=...".
std::string to_line(const TestResult& result);

}  // namespace hocket
