// Counting a benchmark's instructions: with HOCKET_COUNT in the environment, callgrind collects what the measured body
// does and nothing around it (scripts/bench-counts). Without it a body costs one predicted branch more.
#pragma once

#include <cstdlib>

#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#else
#define CALLGRIND_START_INSTRUMENTATION
#define CALLGRIND_STOP_INSTRUMENTATION
#define CALLGRIND_TOGGLE_COLLECT
#endif

namespace hocket {

inline const bool is_counting = std::getenv("HOCKET_COUNT") != nullptr;

/// What is executed in its lifetime is counted.
class Counted {
 public:
  Counted() noexcept {
    if (!is_counting) return;
    CALLGRIND_START_INSTRUMENTATION;
    CALLGRIND_TOGGLE_COLLECT;
  }
  ~Counted() {
    if (!is_counting) return;
    CALLGRIND_TOGGLE_COLLECT;
    CALLGRIND_STOP_INSTRUMENTATION;
  }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
};

}  // namespace hocket
