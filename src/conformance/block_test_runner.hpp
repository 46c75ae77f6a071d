// Runs blockchain tests: gives the blocks of a fixture to a chain, one after the other, and compares what is refused
// and why, the head, and the state after it.
#pragma once

#include "conformance/blockchain_fixture.hpp"
#include "conformance/test_result.hpp"
#include "evm/program_cache.hpp"
#include "transition/executor.hpp"

namespace hocket {

/// Keeps its interpreter between tests. Thread safety: one thread at a time.
class BlockTestRunner {
 public:
  /// `make_executor`: of what executes the blocks; empty: sequentially.
  explicit BlockTestRunner(const MakeExecutor& make_executor = {})
      : executor_(make_executor ? make_executor(programs_) : std::make_unique<SequentialExecutor>(programs_)) {}

  TestResult run(BlockchainFixture fixture);

  /// As Evm::set_tracer. Requires: the blocks are executed sequentially.
  void set_tracer(Tracer* tracer) noexcept { executor_->evm().set_tracer(tracer); }
  /// Lets go of analysed code that is not needed between fixtures.
  void trim() { programs_.trim(); }

 private:
  ProgramCache programs_;
  std::unique_ptr<Executor> executor_;
};

}  // namespace hocket
