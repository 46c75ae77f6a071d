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
  BlockTestRunner() : executor_(programs_) {}

  TestResult run(BlockchainFixture fixture);

  /// As Evm::set_tracer.
  void set_tracer(Tracer* tracer) noexcept { executor_.evm().set_tracer(tracer); }
  /// Lets go of analysed code that is not needed between fixtures.
  void trim() { programs_.trim(); }

 private:
  ProgramCache programs_;
  SequentialExecutor executor_;
};

}  // namespace hocket
