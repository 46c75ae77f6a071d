#include "conformance/test_result.hpp"

#include "base/hex.hpp"
#include "conformance/fixture_json.hpp"

namespace hocket {
namespace {

std::string error_of(const TestResult& result) {
  switch (result.verdict) {
    case TestVerdict::out_of_scope:
      return "out of scope: network " + result.fork;
    case TestVerdict::wrong_fixture:
      return "the fixture is wrong: " + result.error;
    default:
      return result.error;
  }
}

}  // namespace

std::string to_json(const TestResult& result) {
  const bool passed = result.verdict == TestVerdict::passed;
  std::string json = "  {\n    \"name\": " + json_quoted(result.name);
  json += std::string(",\n    \"pass\": ") + (passed ? "true" : "false");
  if (result.state_root) json += ",\n    \"stateRoot\": \"" + to_hex(*result.state_root) + '"';
  json += ",\n    \"fork\": " + json_quoted(result.fork);
  if (const std::string error = error_of(result); !error.empty()) json += ",\n    \"error\": " + json_quoted(error);
  return json + "\n  }";
}

std::string to_line(const TestResult& result) {
  switch (result.verdict) {
    case TestVerdict::passed:
      return "[PASS] " + result.name;
    case TestVerdict::failed:
      return "[FAIL] " + result.name + ", err=" + result.error + ", fork=" + result.fork;
    default:
      return "[SKIP] " + result.name + ", " + error_of(result);
  }
}

}  // namespace hocket
