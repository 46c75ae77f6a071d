#include "conformance/document_runners.hpp"

#include "base/hex.hpp"
#include "conformance/block_test_runner.hpp"
#include "conformance/known_wrong_fixtures.hpp"
#include "conformance/state_test_runner.hpp"
#include "conformance/transaction_fixture.hpp"
#include "conformance/vm_fixture.hpp"

namespace hocket {
namespace {

/// The result of a test that is not run because it is known to be wrong; nothing if it is not.
std::optional<TestResult> wrong_fixture_result(std::string_view name, std::string_view fork) {
  const WrongFixture* wrong = find_wrong_fixture(name, fork);
  if (wrong == nullptr) return std::nullopt;
  TestResult result = TestResult::of(name, fork);
  result.verdict = TestVerdict::wrong_fixture;
  result.error = wrong->proof;
  return result;
}

TestResult malformed(std::string_view name, const Error& error) {
  TestResult result = TestResult::of(name, "");
  result.fail_with("malformed fixture: " + error.message);
  return result;
}

class StateTests final : public DocumentRunner {
 public:
  StateTests(const TestSelection& selection, JsonTrace* trace) : selection_(selection), trace_(trace) {
    runner_.set_tracer(trace);
  }

  void run(std::string_view name, JsonValue test, std::vector<TestResult>& results) override {
    if (!selection_.takes(name)) return;
    const auto fixture = decode_state_fixture(std::string(name), test);
    if (!fixture) return results.push_back(malformed(name, fixture.error()));
    std::size_t index = 0;
    for (const auto& expectation : fixture->expectations) {
      const bool is_chosen = (!selection_.index || *selection_.index == index) &&
                             (selection_.fork.empty() || selection_.fork == expectation.fork);
      ++index;
      if (!is_chosen) continue;
      if (auto wrong = wrong_fixture_result(name, expectation.fork)) {
        results.push_back(*std::move(wrong));
        continue;
      }
      results.push_back(runner_.run(*fixture, expectation));
      if (trace_ != nullptr && results.back().state_root)
        trace_->write_line("{\"stateRoot\": \"" + to_hex(*results.back().state_root) + "\"}");
    }
  }

  void document_done() override { runner_.trim(); }

 private:
  const TestSelection& selection_;
  JsonTrace* trace_;
  StateTestRunner runner_;
};

class BlockTests final : public DocumentRunner {
 public:
  BlockTests(const TestSelection& selection, JsonTrace* trace) : selection_(selection), trace_(trace) {
    runner_.set_tracer(trace);
  }

  void run(std::string_view name, JsonValue test, std::vector<TestResult>& results) override {
    if (!selection_.takes(name)) return;
    auto fixture = decode_blockchain_fixture(std::string(name), test);
    if (!fixture) return results.push_back(malformed(name, fixture.error()));
    auto wrong = wrong_fixture_result(name, fixture->network);
    results.push_back(wrong ? *std::move(wrong) : runner_.run(*std::move(fixture)));
    if (trace_ != nullptr) write_end(results.back());
  }

  void document_done() override { runner_.trim(); }

 private:
  /// By this line differential fuzzers know that the trace of a test is complete.
  void write_end(const TestResult& result) {
    const bool passed = result.verdict == TestVerdict::passed;
    trace_->write_line(std::string("{\"stateRoot\":\"") + (result.state_root ? to_hex(*result.state_root) : "0x") +
                       "\",\"pass\":" + (passed ? "true" : "false") + "}");
  }

  const TestSelection& selection_;
  JsonTrace* trace_;
  BlockTestRunner runner_;
};

class TransactionTests final : public DocumentRunner {
  void run(std::string_view name, JsonValue test, std::vector<TestResult>& results) override {
    const auto fixture = decode_transaction_fixture(std::string(name), test);
    if (!fixture) return results.push_back(malformed(name, fixture.error()));
    for (const auto& expectation : fixture->expectations) {
      auto wrong = wrong_fixture_result(name, expectation.fork);
      results.push_back(wrong ? *std::move(wrong) : run_transaction_test(*fixture, expectation));
    }
  }
};

class VmTests final : public DocumentRunner {
  void run(std::string_view name, JsonValue test, std::vector<TestResult>& results) override {
    const auto fixture = decode_vm_fixture(std::string(name), test);
    if (!fixture) return results.push_back(malformed(name, fixture.error()));
    results.push_back(run_vm_test(*fixture, evm_));
  }

  void document_done() override { programs_.trim(); }

  ProgramCache programs_;
  Evm evm_{programs_};
};

}  // namespace

bool TestSelection::takes(std::string_view test_name) const {
  return !name || std::regex_search(test_name.begin(), test_name.end(), *name);
}

std::unique_ptr<DocumentRunner> make_state_test_runner(const TestSelection& selection, JsonTrace* trace) {
  return std::make_unique<StateTests>(selection, trace);
}

std::unique_ptr<DocumentRunner> make_transaction_test_runner() { return std::make_unique<TransactionTests>(); }

std::unique_ptr<DocumentRunner> make_vm_test_runner() { return std::make_unique<VmTests>(); }

std::unique_ptr<DocumentRunner> make_block_test_runner(const TestSelection& selection, JsonTrace* trace) {
  return std::make_unique<BlockTests>(selection, trace);
}

}  // namespace hocket
