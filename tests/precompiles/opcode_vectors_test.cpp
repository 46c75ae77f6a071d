// The two-operand opcode vectors, on the word arithmetic itself. Y is the top of the stack, X lies below it.
#include "base/hex.hpp"
#include "base/uint256.hpp"
#include "support/fixtures.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>

namespace hocket {
namespace {

struct Opcode {
  const char* name;
  u256 (*apply)(const u256& top, const u256& below);
};

void PrintTo(const Opcode& opcode, std::ostream* out) { *out << opcode.name; }

u256 byte_of(const u256& index, const u256& value) {
  return index < u256{32} ? (value >> static_cast<unsigned>(8 * (31 - index.low64()))) & u256{0xff} : u256{};
}
u256 flag(bool value) { return value ? u256{1} : u256{}; }

constexpr Opcode kOpcodes[] = {
    {"add", [](const u256& a, const u256& b) { return a + b; }},
    {"and", [](const u256& a, const u256& b) { return a & b; }},
    {"byte", byte_of},
    {"div", [](const u256& a, const u256& b) { return a / b; }},
    {"eq", [](const u256& a, const u256& b) { return flag(a == b); }},
    {"exp", [](const u256& a, const u256& b) { return power(a, b); }},
    {"gt", [](const u256& a, const u256& b) { return flag(a > b); }},
    {"lt", [](const u256& a, const u256& b) { return flag(a < b); }},
    {"mod", [](const u256& a, const u256& b) { return a % b; }},
    {"mul", [](const u256& a, const u256& b) { return a * b; }},
    {"or", [](const u256& a, const u256& b) { return a | b; }},
    {"sar", [](const u256& a, const u256& b) { return arithmetic_shift_right(b, a); }},
    {"sdiv", [](const u256& a, const u256& b) { return signed_divide(a, b); }},
    {"sgt", [](const u256& a, const u256& b) { return flag(signed_less(b, a)); }},
    {"shl", [](const u256& a, const u256& b) { return b << static_cast<unsigned>(a.clamp(256)); }},
    {"shr", [](const u256& a, const u256& b) { return b >> static_cast<unsigned>(a.clamp(256)); }},
    {"signext", [](const u256& a, const u256& b) { return sign_extend(a, b); }},
    {"slt", [](const u256& a, const u256& b) { return flag(signed_less(a, b)); }},
    {"smod", [](const u256& a, const u256& b) { return signed_modulo(a, b); }},
    {"sub", [](const u256& a, const u256& b) { return a - b; }},
    {"xor", [](const u256& a, const u256& b) { return a ^ b; }},
};
constexpr std::size_t kCasesEach = 81;

u256 word(const nlohmann::json& text) {
  const auto hash = fixed_from_hex<Hash32>(text.get<std::string>());
  EXPECT_TRUE(hash) << text;
  return hash ? to_u256(*hash) : u256{};
}

class OpcodeVectors : public ::testing::TestWithParam<Opcode> {};

TEST_P(OpcodeVectors, AllCases) {
  HOCKET_FIXTURE_PACK_OR_SKIP(pack, "precompiles");
  const auto path = pack / "precompiles" / ("testcases_" + std::string(GetParam().name) + ".json");
  std::ifstream stream(path);
  ASSERT_TRUE(stream) << path;
  const auto cases = nlohmann::json::parse(stream);
  EXPECT_EQ(cases.size(), kCasesEach);
  for (const auto& test : cases) {
    const u256 found = GetParam().apply(word(test.at("Y")), word(test.at("X")));
    EXPECT_EQ(found, word(test.at("Expected"))) << path << ": " << test.dump() << " found " << to_hex(to_hash32(found));
  }
}

INSTANTIATE_TEST_SUITE_P(Files, OpcodeVectors, ::testing::ValuesIn(kOpcodes),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace hocket
