#include "version.hpp"

#include <fmt/core.h>

namespace hocket {
namespace {

std::string compiler() {
#if defined(__clang__)
  return fmt::format("clang {}.{}.{}", __clang_major__, __clang_minor__, __clang_patchlevel__);
#else
  return fmt::format("g++ {}.{}.{}", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
#endif
}

std::string processor_features() {
#if defined(__x86_64__) && !defined(HOCKET_PORTABLE)
  // Those, and only those, that the engine chooses code by at run time.
  std::string features = "x86-64-v2";
  if (__builtin_cpu_supports("avx2")) features += " avx2";
  if (__builtin_cpu_supports("bmi2")) features += " bmi2";
  if (__builtin_cpu_supports("adx")) features += " adx";
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")) features += " avx512f avx512vl";
  return features;
#else
  return "none (portable code only)";
#endif
}

std::string build_kind() {
#ifdef NDEBUG
  return "release";
#else
  return "with debug assertions";
#endif
}

}  // namespace

std::string version_text() {
  return fmt::format("hocket {}\ncompiler:  {}, {}\nprocessor: {}", HOCKET_VERSION, compiler(), build_kind(),
                     processor_features());
}

}  // namespace hocket
