// hocket statetest: runs general state tests, as go-ethereum's `evm statetest` does.
#include "command.hpp"
#include "commands/fixture_tests.hpp"
#include "number_checks.hpp"

#include <limits>

namespace hocket {
namespace {

std::function<int()> define(CLI::App& app) {
  auto options = std::make_shared<FixtureTestOptions>();
  add_fixture_test_options(app, *options);
  app.add_option("--statetest.fork", options->fork, "Only the results of this fork")->type_name("NAME");
  constexpr int kMostIndex = std::numeric_limits<int>::max();
  const auto is_index = [known = whole_number(0, kMostIndex)](std::string& text) {
    return text == "-1" ? std::string() : known(text);
  };
  app.add_option("--statetest.index", options->index,
                 "Only this result of each test, counted from 0; -1: all (default)")
      ->type_name("N")
      ->check(CLI::Validator(is_index, ""));
  app.footer(
      "Compares state root, logs, and the reason why an invalid transaction is refused. Results are a JSON array on\n"
      "standard output, state roots and traces go to standard error.\n"
      "Examples:\n"
      "  hocket statetest --human GeneralStateTests/\n"
      "  hocket statetest --trace --statetest.fork Cancun test.json 2> trace.jsonl\n"
      "  ls *.json | hocket statetest");
  return [options] { return run_fixture_tests("statetest", *options, make_state_test_runner); };
}

}  // namespace

const Command kStateTestCommand{"statetest", "Run official state tests", define};

}  // namespace hocket
