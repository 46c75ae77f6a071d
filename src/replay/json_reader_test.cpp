#include "replay/json_reader.hpp"

#include "base/hex.hpp"

#include <gtest/gtest.h>

namespace hocket::json {
namespace {

// What `read` makes of a JSON text, as text: the value or "!" and the message.
template <class Read>
std::string read_as_text(std::string text, Read&& read) {
  const auto document = Document::parse(text);
  if (!document) return "!" + document.error().message;
  const auto value = read(document->root());
  if (!value) return "!" + value.error().message;
  if constexpr (std::is_same_v<std::decay_t<decltype(*value)>, Bytes>)
    return to_hex(*value);
  else
    return to_decimal(u256(*value));
}

struct Row {
  const char* text;
  const char* expected;
};

TEST(JsonReader, ReadsNumbersOf64Bits) {
  const Row rows[] = {
      {R"("0x0")", "0"},
      {R"("0x00")", "0"},  // some nodes pad
      {R"("0xffffffffffffffff")", "18446744073709551615"},
      {"7", "7"},
      {"18446744073709551615", "18446744073709551615"},
      {R"("0x10000000000000000")", "!: expected a number of up to 64 bits, found '0x10000000000000000'"},
      {R"("0x")", "!: expected a number of up to 64 bits (0x and hex digits), found '0x'"},
      {R"("")", "!: expected a number of up to 64 bits (0x and hex digits), found ''"},
      {R"("12")", "!: expected a number of up to 64 bits (0x and hex digits), found '12'"},
      {R"("0xg")", "!: expected a number of up to 64 bits (0x and hex digits), found '0xg'"},
      {R"(" 0x1")", "!: expected a number of up to 64 bits (0x and hex digits), found ' 0x1'"},
      {R"("-0x1")", "!: expected a number of up to 64 bits (0x and hex digits), found '-0x1'"},
      {"-1", "!: expected a number of up to 64 bits (0x and hex digits), found a negative number"},
      {"1.0",
       "!: expected a number of up to 64 bits (0x and hex digits), found a number with a fraction or an exponent"},
      {"true", "!: expected a number of up to 64 bits (0x and hex digits), found a boolean"},
      {"null", "!: expected a number of up to 64 bits (0x and hex digits), found null"},
      {"[]", "!: expected a number of up to 64 bits (0x and hex digits), found an array"},
      {R"("0x\n")", "!: expected a number of up to 64 bits (0x and hex digits), found '0x?'"},
  };
  for (const Row& row : rows) EXPECT_EQ(read_as_text(row.text, u64_of), row.expected) << row.text;
}

TEST(JsonReader, ReadsNumbersOfOtherWidths) {
  EXPECT_EQ(read_as_text(R"("0xff")", u8_of), "255");
  EXPECT_EQ(read_as_text(R"("0x100")", u8_of), "!: expected a number of up to 8 bits, found '0x100'");
  EXPECT_EQ(read_as_text("256", u8_of), "!: expected a number of up to 8 bits, found 256");
  const std::string widest = "\"0x" + std::string(64, 'f') + "\"";
  EXPECT_EQ(read_as_text(widest, u256_of), to_decimal(u256::max()));
  EXPECT_EQ(read_as_text("\"0x0" + std::string(64, 'f') + "\"", u256_of),
            "!: expected a number of up to 256 bits, found 65 hex digits");
}

TEST(JsonReader, ReadsDecimalTextOnlyWhereItIsAllowed) {
  EXPECT_EQ(read_as_text(R"("1695902100")", u64_or_decimal_of), "1695902100");
  EXPECT_EQ(read_as_text(R"("0x10")", u64_or_decimal_of), "16");
  EXPECT_EQ(read_as_text(R"("58750000000000000000000")", u256_or_decimal_of), "58750000000000000000000");
  EXPECT_EQ(read_as_text(R"("18446744073709551616")", u64_or_decimal_of),
            "!: expected a number of up to 64 bits, found '18446744073709551616'");
  EXPECT_TRUE(read_as_text("\"" + std::string(100, '9') + "\"", u256_or_decimal_of).starts_with("!"));
}

TEST(JsonReader, ReadsBytesOfWholeDigits) {
  const Row rows[] = {
      {R"("0x")", "0x"},
      {R"("0x00fF")", "0x00ff"},
      {R"("00ff")", "!: expected 0x and hex digits, found '00ff'"},
      {"5", "!: expected text, found a number"},
  };
  for (const Row& row : rows) EXPECT_EQ(read_as_text(row.text, bytes_of), row.expected) << row.text;
  EXPECT_TRUE(read_as_text(R"("0x123")", bytes_of).starts_with("!: ")) << read_as_text(R"("0x123")", bytes_of);
  EXPECT_TRUE(read_as_text(R"("0x12zz")", bytes_of).starts_with("!: "));
}

TEST(JsonReader, ReadsWordsRightAligned) {
  EXPECT_EQ(read_as_text(R"("0x0100")", word_of), "256");
  EXPECT_EQ(read_as_text("\"0x" + std::string(66, '0') + "\"", word_of),
            "!: expected at most 32 bytes of hex, found 33");
}

TEST(JsonReader, PutsTheWholePlaceInFrontOfAnError) {
  std::string text = R"({"block": {"transactions": [{"gas": "0x1"}, {"gas": []}]}})";
  const auto document = Document::parse(text);
  ASSERT_TRUE(document.has_value());
  const auto gas_of = [](Element item) -> Result<std::uint64_t> {
    HOCKET_TRY(const auto transaction, Object::from(item));
    return transaction.required("gas", u64_of);
  };
  const auto block_of = [&](Element element) -> Result<std::uint64_t> {
    HOCKET_TRY(const auto block, Object::from(element));
    HOCKET_TRY(const auto list, block.required("transactions", [&](Element e) { return list_of(e, gas_of); }));
    return list.size();
  };
  const auto top = Object::from(document->root());
  ASSERT_TRUE(top.has_value());
  const auto result = top->required("block", block_of);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().message,
            "block.transactions[1].gas: expected a number of up to 64 bits (0x and hex digits), found an array");
}

TEST(JsonReader, TellsMissingFromNull) {
  std::string text = R"({"to": null})";
  const auto document = Document::parse(text);
  const auto object = Object::from(document->root());
  ASSERT_TRUE(object.has_value());
  EXPECT_EQ(object->required("value", u64_of).error().message, "value: missing");
  EXPECT_FALSE(object->required("to", u64_of).has_value());
  const auto absent = object->optional("value", u64_of);
  const auto null = object->optional("to", u64_of);
  EXPECT_TRUE(absent.has_value() && !absent->has_value());
  EXPECT_TRUE(null.has_value() && !null->has_value());
}

TEST(JsonReader, RefusesDuplicateAndUnknownKeys) {
  std::string twice = R"({"a": 1, "b": 2, "a": 1})";
  EXPECT_EQ(Object::from(Document::parse(twice)->root()).error().message, "a: given twice");
  // The same key, written with an escape.
  std::string escaped = R"({"a": 1, "\u0061": 1})";
  EXPECT_EQ(Object::from(Document::parse(escaped)->root()).error().message, "a: given twice");
  std::string text = R"({"balanse": 1})";
  const auto document = Document::parse(text);
  EXPECT_EQ(Object::from(document->root())->only({"balance", "nonce"}).error().message,
            "balanse: unknown field, expected balance, nonce");
}

TEST(JsonReader, KeepsErrorsOnOneLine) {
  std::string text = R"({"a\nb": []})";
  const auto document = Document::parse(text);
  const auto object = Object::from(document->root());
  const auto result = object->required("a\nb", u64_of);
  EXPECT_TRUE(result.error().message.starts_with("'a?b': expected")) << result.error().message;
}

TEST(JsonReader, SaysWhereATextIsNoJson) {
  const Row rows[] = {
      {"", "line 1, column 1: the text ends here, expected more JSON"},
      {"  \n \n", "line 3, column 1: the text ends here, expected more JSON"},
      {"{\"a\": 1", "line 1, column 8: the text ends here, expected more JSON"},
      {"{\n\n \"a\": tru }", "line 3, column 7: expected JSON, found 'tru }'"},
      {"{\"a\": 1,, \"b\": 2}\n", "line 1, column 9: expected JSON, found ', \"b\": 2}'"},
      {"[1, 2,]", "line 1, column 7: expected JSON, found ']'"},
      {"{} {}", "line 1, column 4: expected JSON, found '{}'"},
      {"{\"a\": {}}xyz", "line 1, column 10: expected JSON, found 'xyz'"},
      {"[1]\nx", "line 2, column 1: expected JSON, found 'x'"},
      {"[1, 0x10]", "line 1, column 5: expected JSON, found '0x10]'"},
      {"\xEF\xBB\xBF{}", "line 1, column 1: expected JSON, found a byte-order mark"},
      {"99999999999999999999999", "JSON"},
  };
  for (const Row& row : rows) {
    std::string text = row.text;
    const auto document = Document::parse(text);
    ASSERT_FALSE(document.has_value()) << row.text;
    EXPECT_NE(document.error().message.find(row.expected), std::string::npos) << document.error().message;
  }
}

}  // namespace
}  // namespace hocket::json
