#include "rlp/decode.hpp"

#include "base/hex.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hocket::rlp {
namespace {

using namespace hocket::literals;
using ::testing::HasSubstr;

TEST(RlpDecode, OnlyOneEncodingOfEachItemIsAccepted) {
  const struct {
    const char* name;
    Bytes input;
    Fault fault;
  } cases[] = {
      {"nothing", {}, Fault::input_ended},
      {"short string cut", "83aabb"_hex, Fault::input_ended},
      {"short list cut", "c2c0"_hex, Fault::input_ended},
      {"length missing", "b8"_hex, Fault::input_ended},
      {"length cut", "b901"_hex, Fault::input_ended},
      {"long string cut", "b838aabb"_hex, Fault::input_ended},
      {"length of eight bytes, all ones", "bfffffffffffffffff"_hex, Fault::input_ended},
      {"list length that wraps around when added to", "fffffffffffffffffff8"_hex, Fault::input_ended},
      {"byte below 0x80 with a header", "8100"_hex, Fault::wrapped_single_byte},
      {"byte below 0x80 with a header", "817f"_hex, Fault::wrapped_single_byte},
      {"length with leading zero", "b900380000"_hex, Fault::leading_zero_length},
      {"long form for 55 bytes",
       [] {
         Bytes b{0xb8, 55};
         b.resize(57);
         return b;
       }(),
       Fault::long_form_too_short},
      {"long form for an empty list", "f800"_hex, Fault::leading_zero_length},
      {"long form for a list of one", "f801c0"_hex, Fault::long_form_too_short},
  };
  for (const auto& c : cases) {
    const auto item = read_item(c.input);
    ASSERT_FALSE(item.has_value()) << c.name;
    EXPECT_EQ(item.error(), c.fault) << c.name;
    EXPECT_FALSE(validate(c.input)) << c.name;
    Bytes in_list{static_cast<std::uint8_t>(0xc0 + c.input.size())};
    append(in_list, c.input);
    if (!c.input.empty() && c.input.size() < 56) {
      EXPECT_FALSE(validate(in_list)) << c.name;
    }
  }
}

TEST(RlpDecode, ItemsKnowPayloadAndEncoding) {
  const Bytes input = "c483aabbcc7f"_hex;
  const auto list = read_item(input);
  ASSERT_TRUE(list.has_value());
  EXPECT_TRUE(list->is_list);
  EXPECT_EQ(to_hex(list->payload), "0x83aabbcc");
  EXPECT_EQ(to_hex(list->encoded), "0xc483aabbcc");
  const auto byte = read_item("7f00"_hex);
  ASSERT_TRUE(byte.has_value());
  EXPECT_EQ(byte->payload.size(), 1u);
}

TEST(RlpDecode, ErrorsNameTheByteInTheWholeInputAndWhatWasExpected) {
  const auto message = [](auto result) { return result ? std::string("no error") : result.error().message; };
  const Bytes input = "cac2c0018200ff8101c0c0"_hex;  // [[[], 1], 0x00ff, <wrapped 1>, [], []]
  Reader whole(input);
  Reader list = whole.list().value();
  Reader inner = list.list().value();
  EXPECT_EQ(inner.offset(), 2u);
  EXPECT_THAT(message(Reader(inner).string()), HasSubstr("byte 2: expected a string, found a list"));
  EXPECT_THAT(message(Reader(inner).integer64()), HasSubstr("byte 2: expected an integer, found a list"));
  EXPECT_THAT(message(inner.count()), HasSubstr("no error"));
  EXPECT_EQ(inner.count().value(), 2u);
  EXPECT_THAT(message(Reader(list).integer64()), HasSubstr("byte 4: integer with a leading zero byte"));
  EXPECT_THAT(message(Reader(list).fixed<Address>()),
              HasSubstr("byte 4: expected a string of 20 bytes, found a string of 2"));
  EXPECT_THAT(message(Reader(list).list()), HasSubstr("byte 4: expected a list, found a string of 2 bytes"));
  EXPECT_THAT(message(Reader(list).end()), HasSubstr("byte 4: expected the end, found 7 more bytes"));
  EXPECT_THAT(message(list.count()), HasSubstr("byte 7: "));
  (void)list.item();
  EXPECT_THAT(message(list.item()), HasSubstr("byte 7: RLP header before a byte below 0x80"));
  EXPECT_THAT(message(validate(input)), HasSubstr("byte 7: "));
}

TEST(RlpDecode, IntegersMustFitTheirType) {
  EXPECT_EQ(Reader("88ffffffffffffffff"_hex).integer64().value(), ~0ull);
  EXPECT_FALSE(Reader("89010000000000000000"_hex).integer64());
  EXPECT_EQ(Reader("89010000000000000000"_hex).integer256().value(), u256{1} << 64);
  Bytes large{0xa1, 0x01};
  large.resize(34);
  EXPECT_FALSE(Reader(large).integer256());
  EXPECT_EQ(Reader("80"_hex).integer64().value(), 0u);
  EXPECT_FALSE(Reader("00"_hex).integer64()) << "zero is the empty string";
}

TEST(RlpDecode, ValidateTakesOneItemAndNoMore) {
  EXPECT_TRUE(validate("80"_hex));
  EXPECT_TRUE(validate("c7c0c1c0c3c0c1c0"_hex));
  EXPECT_FALSE(validate("8080"_hex));
  EXPECT_FALSE(validate("c0c0"_hex));
  EXPECT_FALSE(validate("c3c2c2c0"_hex)) << "a list that goes beyond the list around it";
}

TEST(RlpDecode, DeepNestingNeedsNoStack) {
  // Each list's header is exact, innermost last: 0xc0 wrapped again and again.
  Bytes reversed{0xc0};
  while (reversed.size() < 3'000'000) {
    std::size_t size = reversed.size();
    if (size < 56) {
      reversed.push_back(static_cast<std::uint8_t>(0xc0 + size));
      continue;
    }
    std::uint8_t length_bytes = 0;
    for (; size != 0; size >>= 8, ++length_bytes) reversed.push_back(static_cast<std::uint8_t>(size));
    reversed.push_back(static_cast<std::uint8_t>(0xf7 + length_bytes));
  }
  std::ranges::reverse(reversed);
  EXPECT_TRUE(validate(reversed));
  reversed.back() = 0xc1;
  EXPECT_FALSE(validate(reversed));
}

}  // namespace
}  // namespace hocket::rlp
