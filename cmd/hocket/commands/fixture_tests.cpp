#include "commands/fixture_tests.hpp"

#include "base/hex.hpp"
#include "base/processors.hpp"
#include "command.hpp"
#include "number_checks.hpp"
#include "parallel/parallel_executor.hpp"
#include "terminal.hpp"

#include <chrono>
#include <cstdio>
#include <fmt/core.h>
#include <iostream>
#include <unistd.h>

namespace hocket {
namespace {

using Clock = std::chrono::steady_clock;

/// Prints reports as they come: a JSON array on standard output, or lines for people.
class Printer {
 public:
  Printer(const FixtureTestOptions& options, std::string_view command) : options_(options), command_(command) {}

  void begin() {
    if (!options_.human) std::fputs("[", stdout);
    printed_any_ = false;
  }

  void print(const DocumentReport& report) {
    clear_progress();
    std::string roots;
    std::string text;
    for (const TestResult& result : report.results) {
      if (options_.human) {
        if (result.verdict != TestVerdict::passed || !is_quiet_) text += to_line(result) + "\n";
        continue;
      }
      text += (printed_any_ ? ",\n" : "\n") + to_json(result);
      printed_any_ = true;
      if (result.state_root) roots += "{\"stateRoot\": \"" + to_hex(*result.state_root) + "\"}\n";
    }
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
    // A trace has the state roots in it already.
    if (!options_.is_tracing() && !is_block_test()) std::fwrite(roots.data(), 1, roots.size(), stderr);
    for (const TestResult& result : report.results)
      if (result.is_malformed) print_error(fmt::format("{}: {}: {}", report.name, result.name, result.error));
    if (report.error) print_error(*report.error);
  }

  void end() {
    if (!options_.human) std::fputs(printed_any_ ? "\n]\n" : "]\n", stdout);
    std::fflush(stdout);
  }

  /// People who run thousands of tests want to see those that failed.
  void set_quiet() { is_quiet_ = true; }

  void show_progress(const InputFiles& files, const SuiteTotals& totals) {
    static const bool kIsTerminal = isatty(STDERR_FILENO) != 0;
    if (!kIsTerminal || Clock::now() - last_progress_ < std::chrono::milliseconds(200)) return;
    last_progress_ = Clock::now();
    fmt::print(stderr, "\r\033[K{}/{} files, {} passed, {} failed", files.files_done(), files.files_found(),
               totals.passed, totals.failed);
    shows_progress_ = true;
  }

  void print_summary(const SuiteTotals& totals) {
    clear_progress();
    fmt::print(stderr, "hocket {}: {}\n", command_, summary(totals));
  }

 private:
  void print_error(std::string message) const {
    fmt::print(stderr, "hocket {}: {}\n", command_, one_line(std::move(message)));
  }

  bool is_block_test() const { return command_ == "blocktest"; }

  void clear_progress() {
    if (shows_progress_) std::fputs("\r\033[K", stderr);
    shows_progress_ = false;
  }

