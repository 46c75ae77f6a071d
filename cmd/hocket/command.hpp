// Command: one subcommand of `hocket`. Adding one is a file in commands/ and a row in command_table.cpp; help and shell
// completion follow from what the command tells CLI11.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <span>

namespace hocket {

/// What the process answers. 0: all is well.
inline constexpr int kExitFailure = 1;  // a block, a file or a test failed
inline constexpr int kExitUsage = 2;    // the command line was not understood

struct Command {
  const char* name;
  const char* summary;  // one line, for `hocket --help`
  /// Adds options, examples and notes to the command's own `app` and returns what runs the command once they are
  /// parsed; the function owns what the options were stored in. It returns the exit status.
  std::function<int()> (*define)(CLI::App& app);
};

extern const Command kReplayCommand;
extern const Command kStateTestCommand;
extern const Command kBlockTestCommand;
extern const Command kBenchCommand;
extern const Command kAnalyzeCommand;
extern const Command kSamplesCommand;
extern const Command kCompletionCommand;

/// Every command, in the order of the help.
std::span<const Command> command_table();

}  // namespace hocket
