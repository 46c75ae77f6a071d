// Help, version, completion, and command lines that are not understood.
#include "cli/program.hpp"

#include <gtest/gtest.h>

namespace hocket::testing {
namespace {

const char* const kCommands[] = {"replay", "bench", "analyze", "statetest", "blocktest", "samples", "completion"};

bool is_installed(const std::string& program) { return run_program({"sh", "-c", "command -v " + program}).status == 0; }

TEST(Help, NamesEveryCommand) {
  const Outcome outcome = run_hocket({"--help"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.err, "");
  for (const char* command : kCommands) EXPECT_NE(outcome.out.find(command), std::string::npos) << command;
  EXPECT_NE(outcome.out.find("Examples:"), std::string::npos);
}

TEST(Help, OfEveryCommandHasAnExample) {
  for (const char* command : kCommands) {
    const Outcome outcome = run_hocket({command, "--help"});
    EXPECT_EQ(outcome.status, 0) << command;
    EXPECT_NE(outcome.out.find("Usage: hocket " + std::string(command)), std::string::npos) << outcome.out;
    EXPECT_NE(outcome.out.find("Example"), std::string::npos) << command;
    EXPECT_EQ(outcome.err, "") << command;
  }
}

TEST(Help, OfReplaySaysWhatIsNotChecked) {
  EXPECT_NE(run_hocket({"replay", "--help"}).out.find("proof-of-work seal is not checked"), std::string::npos);
}

TEST(Version, NamesVersionCompilerAndProcessor) {
  const Outcome outcome = run_hocket({"--version"});
  EXPECT_EQ(outcome.status, 0);
  const auto lines = Outcome::lines(outcome.out);
  ASSERT_EQ(lines.size(), 3u) << outcome.out;
  EXPECT_TRUE(lines[0].starts_with("hocket ")) << lines[0];
  EXPECT_TRUE(lines[1].starts_with("compiler: ")) << lines[1];
  EXPECT_TRUE(lines[2].starts_with("processor: ")) << lines[2];
}

struct WrongLine {
  std::vector<std::string> arguments;
  std::string expected;
};

TEST(CommandLine, WrongOnesGetOneLineAndStatusTwo) {
  const WrongLine lines_and_answers[] = {
      {{}, "hocket: expected a command: replay, "},
      {{"play"}, "hocket: unknown command 'play', expected one of replay, "},
      {{"--verbos"}, "hocket: unknown option --verbos"},
      {{"replay"}, "hocket replay: paths is required"},
      {{"replay", "--jsn", "x"}, "hocket replay: unknown option --jsn"},
      {{"replay", "--jsn"}, "hocket replay: unknown option --jsn"},
      {{"replay", "--repeat", "0", "x"}, "hocket replay: --repeat: "},
      {{"replay", "--repeat", "many", "x"}, "hocket replay: --repeat: "},
      {{"replay", "--repeat"}, "hocket replay: --repeat: "},
      {{"replay", "--threads", "-1", "x"}, "hocket replay: --threads: -1: expected a whole number from 1 to 1024"},
      {{"statetest", "--stride", "0", "x"},
       "hocket statetest: --stride: 0: expected a whole number from 1, below 2^64"},
      {{"statetest", "--stride", "0.5", "x"}, "hocket statetest: --stride: 0.5: expected a whole number from 1"},
      {{"statetest", "--statetest.index", "-2", "x"},
       "hocket statetest: --statetest.index: -2: expected a whole number from 0 to 2147483647"},
      {{"analyze", "--top", "many", "x"}, "hocket analyze: --top: many: expected a whole number from 0 to 1000000"},
      {{"replay", "--threads", "0", "x"}, "hocket replay: --threads: "},
      {{"replay", "--threads", "1025", "x"}, "hocket replay: --threads: "},
      {{"replay", "--threads", "all", "x"}, "hocket replay: --threads: "},
      {{"replay", "x", "--threads"}, "hocket replay: --threads: "},
      {{"completion", "fish"}, "hocket completion: shell: fish not in {bash,zsh}"},
      {{"samples", "a", "b"}, "hocket samples: "},
  };
  for (const WrongLine& line : lines_and_answers) {
    const Outcome outcome = run_hocket(line.arguments);
    EXPECT_EQ(outcome.status, 2) << line.expected;
    EXPECT_EQ(outcome.out, "") << line.expected;
    EXPECT_EQ(Outcome::lines(outcome.err).size(), 1u) << outcome.err;
    EXPECT_TRUE(outcome.err.starts_with(line.expected)) << outcome.err << "expected " << line.expected;
    EXPECT_NE(outcome.err.find("--help'"), std::string::npos) << outcome.err;
  }
}

TEST(CommandLine, OutputThatCannotBeWrittenIsAFailure) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "no /dev/full";
  const std::pair<const char*, const char*> lines_and_names[] = {
      {"--help", "hocket"},
      {"--version", "hocket"},
      {"replay --help", "hocket replay"},
      {"bench --list", "hocket bench"},
      {"completion bash", "hocket completion"},
      {"completion zsh", "hocket completion"},
      {"statetest --human --help", "hocket statetest"},
  };
  for (const auto& [line, name] : lines_and_names) {
    const Outcome outcome = run_program({"sh", "-c", "\"" + hocket_path() + "\" " + line + " > /dev/full"});
    EXPECT_EQ(outcome.status, 1) << line;
    EXPECT_EQ(outcome.err, std::string(name) + ": standard output: cannot be written\n") << line;
  }
}

// What bash offers for a line whose last word is being typed.
std::string completions(const std::vector<std::string>& line) {
  std::string words;
  for (const std::string& word : line) words += " '" + word + "'";
  const std::string script = "source <(\"" + hocket_path() + "\" completion bash); COMP_WORDS=(" + words +
                             "); COMP_CWORD=" + std::to_string(line.size() - 1) + "; _hocket; echo \"${COMPREPLY[@]}\"";
  const Outcome outcome = run_program({"bash", "-c", script});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  return outcome.out;
}

TEST(Completion, BashCompletesCommandsOptionsAndChoices) {
  EXPECT_EQ(run_program({"bash", "-c", "source <(\"" + hocket_path() + "\" completion bash); complete -p hocket"}).out,
            "complete -F _hocket hocket\n");
  EXPECT_EQ(completions({"hocket", "rep"}), "replay\n");
  EXPECT_EQ(completions({"hocket", "--ver"}), "--version\n");
  EXPECT_EQ(completions({"hocket", "replay", "--keep"}), "--keep-going\n");
  EXPECT_EQ(completions({"hocket", "replay", "--repeat", ""}), "\n");
  EXPECT_EQ(completions({"hocket", "replay", "--thr"}), "--threads\n");
  EXPECT_EQ(completions({"hocket", "replay", "--threads", ""}), "\n");
  EXPECT_EQ(completions({"hocket", "replay", "--comp"}), "--compare\n");
  EXPECT_EQ(completions({"hocket", "replay", "--repo"}), "--report\n");
  EXPECT_EQ(completions({"hocket", "completion", ""}), "bash zsh\n");
}

TEST(Completion, BashCompletesFileNames) {
  const TemporaryFolder folder;
  const std::string file = folder.write("19934116.json", "{}");
  EXPECT_EQ(completions({"hocket", "replay", (folder.path() / "199").string()}), file + "\n");
}

TEST(Completion, ZshAcceptsTheScript) {
  const Outcome script = run_hocket({"completion", "zsh"});
  EXPECT_EQ(script.status, 0);
  EXPECT_TRUE(script.out.starts_with("#compdef hocket\n"));
  for (const char* command : kCommands) EXPECT_NE(script.out.find(command), std::string::npos) << command;
  if (!is_installed("zsh")) GTEST_SKIP() << "zsh is not installed: its script is not tried";
  const TemporaryFolder folder;
  const std::string file = folder.write("_hocket", script.out);
  const Outcome outcome = run_program({"zsh", "-n", file});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
}

}  // namespace
}  // namespace hocket::testing
