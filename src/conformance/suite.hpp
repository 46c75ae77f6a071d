// Suite: runs every fixture document under some paths on several threads, with bounded memory, and reports in the
// documents' order whatever order the threads finish in.
#pragma once

#include "conformance/fixture_json.hpp"
#include "conformance/test_result.hpp"
#include "replay/input_files.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hocket {

struct SuiteTotals {
  std::size_t documents = 0;
  std::size_t passed = 0;
  std::size_t failed = 0;
  /// Of those that failed: tests that cannot be run as they are.
  std::size_t malformed = 0;
  std::size_t out_of_scope = 0;
  std::size_t wrong_fixtures = 0;
  /// Documents that could not be read, or hold no tests.
  std::size_t unreadable = 0;
  std::chrono::duration<double> elapsed{};

  std::size_t tests() const noexcept { return passed + failed + out_of_scope + wrong_fixtures; }
  bool all_passed() const noexcept { return failed == 0 && unreadable == 0; }
};

/// What came out of one document.
struct DocumentReport {
  std::string name;
  std::vector<TestResult> results;
  /// The document is no fixture, or cannot be read. In one line, with its name.
  std::optional<std::string> error;
};

/// Runs the tests of documents on one thread. Made once a thread.
class DocumentRunner {
 public:
  virtual ~DocumentRunner() = default;

  /// Runs the tests of one document. `document`: may be an error, which the report then has.
  DocumentReport run_document(const Result<InputDocument>& document);

 protected:
  /// Appends the results of test `name`; a malformed one has failed.
  virtual void run(std::string_view name, JsonValue test, std::vector<TestResult>& results) = 0;
  /// A document is done: what only it needed may go.
  virtual void document_done() {}

 private:
  simdjson::dom::parser parser_;
};

struct SuiteOptions {
  std::size_t workers = 1;
  /// Called for each document, in order, on one thread at a time.
  std::function<void(const DocumentReport&)> on_report;
  /// Called now and then, on one thread at a time.
  std::function<void(const InputFiles&, const SuiteTotals&)> on_progress;
  /// Which documents to take, by name; empty: all.
  std::function<bool(std::string_view)> accepts;
  /// Of those only every `stride`-th, for a sample.
  std::size_t stride = 1;
};

/// A document is an object of tests by name. Documents are run whole by one thread.
/// Thread safety: `make_runner` is called from several threads.
SuiteTotals run_suite(InputFiles files, const std::function<std::unique_ptr<DocumentRunner>()>& make_runner,
                      const SuiteOptions& options);

/// "12 documents: 300 passed, 0 failed, ...; 1.2 s, peak memory 45 MiB".
std::string summary(const SuiteTotals& totals);

}  // namespace hocket
