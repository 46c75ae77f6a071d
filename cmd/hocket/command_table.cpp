#include "command.hpp"

#include <array>

namespace hocket {

std::span<const Command> command_table() {
  static const std::array table{
      kReplayCommand,    kBenchCommand,   kAnalyzeCommand,    kStateTestCommand,
      kBlockTestCommand, kSamplesCommand, kCompletionCommand,
  };
  return table;
}

}  // namespace hocket
