#include "base/cpu.hpp"

namespace hocket {
namespace {

CpuFeatures detect() noexcept {
  CpuFeatures features;
#if defined(__x86_64__) && !defined(HOCKET_PORTABLE)
  // The builtin also asks the operating system whether it saves the vector registers.
  __builtin_cpu_init();
  features.bmi2 = __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
  features.adx = __builtin_cpu_supports("adx");
  features.avx2 = __builtin_cpu_supports("avx2");
  features.avx512 =
      __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
  features.avx512_ifma = features.avx512 && __builtin_cpu_supports("avx512ifma");
#endif
  return features;
}

}  // namespace

const CpuFeatures cpu_features = detect();

}  // namespace hocket
