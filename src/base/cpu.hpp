// What this processor has beyond x86-64-v2, found once at start-up. Code that gains from a feature has a portable twin
// beside it and chooses between the two at run time; with HOCKET_PORTABLE everything here is false.
#pragma once

namespace hocket {

struct CpuFeatures {
  bool bmi2 = false;         // mulx, rorx; BMI1 (andn) is asked for too
  bool adx = false;          // adcx, adox: two carry chains
  bool avx2 = false;         // 4 lanes of 64 bits
  bool avx512 = false;       // F, BW and VL: 8 lanes, three-input logic, rotation, masks
  bool avx512_ifma = false;  // those, and multiplication of 52 bits
};

/// Thread safety: read-only once static initialisation is over. Code that runs before it, in another file's static
/// initialiser, sees every feature absent and takes the portable path, which gives the same results.
extern const CpuFeatures cpu_features;

}  // namespace hocket
