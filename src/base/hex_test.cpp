#include "base/hex.hpp"

#include <gtest/gtest.h>

namespace hocket {
namespace {

using namespace hocket::literals;

TEST(Hex, EveryByteThereAndBack) {
  Bytes all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<std::uint8_t>(i));
  const std::string text = to_hex(all);
  EXPECT_EQ(text.size(), 2u + 2u * 256u);
  EXPECT_EQ(text.substr(0, 10), "0x00010203");
  EXPECT_EQ(text.substr(text.size() - 6), "fdfeff");
  EXPECT_EQ("0x" + to_hex_bare(all), text);
  EXPECT_EQ(*from_hex(text), all);
  EXPECT_EQ(*from_hex(to_hex_bare(all)), all);
}

TEST(Hex, AcceptsBothCasesAndPrefixes) {
  const Bytes expected = {0xab, 0xcd, 0xef, 0x09};
  for (const char* text : {"abcdef09", "ABCDEF09", "aBcDeF09", "0xabcdef09", "0XABCDEF09"})
    EXPECT_EQ(*from_hex(text), expected) << text;
  EXPECT_EQ(*from_hex(""), Bytes{});
  EXPECT_EQ(*from_hex("0x"), Bytes{});
  EXPECT_EQ(to_hex({}), "0x");
}

TEST(Hex, SaysWhatIsWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {"0", "hex text has an odd number of digits (1)"},  {"0x123", "hex text has an odd number of digits (3)"},
      {"0g", "expected a hex digit at position 1"},       {"g0", "expected a hex digit at position 0"},
      {"0x0011z2", "expected a hex digit at position 6"}, {"0x00112Z", "expected a hex digit at position 7"},
      {"00 11 ", "expected a hex digit at position 2"},   {"0x0x", "expected a hex digit at position 3"},
      {"\xc3\xa4", "expected a hex digit at position 0"},
  };
  for (const auto& [text, message] : cases) {
    const auto result = from_hex(text);
    ASSERT_FALSE(result) << text;
    EXPECT_EQ(result.error().message, message) << text;
  }
}

TEST(Hex, FixedLengths) {
  const auto address = fixed_from_hex<Address>("0x00112233445566778899aabbccddeeff00112233");
  ASSERT_TRUE(address);
  EXPECT_EQ(to_hex(*address), "0x00112233445566778899aabbccddeeff00112233");
  EXPECT_EQ(*address, "0x00112233445566778899aabbccddeeff00112233"_address);
  EXPECT_EQ(fixed_from_hex<Address>("0x00").error().message, "expected 20 bytes of hex, found 1");
  EXPECT_EQ(fixed_from_hex<Hash32>("").error().message, "expected 32 bytes of hex, found 0");
  EXPECT_EQ(fixed_from_hex<Address>("0x0").error().message, "hex text has an odd number of digits (1)");
  EXPECT_TRUE("0000000000000000000000000000000000000000000000000000000000000000"_hash32.is_zero());
  EXPECT_EQ("0x0a0b"_hex, (Bytes{10, 11}));
}

TEST(HexDeathTest, LiteralsAbortOnMalformedText) { EXPECT_DEATH((void)"0xzz"_hex, "has_value"); }

}  // namespace
}  // namespace hocket
