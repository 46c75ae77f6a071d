#include "conformance/document_runners.hpp"

#include "base/hex.hpp"
#include "conformance/block_test_runner.hpp"
#include "conformance/known_wrong_fixtures.hpp"
#include "conformance/state_test_runner.hpp"
#include "conformance/transaction_fixture.hpp"
#include "conformance/vm_fixture.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

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

class StateTests final : public DocumentRunner {
 public:
  StateTests(const TestSelection& selection, JsonTrace* trace) : selection_(selection), trace_(trace) {
    runner_.set_tracer(trace);
  }

  void run(std::string_view name, JsonValue test, std::vector<TestResult>& results) override {
    if (!selection_.takes(name)) return;
    const auto fixture = decode_state_fixture(std::string(name), test);
    if (!fixture) return results.push_back(TestResult::malformed(name, "", fixture.error()));
    std::vector<const Expectation*> chosen;
    std::size_t index = 0;
    for (const auto& expectation : fixture->expectations) {
      const bool is_chosen = (!selection_.index || *selection_.index == index) &&
                             (selection_.fork.empty() || selection_.fork == expectation.fork);
      ++index;
      if (!is_chosen) continue;
      chosen.push_back(&expectation);
    }
    const bool is_shared = chosen.size() > 1 && may_take_minutes(*fixture);
    const std::size_t threads = is_shared ? std::min(selection_.threads, chosen.size()) : 1;
    if (threads > 1)
      run_concurrently(*fixture, chosen, threads, results);
    else
      for (const Expectation* expectation : chosen) results.push_back(run_one(runner_, *fixture, *expectation));
  }

  void document_done() override { runner_.trim(); }

 private:
  using Expectation = StateFixture::Expectation;

  /// Ten thousand million gas can be a minute of BLAKE2b, for each fork.
  static bool may_take_minutes(const StateFixture& fixture) {
    constexpr std::uint64_t kManyGas = 1'000'000'000;
    const auto transaction = fixture.transaction(fixture.expectations.front());
    return transaction && transaction->gas_limit > kManyGas && fixture.environment.gas_limit > kManyGas;
  }

  TestResult run_one(StateTestRunner& runner, const StateFixture& fixture, const Expectation& expectation) {
    if (auto wrong = wrong_fixture_result(fixture.name, expectation.fork)) return *std::move(wrong);
    TestResult result = runner.run(fixture, expectation);
    if (trace_ != nullptr && result.state_root)
      trace_->write_line("{\"stateRoot\": \"" + to_hex(*result.state_root) + "\"}");
    return result;
  }

  void run_concurrently(const StateFixture& fixture, const std::vector<const Expectation*>& chosen, std::size_t threads,
                        std::vector<TestResult>& results) {
    const std::size_t first = results.size();
    results.resize(first + chosen.size());
    std::atomic<std::size_t> next{0};  // a ticket each; what the results hold is published by the join
    const auto work = [&](StateTestRunner& runner) {
      for (std::size_t i = next.fetch_add(1, std::memory_order_relaxed); i < chosen.size();
           i = next.fetch_add(1, std::memory_order_relaxed))
        results[first + i] = run_one(runner, fixture, *chosen[i]);
    };
    std::vector<std::thread> others;
    for (std::size_t i = 1; i < threads; ++i)
      others.emplace_back([&] {
        StateTestRunner runner;
        work(runner);
      });
    work(runner_);
    for (std::thread& other : others) other.join();
  }

  const TestSelection& selection_;
  JsonTrace* trace_;
  StateTestRunner runner_;
};

class BlockTests final : public DocumentRunner {
 public:
  BlockTests(const TestSelection& selection, JsonTrace* trace)
      : selection_(selection), trace_(trace), runner_(selection.make_executor) {
    runner_.set_tracer(trace);
  }

  void run(std::string_view name, JsonValue test, std::vector<TestResult>& results) override {
    if (!selection_.takes(name)) return;
    auto fixture = decode_blockchain_fixture(std::string(name), test);
    if (!fixture) return results.push_back(TestResult::malformed(name, "", fixture.error()));
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
    if (!fixture) return results.push_back(TestResult::malformed(name, "", fixture.error()));
    for (const auto& expectation : fixture->expectations) {
      auto wrong = wrong_fixture_result(name, expectation.fork);
      results.push_back(wrong ? *std::move(wrong) : run_transaction_test(*fixture, expectation));
    }
  }
};

class VmTests final : public DocumentRunner {
  void run(std::string_view name, JsonValue test, std::vector<TestResult>& results) override {
    const auto fixture = decode_vm_fixture(std::string(name), test);
    if (!fixture) return results.push_back(TestResult::malformed(name, "", fixture.error()));
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
