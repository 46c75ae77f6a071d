// RLPTests: values and their encodings, and encodings that nobody may accept.
#include "base/hex.hpp"
#include "base/uint256.hpp"
#include "rlp/decode.hpp"
#include "rlp/encode.hpp"
#include "support/fixtures.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace hocket {
namespace {

using nlohmann::json;

/// Big-endian bytes of a decimal number of any size, without leading zeros.
Bytes bytes_of_decimal(std::string_view digits) {
  Bytes little_endian;
  for (const char digit : digits) {
    unsigned carry = static_cast<unsigned>(digit - '0');
    for (std::uint8_t& byte : little_endian) {
      carry += byte * 10u;
      byte = static_cast<std::uint8_t>(carry);
      carry >>= 8;
    }
    if (carry != 0) little_endian.push_back(static_cast<std::uint8_t>(carry));
  }
  return {little_endian.rbegin(), little_endian.rend()};
}

/// Lists, numbers, texts, and "#" before decimal digits of a number that JSON cannot hold.
void write(rlp::Writer& out, const json& value) {
  if (value.is_array()) {
    out.begin_list();
    for (const json& element : value) write(out, element);
    out.end_list();
  } else if (value.is_number()) {
    out.integer(value.get<std::uint64_t>());
  } else if (const auto& text = value.get_ref<const std::string&>(); text.starts_with('#')) {
    out.string(bytes_of_decimal(text.substr(1)));
  } else {
    out.string(as_bytes(text));
  }
}

/// Reads what `write` wrote, by its own idea of the value's kind.
void expect_value(rlp::Reader& reader, const json& value) {
  if (value.is_array()) {
    auto list = reader.list();
    ASSERT_TRUE(list);
    for (const json& element : value) expect_value(*list, element);
    EXPECT_TRUE(list->end());
  } else if (value.is_number()) {
    EXPECT_EQ(reader.integer64().value(), value.get<std::uint64_t>());
  } else if (const auto& text = value.get_ref<const std::string&>(); text.starts_with('#')) {
    const Bytes expected = bytes_of_decimal(text.substr(1));
    const auto number = rlp::Reader(reader).integer256();
    EXPECT_EQ(number.has_value(), expected.size() <= 32);
    if (number) {
      EXPECT_EQ(to_decimal(*number), text.substr(1));
    }
    EXPECT_TRUE(equal(reader.string().value(), expected));
  } else {
    EXPECT_TRUE(equal(reader.string().value(), as_bytes(text)));
  }
}

TEST(RlpFixtures, AllCases) {
  HOCKET_FIXTURE_PACK_OR_SKIP(pack, "ethereum-tests");
  std::size_t cases = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(pack / "RLPTests")) {
    if (file.path().extension() != ".json") continue;
    std::ifstream stream(file.path());
    for (const auto& [name, test] : json::parse(stream).items()) {
      SCOPED_TRACE(file.path().filename().string() + ": " + name);
      ++cases;
      const auto encoding = from_hex(test.at("out").get<std::string>());
      const json& value = test.at("in");
      if (value == "INVALID") {
        EXPECT_FALSE(encoding && rlp::validate(*encoding));
        continue;
      }
      ASSERT_TRUE(encoding);
      EXPECT_TRUE(rlp::validate(*encoding));
      if (value == "VALID") continue;
      rlp::Writer out;
      write(out, value);
      EXPECT_EQ(to_hex(out.take()), to_hex(*encoding));
      rlp::Reader reader(*encoding);
      expect_value(reader, value);
      EXPECT_TRUE(reader.end());
    }
  }
  EXPECT_EQ(cases, 55u);
}

}  // namespace
}  // namespace hocket
