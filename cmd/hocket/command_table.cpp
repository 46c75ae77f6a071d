#include "command.hpp"

#include <array>

namespace hocket {

std::span<const Command> command_table() {
  static const std::array kTable{
      kReplayCommand, kStateTestCommand, kBlockTestCommand, kSamplesCommand, kCompletionCommand,
  };
  return kTable;
}

}  // namespace hocket
