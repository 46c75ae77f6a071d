// hocket blocktest: runs blockchain tests, as go-ethereum's `evm blocktest` does.
#include "command.hpp"
#include "commands/fixture_tests.hpp"
#include "number_checks.hpp"

namespace hocket {
namespace {

std::function<int()> define(CLI::App& app) {
  auto options = std::make_shared<FixtureTestOptions>();
  add_fixture_test_options(app, *options);
  app.add_option("--threads", options->threads,
                 "Threads that execute each block, with the parallel executor even where a block is small "
                 "(default: 1, sequentially)")
      ->type_name("N")
      ->check(whole_number(1, 1024));
  app.footer(
      "Imports the blocks of each fixture and compares what is refused and why, the last block, and the state after\n"
      "it. Results are a JSON array on standard output, traces go to standard error.\n"
      "Examples:\n"
      "  hocket blocktest --human BlockchainTests/\n"
      "  hocket blocktest --human --threads 8 BlockchainTests/\n"
      "  hocket blocktest --run Cancun eest-blockchain.tar.zst");
  return [options] { return run_fixture_tests("blocktest", *options, make_block_test_runner); };
}

}  // namespace

const Command kBlockTestCommand{"blocktest", "Run official blockchain tests", define};

}  // namespace hocket
