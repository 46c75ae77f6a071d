// DifficultyTests: the proof-of-work difficulty of every fork, bombs and ommers included.
#include "block/difficulty.hpp"
#include "support/fixtures.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <ostream>

namespace hocket {
namespace {

using nlohmann::json;

struct DifficultyFile {
  const char* path;
  std::size_t cases;
};

void PrintTo(const DifficultyFile& file, std::ostream* out) { *out << file.path; }

std::uint64_t number(const json& test, const char* field) {
  return u256_from_text(test.at(field).get<std::string>()).value().low64();
}

class DifficultyFixtures : public ::testing::TestWithParam<DifficultyFile> {};

TEST_P(DifficultyFixtures, MatchTheFormula) {
  HOCKET_FIXTURE_PACK_OR_SKIP(pack, "ethereum-tests");
  std::ifstream stream(pack / "DifficultyTests" / GetParam().path);
  const json document = json::parse(stream);
  std::size_t cases = 0;
  for (const auto& [title, by_fork] : document.items()) {
    for (const auto& [fork, tests] : by_fork.items()) {
      if (fork == "_info") continue;
      const auto config = fixture_network(fork);
      ASSERT_TRUE(config) << fork;
      for (const auto& [name, test] : tests.items()) {
        const u256 computed =
            difficulty({.number = number(test, "currentBlockNumber"),
                        .timestamp = number(test, "currentTimestamp"),
                        .parent_timestamp = number(test, "parentTimestamp"),
                        .parent_difficulty = u256_from_text(test.at("parentDifficulty").get<std::string>()).value(),
                        .parent_has_ommers = number(test, "parentUncles") != 0},
                       *config);
        EXPECT_EQ(to_quantity(computed),
                  to_quantity(u256_from_text(test.at("currentDifficulty").get<std::string>()).value()))
            << fork << " " << name;
        ++cases;
      }
    }
  }
  EXPECT_EQ(cases, GetParam().cases);
}

INSTANTIATE_TEST_SUITE_P(Files, DifficultyFixtures,
                         ::testing::Values(DifficultyFile{"dfFrontier/difficultyFrontier.json", 2254},
                                           DifficultyFile{"dfHomestead/difficultyHomestead.json", 2254},
                                           DifficultyFile{"dfByzantium/difficultyByzantium.json", 2254},
                                           DifficultyFile{"dfConstantinople/difficultyConstantinople.json", 2254},
                                           DifficultyFile{"dfEIP2384/difficultyEIP2384.json", 2254},
                                           DifficultyFile{"dfEIP2384/difficultyEIP2384_random.json", 1000},
                                           DifficultyFile{"dfEIP2384/difficultyEIP2384_random_to20M.json", 1000},
                                           DifficultyFile{"dfArrowGlacier/difficultyArrowGlacier.json", 880},
                                           DifficultyFile{"dfArrowGlacier/difficultyArrowGlacierForkBlock.json", 500},
                                           DifficultyFile{"dfArrowGlacier/difficultyArrowGlacierMinus1.json", 880},
                                           DifficultyFile{"dfArrowGlacier/difficultyArrowGlacierTimeDiff1.json", 202},
                                           DifficultyFile{"dfArrowGlacier/difficultyArrowGlacierTimeDiff2.json", 202},
                                           DifficultyFile{"dfGrayGlacier/difficultyGrayGlacier.json", 880},
                                           DifficultyFile{"dfGrayGlacier/difficultyGrayGlacierForkBlock.json", 500},
                                           DifficultyFile{"dfGrayGlacier/difficultyGrayGlacierMinus1.json", 880},
                                           DifficultyFile{"dfGrayGlacier/difficultyGrayGlacierTimeDiff1.json", 202},
                                           DifficultyFile{"dfGrayGlacier/difficultyGrayGlacierTimeDiff2.json", 202}));

}  // namespace
}  // namespace hocket