  const FixtureTestOptions& options_;
  std::string_view command_;
  bool printed_any_ = false;
  bool is_quiet_ = false;
  bool shows_progress_ = false;
  Clock::time_point last_progress_;
};

struct Session {
  std::string_view command;
  const FixtureTestOptions& options;
  MakeDocumentRunner make_runner;
  TestSelection selection;
  std::unique_ptr<JsonTrace> trace;
  std::unique_ptr<WorkerPool> pool;  // of parallel executions
};

/// Blocks are executed in parallel, even small ones: their result is what is tested. `documents`: at the same time.
void execute_in_parallel(Session& session, std::size_t documents) {
  const unsigned threads = session.options.threads;
  session.pool = std::make_unique<WorkerPool>(static_cast<unsigned>(documents) * (threads - 1) + 1);
  session.selection.make_executor = [threads, &pool = *session.pool](ProgramCache& programs) {
    ParallelOptions options;
    options.threads = threads;
    options.forced = true;
    return std::make_unique<ParallelExecutor>(programs, pool, std::move(options));
  };
}

/// As go-ethereum: a failed test is a result, and no failure of the command, unless it was asked to check. What cannot
/// be read or run is one always.
int exit_status(const FixtureTestOptions& options, const SuiteTotals& totals) {
  if (totals.unreadable != 0 || totals.malformed != 0) return kExitFailure;
  if (!options.human && !options.check) return 0;
  return totals.all_passed() && totals.tests() != 0 ? 0 : kExitFailure;
}

int run_paths(Session& session) {
  const FixtureTestOptions& options = session.options;
  Printer printer(options, session.command);
  SuiteOptions suite;
  suite.workers = options.workers != 0 ? options.workers : available_processors();
  if (options.is_tracing()) suite.workers = 1;  // the lines of one test must not mix with those of another
  suite.stride = options.stride;
  session.selection.threads = suite.workers;
  if (options.threads > 1) execute_in_parallel(session, suite.workers);
  suite.on_report = [&](const DocumentReport& report) { printer.print(report); };
  suite.on_progress = [&](const InputFiles& files, const SuiteTotals& totals) { printer.show_progress(files, totals); };
  printer.set_quiet();
  printer.begin();
  const SuiteTotals totals = run_suite(
      InputFiles(options.paths), [&] { return session.make_runner(session.selection, session.trace.get()); }, suite);
  if (session.trace) session.trace->flush();
  printer.end();
  // Drivers that give one file read standard error as JSON lines.
  if (options.human || options.check || totals.documents != 1) printer.print_summary(totals);
  return exit_status(options, totals);
}

/// Batch mode: a file name a line, until an empty one; the results of each at once.
int run_batch(Session& session) {
  Printer printer(session.options, session.command);
  if (session.options.threads > 1) execute_in_parallel(session, 1);
  const auto runner = session.make_runner(session.selection, session.trace.get());
  int status = 0;
  for (std::string path; std::getline(std::cin, path) && !path.empty();) {
    InputFiles files({path});
    printer.begin();
    while (true) {
      auto document = files.next();
      if (document && !*document) break;
      const DocumentReport report =
          runner->run_document(document ? Result<InputDocument>(**std::move(document))
                                        : Result<InputDocument>(std::unexpected(std::move(document).error())));
      if (session.trace) session.trace->flush();
      printer.print(report);
      const bool tests_count = session.options.human || session.options.check;
      const bool failed = std::ranges::any_of(report.results, [&](const TestResult& result) {
        return result.is_malformed || (tests_count && result.verdict == TestVerdict::failed);
      });
      if (report.error || failed) status = kExitFailure;
    }
    printer.end();
  }
  return status;
}

}  // namespace

void add_fixture_test_options(CLI::App& app, FixtureTestOptions& options) {
  app.add_option("path", options.paths,
                 "Fixtures: files, folders, patterns, archives (tar, gzip, zstd). None: file names on standard input")
      ->type_name("PATH");
  app.add_option("--run", options.run_pattern, "Only the tests whose name this regular expression is found in")
      ->type_name("REGEX");
  app.add_flag("--human", options.human,
               "Lines for people instead of JSON, only of tests that did not pass; "
               "exit status as with --check");
  app.add_flag("--check", options.check,
               "Exit status 1 if a test fails or none is run (without it, as in "
               "go-ethereum, only if a file or a test in it cannot be read)");
  app.add_option("--workers", options.workers, "Threads (default: one a processor; with --trace one)")
      ->type_name("N")
      ->check(whole_number(1, 1024));
  app.add_option("--stride", options.stride, "Only every N-th document, for a sample")
      ->type_name("N")
      ->check(whole_number(1));
  app.add_flag("--trace", options.trace, "EIP-3155 lines on standard error");
  app.add_option("--trace.format", options.trace_format, "Format of the trace; only json")
      ->type_name("NAME")
      ->check(CLI::IsMember({"json"}));
  app.add_flag("--trace.nomemory,--nomemory,!--trace.memory", options.no_memory,
               "No memory in the trace (the default)");
  app.add_flag("--trace.nostack,--nostack", options.no_stack, "No stack in the trace");
  app.add_flag("--trace.nostorage,--nostorage", options.no_storage,
               "Accepted for go-ethereum's sake; EIP-3155 lines have no storage");
  app.add_flag("--trace.noreturndata,--noreturndata,!--trace.returndata", options.no_return_data,
               "No return data in the trace (the default)");
  app.add_flag("--json", options.json, "Old name of --trace --trace.format=json");
}

int run_fixture_tests(std::string_view command, const FixtureTestOptions& options, MakeDocumentRunner make_runner) {
  Session session{command, options, make_runner, {}, {}, {}};
  if (options.is_tracing() && options.threads > 1) {
    fmt::print(stderr, "hocket {}: --threads {}: expected 1, as a trace is of one execution after the other\n", command,
               options.threads);
    return kExitUsage;
  }
  if (!options.run_pattern.empty()) {
    try {
      session.selection.name.emplace(options.run_pattern, std::regex::ECMAScript | std::regex::optimize);
    } catch (const std::regex_error& error) {
      fmt::print(stderr, "hocket {}: --run: expected a regular expression: {}\n", command, error.what());
      return kExitUsage;
    }
  }
  session.selection.fork = options.fork;
  if (options.index >= 0) session.selection.index = static_cast<std::size_t>(options.index);
  if (options.is_tracing()) {
    const JsonTraceOptions trace{.stack = !options.no_stack,
                                 .memory = !options.no_memory,
                                 .return_data = !options.no_return_data,
                                 .inner_exits = false};
    session.trace = std::make_unique<JsonTrace>(trace, stderr);
  }
  return options.paths.empty() ? run_batch(session) : run_paths(session);
}

}  // namespace hocket
