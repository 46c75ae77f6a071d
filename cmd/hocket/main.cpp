// The outermost edge: finds the command, lets CLI11 parse its options, turns every error into one line.
// Exceptions (CLI11's, and those of the standard library) end here.
#include "command.hpp"
#include "terminal.hpp"
#include "version.hpp"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <fmt/core.h>
#include <string>
#include <string_view>
#include <system_error>

namespace hocket {
namespace {

int usage_error(std::string_view who, std::string message) {
  fmt::print(stderr, "{}: {}; see '{} --help'\n", who, one_line(std::move(message)), who);
  return kExitUsage;
}

std::string command_names() {
  std::string names;
  for (const Command& command : command_table()) names += (names.empty() ? "" : ", ") + std::string(command.name);
  return names;
}

const Command* find_command(std::string_view name) {
  for (const Command& command : command_table())
    if (command.name == name) return &command;
  return nullptr;
}

// CLI11 looks for what is missing before it looks for what is too much; a mistyped option is what the user wants to
// hear about first. Empty: there is none.
std::string unknown_option(const CLI::App& command, int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--") break;
    if (word.size() < 2 || word[0] != '-') continue;
    if (word[1] >= '0' && word[1] <= '9') continue;  // a value below zero: no option's name is a number
    const std::string name(word.substr(0, word.find('=')));
    if (command.get_option_no_throw(name) == nullptr) return name;
  }
  return {};
}

// go-ethereum's `evm` takes a command's options before its name too, and differential fuzzers write them there
// (`evm --json --nomemory statetest`): options without a value go behind the name.
void put_command_first(int argc, char** argv) {
  int command = 1;
  while (command < argc && argv[command][0] == '-') ++command;
  if (command < argc && find_command(argv[command]) != nullptr)
    std::rotate(argv + 1, argv + command, argv + command + 1);
}

int run(int argc, char** argv) {
  put_command_first(argc, argv);
  CLI::App app{"Executes Ethereum blocks and checks them against their headers.", "hocket"};
  app.set_version_flag("--version", version_text(), "Print version, compiler and processor features");
  app.set_help_flag("-h,--help", "Print this help; 'hocket COMMAND --help' tells more");
  app.require_subcommand(0, 1);
  app.footer(
      "Examples:\n"
      "  hocket replay block.json            execute a block and check everything its header says\n"
      "  hocket replay --json blocks/ | jq   the same for a folder, for programs\n"
      "  hocket completion bash              a completion script for the shell");

  int status = 0;
  for (const Command& command : command_table()) {
    CLI::App* sub = app.add_subcommand(command.name, command.summary);
    sub->set_help_flag("-h,--help", "Print this help");
    auto body = command.define(*sub);
    sub->final_callback([&status, body = std::move(body)] { status = body(); });
  }

  if (argc == 1) return usage_error("hocket", fmt::format("expected a command: {}", command_names()));
  const std::string_view first = argv[1];
  const Command* command = find_command(first);
  if (!first.starts_with('-') && command == nullptr)
    return usage_error("hocket", fmt::format("unknown command '{}', expected one of {}", first, command_names()));
  const std::string who = command == nullptr ? "hocket" : fmt::format("hocket {}", first);
  const CLI::App& asked = command == nullptr ? app : *app.get_subcommand(command->name);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& request) {  // --help, --version
    status = app.exit(request);
  } catch (const CLI::ParseError& error) {
    const std::string option = unknown_option(asked, argc, argv);
    return usage_error(who, option.empty() ? error.what() : fmt::format("unknown option {}", option));
  } catch (const std::system_error&) {  // fmt's, of what it could not print
    if (!end_output(who)) return kExitFailure;
    throw;
  }
  return end_output(who) ? status : kExitFailure;
}

}  // namespace
}  // namespace hocket

int main(int argc, char** argv) {
  try {
    return hocket::run(argc, argv);
  } catch (const std::bad_alloc&) {
    fmt::print(stderr, "hocket: out of memory\n");
  } catch (const std::exception& error) {
    fmt::print(stderr, "hocket: {}\n", error.what());
  }
  return hocket::kExitFailure;
}
