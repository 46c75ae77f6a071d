#include "version.hpp"

#include "base/cpu.hpp"

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
  std::string features;
  const auto add = [&](bool there, const char* name) {
    if (there) features += std::string(features.empty() ? "" : ", ") + name;
  };
  add(cpu_features.bmi2, "BMI2");
  add(cpu_features.adx, "ADX");
  add(cpu_features.avx2, "AVX2");
  add(cpu_features.avx512, "AVX-512");
  return features.empty() ? "portable code only" : features;
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
