// Bytecode: the input makes a small world and messages (tests/reference/program_generator.hpp), which the optimised Evm
// and the reference execute; they must agree on status, gas, output, logs, refund and state. HOCKET_PRINT=1 prints the
// scenario, for a report.
#include "reference/program_generator.hpp"
#include "reference/scenario.hpp"

#include <cstdio>
#include <cstdlib>
#include <sys/resource.h>

using namespace hocket;

/// The reference allocates every number: where from is not worth recording.
extern "C" const char* __asan_default_options() { return "malloc_context_size=2:detect_stack_use_after_return=0"; }

/// The reference recurses 1024 calls deep, with the sanitizers' large frames.
extern "C" int LLVMFuzzerInitialize(int*, char***) {
  rlimit limit{};
  getrlimit(RLIMIT_STACK, &limit);
  limit.rlim_cur = limit.rlim_max == RLIM_INFINITY ? rlim_t{100} << 20 : limit.rlim_max;
  setrlimit(RLIMIT_STACK, &limit);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const reference::Scenario scenario = reference::make_scenario({data, size});
  if (std::getenv("HOCKET_PRINT") != nullptr) std::puts(to_string(scenario).c_str());
  static reference::Comparison comparison;
  if (const auto difference = comparison.compare(scenario, reference::manner_of(size))) {
    std::fprintf(stderr, "%s\n%s", difference->c_str(), to_string(scenario).c_str());
    std::abort();
  }
  if (comparison.redone().contradicted) {
    std::fprintf(stderr, "an instruction has not given what the operation log says\n%s", to_string(scenario).c_str());
    std::abort();
  }
  return 0;
}
