// Every case of the precompile vectors: output, gas, and failure where it is due.
#include "base/hex.hpp"
#include "evm/precompiles/precompile.hpp"
#include "support/fixtures.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <ostream>
#include <set>
#include <string>

namespace hocket {
namespace {

struct VectorFile {
  const char* name;
  std::uint8_t last_address_bytes[2];
  Revision revision;  // whose prices the file states
  std::size_t case_count;
};

void PrintTo(const VectorFile& file, std::ostream* out) { *out << file.name; }

constexpr VectorFile kFiles[] = {
    {"blake2F", {0, 0x09}, Revision::istanbul, 5},          {"blsG1Add", {0, 0x0b}, Revision::prague, 112},
    {"blsG1Mul", {0, 0x0c}, Revision::prague, 11},          {"blsG1MultiExp", {0, 0x0c}, Revision::prague, 154},
    {"blsG2Add", {0, 0x0d}, Revision::prague, 112},         {"blsG2Mul", {0, 0x0e}, Revision::prague, 11},
    {"blsG2MultiExp", {0, 0x0e}, Revision::prague, 153},    {"blsMapG1", {0, 0x10}, Revision::prague, 105},
    {"blsMapG2", {0, 0x11}, Revision::prague, 105},         {"blsPairing", {0, 0x0f}, Revision::prague, 106},
    {"bn256Add", {0, 0x06}, Revision::istanbul, 16},        {"bn256Pairing", {0, 0x08}, Revision::istanbul, 14},
    {"bn256ScalarMul", {0, 0x07}, Revision::istanbul, 19},  {"ecRecover", {0, 0x01}, Revision::osaka, 5},
    {"modexp", {0, 0x05}, Revision::byzantium, 17},         {"modexp_eip2565", {0, 0x05}, Revision::berlin, 47},
    {"modexp_eip7883", {0, 0x05}, Revision::osaka, 45},     {"p256Verify", {1, 0x00}, Revision::osaka, 782},
    {"pointEvaluation", {0, 0x0a}, Revision::cancun, 1},    {"fail-blake2f", {0, 0x09}, Revision::istanbul, 4},
    {"fail-blsG1Add", {0, 0x0b}, Revision::prague, 6},      {"fail-blsG1Mul", {0, 0x0c}, Revision::prague, 7},
    {"fail-blsG1MultiExp", {0, 0x0c}, Revision::prague, 7}, {"fail-blsG2Add", {0, 0x0d}, Revision::prague, 6},
    {"fail-blsG2Mul", {0, 0x0e}, Revision::prague, 7},      {"fail-blsG2MultiExp", {0, 0x0e}, Revision::prague, 7},
    {"fail-blsMapG1", {0, 0x10}, Revision::prague, 5},      {"fail-blsMapG2", {0, 0x11}, Revision::prague, 5},
    {"fail-blsPairing", {0, 0x0f}, Revision::prague, 9},
};

constexpr std::int64_t kEnoughGas = std::int64_t{1} << 60;

class PrecompileVectors : public ::testing::TestWithParam<VectorFile> {};

TEST_P(PrecompileVectors, AllCases) {
  HOCKET_FIXTURE_PACK_OR_SKIP(pack, "precompiles");
  const VectorFile& file = GetParam();
  const auto path = pack / "precompiles/precompiles" / (std::string(file.name) + ".json");
  std::ifstream stream(path);
  ASSERT_TRUE(stream) << path;
  const auto cases = nlohmann::json::parse(stream);
  EXPECT_EQ(cases.size(), file.case_count) << path;

  const Spec& spec = spec_of(file.revision);
  Address address;
  address.bytes[18] = file.last_address_bytes[0];
  address.bytes[19] = file.last_address_bytes[1];
  const std::uint16_t index = precompile_at(spec, address);
  ASSERT_NE(index, 0);

  Bytes output;
  for (const auto& test : cases) {
    SCOPED_TRACE(path.string() + ": " + test.at("Name").get<std::string>());
    const auto input = from_hex(test.at("Input").get<std::string>());
    ASSERT_TRUE(input);
    const auto result = run_precompile(index, spec, *input, kEnoughGas, output);
    if (test.contains("ExpectedError")) {
      EXPECT_FALSE(result.success);
      EXPECT_EQ(result.gas_left, 0);
      EXPECT_TRUE(output.empty());
      continue;
    }
    EXPECT_TRUE(result.success);
    EXPECT_EQ(to_hex_bare(output), test.at("Expected").get<std::string>());
    if (!test.contains("Gas")) continue;
    const auto gas = test.at("Gas").get<std::int64_t>();
    EXPECT_EQ(kEnoughGas - result.gas_left, gas);
    // Exactly the price is enough, one less is not.
    const auto exact = run_precompile(index, spec, *input, gas, output);
    EXPECT_TRUE(exact.success);
    EXPECT_EQ(exact.gas_left, 0);
    if (gas > 0) {
      EXPECT_FALSE(run_precompile(index, spec, *input, gas - 1, output).success);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Files, PrecompileVectors, ::testing::ValuesIn(kFiles), [](const auto& test) {
  std::string name = test.param.name;
  std::erase_if(name, [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); });
  return name;
});

TEST(PrecompileVectorFiles, NoneIsLeftOut) {
  HOCKET_FIXTURE_PACK_OR_SKIP(pack, "precompiles");
  std::set<std::string> known;
  for (const auto& file : kFiles) known.insert(std::string(file.name) + ".json");
  for (const auto& entry : std::filesystem::directory_iterator(pack / "precompiles/precompiles"))
    EXPECT_TRUE(known.contains(entry.path().filename().string())) << entry.path();
}

}  // namespace
}  // namespace hocket
