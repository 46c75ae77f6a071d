// What `hocket statetest` and `hocket blocktest` have in common: options, input, output, all in the conventions of
// go-ethereum's `evm statetest` and `evm blocktest`.
#pragma once

#include "conformance/document_runners.hpp"

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hocket {

struct FixtureTestOptions {
  std::vector<std::string> paths;
  std::string run_pattern;
  std::string fork;
  int index = -1;
  bool trace = false;
  bool json = false;  // go-ethereum's old name for tracing as JSON
  std::string trace_format = "json";
  bool no_memory = true;
  bool no_stack = false;
  bool no_storage = false;
  bool no_return_data = true;
  bool human = false;
  bool check = false;
  std::size_t workers = 0;  // 0: one a processor
  std::size_t stride = 1;
  unsigned threads = 1;  // of each block's execution; blocktest only

  bool is_tracing() const noexcept { return trace || json; }
};

using MakeDocumentRunner = std::unique_ptr<DocumentRunner> (*)(const TestSelection&, JsonTrace*);

/// Adds the options that both commands have.
void add_fixture_test_options(CLI::App& app, FixtureTestOptions& options);

/// Runs everything and prints the results. Returns the exit status.
int run_fixture_tests(std::string_view command, const FixtureTestOptions& options, MakeDocumentRunner make_runner);

}  // namespace hocket
