#include "conformance/suite.hpp"

#include "replay/json_reader.hpp"

#include <condition_variable>
#include <fmt/format.h>
#include <map>
#include <mutex>
#include <sys/resource.h>
#include <thread>

namespace hocket {
namespace {

/// How many documents may be finished or under way beyond the first unfinished one, a worker: a slow document must not
/// let the reports of all others pile up.
constexpr std::size_t kWindowPerWorker = 32;

class Pool {
 public:
  Pool(InputFiles files, const SuiteOptions& options) : files_(std::move(files)), options_(options) {}

  void work(DocumentRunner& runner) {
    while (auto job = take()) finish(job->index, runner.run_document(job->document));
  }

  const SuiteTotals& totals() const noexcept { return totals_; }

 private:
  struct Job {
    std::size_t index;
    Result<InputDocument> document;
  };

  std::optional<Job> take() {
    std::unique_lock lock(mutex_);
    reported_.wait(lock, [this] { return next_index_ < report_index_ + kWindowPerWorker * options_.workers; });
    while (!at_end_) {
      auto document = files_.next();
      if (document && !*document) {
        at_end_ = true;
        break;
      }
      if (!document) return Job{next_index_++, std::unexpected(std::move(document).error())};
      if (options_.accepts && !options_.accepts((*document)->name)) continue;
      if (accepted_++ % options_.stride != 0) continue;
      return Job{next_index_++, **std::move(document)};
    }
    return std::nullopt;
  }

  void finish(std::size_t index, DocumentReport report) {
    const std::lock_guard lock(mutex_);
    waiting_.emplace(index, std::move(report));
    while (!waiting_.empty() && waiting_.begin()->first == report_index_) {
      const DocumentReport ready = std::move(waiting_.begin()->second);
      waiting_.erase(waiting_.begin());
      ++report_index_;
      count(ready);
      if (options_.on_report) options_.on_report(ready);
    }
    if (options_.on_progress) options_.on_progress(files_, totals_);
    reported_.notify_all();
  }

  void count(const DocumentReport& report) {
    ++totals_.documents;
    if (report.error) ++totals_.unreadable;
    for (const TestResult& result : report.results) {
      if (result.is_malformed) ++totals_.malformed;
      switch (result.verdict) {
        case TestVerdict::passed:
          ++totals_.passed;
          break;
        case TestVerdict::failed:
          ++totals_.failed;
          break;
        case TestVerdict::out_of_scope:
          ++totals_.out_of_scope;
          break;
        case TestVerdict::wrong_fixture:
          ++totals_.wrong_fixtures;
          break;
      }
    }
  }

  std::mutex mutex_;
  std::condition_variable reported_;
  // Guarded by mutex_.
  InputFiles files_;
  bool at_end_ = false;
  std::size_t accepted_ = 0;
  std::size_t next_index_ = 0;
  std::size_t report_index_ = 0;
  std::map<std::size_t, DocumentReport> waiting_;
  SuiteTotals totals_;

  const SuiteOptions& options_;
};

/// The tests of a document by name. Errors: it is no such thing.
Result<JsonObject> parse_tests(simdjson::dom::parser& parser, const std::string& text) {
  JsonValue root;
  // InputDocument keeps the room behind the text that the parser wants.
  static_assert(InputDocument::kTextPadding >= simdjson::SIMDJSON_PADDING);
  if (const auto error = parser.parse(text.data(), text.size(), false).get(root); error != simdjson::SUCCESS)
    return fail(json::describe_fault(text, error));
  HOCKET_TRY(const JsonObject tests, read_json<JsonObject>(root));
  HOCKET_CHECK(check_unique_keys(tests));
  if (tests.size() == 0) return fail("expected tests, found an empty object");
  return tests;
}

}  // namespace

DocumentReport DocumentRunner::run_document(const Result<InputDocument>& document) {
  DocumentReport report;
  if (!document) {
    report.error = document.error().message;
    return report;
  }
  report.name = document->name;
  auto tests = parse_tests(parser_, document->text);
  if (!tests) {
    report.error = std::move(tests).error().in(report.name).message;
    return report;
  }
  for (const auto [name, test] : *tests) {
    if (const auto unique = check_unique_keys_within(test); unique)
      run(name, test, report.results);
    else
      report.results.push_back(TestResult::malformed(name, "", unique.error()));
  }
  document_done();
  return report;
}

SuiteTotals run_suite(InputFiles files, const std::function<std::unique_ptr<DocumentRunner>()>& make_runner,
                      const SuiteOptions& options) {
  const auto started = std::chrono::steady_clock::now();
  Pool pool(std::move(files), options);
  const auto work = [&] { pool.work(*make_runner()); };
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < options.workers; ++i) threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();
  SuiteTotals totals = pool.totals();
  totals.elapsed = std::chrono::steady_clock::now() - started;
  return totals;
}

std::string summary(const SuiteTotals& totals) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::string text = fmt::format("{} {}: {} passed, {} failed", totals.documents,
                                 totals.documents == 1 ? "document" : "documents", totals.passed, totals.failed);
  if (totals.malformed != 0) text += fmt::format(" ({} malformed)", totals.malformed);
  if (totals.out_of_scope != 0) text += fmt::format(", {} out of scope", totals.out_of_scope);
  if (totals.wrong_fixtures != 0) text += fmt::format(", {} wrong fixtures", totals.wrong_fixtures);
  if (totals.unreadable != 0) text += fmt::format(", {} unreadable", totals.unreadable);
  return text + fmt::format("; {:.1f} s, peak memory {} MiB", totals.elapsed.count(), usage.ru_maxrss / 1024);
}

}  // namespace hocket
