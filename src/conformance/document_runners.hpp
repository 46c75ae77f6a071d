// The DocumentRunners of the official suites: which tests of a document to run, and with what.
#pragma once

#include "conformance/json_trace.hpp"
#include "conformance/suite.hpp"
#include "transition/executor.hpp"

#include <optional>
#include <regex>
#include <string>

namespace hocket {

/// Which tests of a document to run, and how.
struct TestSelection {
  /// Searched in the test's name; empty: all.
  std::optional<std::regex> name;
  /// Of state tests; empty: all.
  std::string fork;
  /// Of state tests: the position among the results of a test, forks in the document's order.
  std::optional<std::size_t> index;
  /// For the results of one state test that may take minutes; no more than one with a trace.
  std::size_t threads = 1;
  /// Of what executes the blocks of block tests; empty: sequentially. Not with a trace.
  MakeExecutor make_executor;

  bool takes(std::string_view test_name) const;
};

/// Transaction tests and VM tests have no command of their own in go-ethereum, and none here.
std::unique_ptr<DocumentRunner> make_transaction_test_runner();
std::unique_ptr<DocumentRunner> make_vm_test_runner();

/// `trace`: gets the steps, and the state root after each test; nullptr: no tracing.
/// Thread safety: a trace serves one runner.
std::unique_ptr<DocumentRunner> make_state_test_runner(const TestSelection& selection, JsonTrace* trace = nullptr);
std::unique_ptr<DocumentRunner> make_block_test_runner(const TestSelection& selection, JsonTrace* trace = nullptr);

}  // namespace hocket
