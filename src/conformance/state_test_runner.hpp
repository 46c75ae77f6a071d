// Runs general state tests: one transaction on a given state in a given block, and what it leaves behind.
#pragma once

#include "conformance/state_fixture.hpp"
#include "conformance/test_result.hpp"
#include "evm/evm.hpp"
#include "evm/program_cache.hpp"

namespace hocket {

/// Keeps its interpreter between tests. Thread safety: one thread at a time.
class StateTestRunner {
 public:
  StateTestRunner() : evm_(programs_) {}

  /// Executes one expectation of `fixture` and compares state root, logs, and the reason of a rejection.
  TestResult run(const StateFixture& fixture, const StateFixture::Expectation& expectation);

  /// As Evm::set_tracer.
  void set_tracer(Tracer* tracer) noexcept { evm_.set_tracer(tracer); }
  /// Lets go of analysed code that is not needed between fixtures.
  void trim() { programs_.trim(); }

 private:
  ProgramCache programs_;
  Evm evm_;
};

}  // namespace hocket
