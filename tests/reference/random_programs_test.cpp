// Random programs by seed: the optimised Evm and the reference must do the same with each. HOCKET_SEEDS changes how
// many; a seed that differs is printed with its scenario and can be run alone by HOCKET_FIRST_SEED.
#include "reference/program_generator.hpp"
#include "reference/scenario.hpp"
#include "support/environment.hpp"

#include <cstdlib>
#include <gtest/gtest.h>
#include <iostream>
#include <map>
#include <random>
#include <string>

namespace hocket::reference {
namespace {

Bytes random_bytes(std::uint64_t seed) {
  std::mt19937_64 random(seed);  // its numbers are the standard's: equal under every library
  Bytes bytes(64 + random() % 2500);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

TEST(RandomPrograms, EvmAgreesWithTheReference) {
  const std::uint64_t first = testing::from_environment("HOCKET_FIRST_SEED", 1);
  const std::uint64_t count =
      testing::from_environment("HOCKET_SEEDS", std::getenv("HOCKET_FULL") != nullptr ? 200'000 : 6'000);
  Comparison comparison;
  int failures = 0;
  for (std::uint64_t seed = first; seed < first + count && failures < 5; ++seed) {
    const Scenario scenario = make_scenario(random_bytes(seed));
    const auto difference = comparison.compare(scenario, manner_of(seed));
    failures += difference ? 1 : 0;
    EXPECT_FALSE(difference) << "seed " << seed << ": " << *difference << "\n" << to_string(scenario);
  }
  const auto& [with_other_values, redone, stores, contradicted] = comparison.redone();
  EXPECT_FALSE(contradicted);
  std::cout << with_other_values << " messages on other values, " << redone << " redone, " << stores
            << " other values stored\n";
  if (count < 1000) return;
  EXPECT_GT(with_other_values, count / 20);
  EXPECT_GT(redone, with_other_values / 5);
  EXPECT_GT(stores, redone / 50);
}

}  // namespace
}  // namespace hocket::reference
