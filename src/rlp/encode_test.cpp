#include "rlp/encode.hpp"

#include "base/hex.hpp"
#include "rlp/decode.hpp"

#include <gtest/gtest.h>

namespace hocket::rlp {
namespace {

TEST(RlpEncode, Integers) {
  const struct {
    u256 value;
    const char* encoding;
  } cases[] = {
      {0, "0x80"},
      {1, "0x01"},
      {0x7f, "0x7f"},
      {0x80, "0x8180"},
      {0xff, "0x81ff"},
      {0x100, "0x820100"},
      {0xffffffffffffffff, "0x88ffffffffffffffff"},
      {u256{1} << 64, "0x89010000000000000000"},
      {u256::max(), "0xa0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"},
  };
  for (const auto& c : cases) EXPECT_EQ(to_hex(encode_integer(c.value)), c.encoding);
}

TEST(RlpEncode, StringHeadersChangeFormAt56BytesAndAtEachByteOfLength) {
  const struct {
    std::size_t size;
    const char* header;
  } cases[] = {{0, "0x80"},       {2, "0x82"},         {55, "0xb7"},          {56, "0xb838"},           {255, "0xb8ff"},
               {256, "0xb90100"}, {65535, "0xb9ffff"}, {65536, "0xba010000"}, {1 << 24, "0xbb01000000"}};
  for (const auto& c : cases) {
    const Bytes string(c.size, 0xaa);
    const Bytes encoded = encode_string(string);
    const std::size_t header = encoded.size() - c.size;
    EXPECT_EQ(to_hex(BytesView(encoded).first(header)), c.header);
    EXPECT_TRUE(equal(BytesView(encoded).subspan(header), string));
    EXPECT_EQ(string_size(string), encoded.size());
  }
}

TEST(RlpEncode, SingleBytesBelow0x80StandForThemselves) {
  EXPECT_EQ(to_hex(encode_string(Bytes{0x00})), "0x00");
  EXPECT_EQ(to_hex(encode_string(Bytes{0x7f})), "0x7f");
  EXPECT_EQ(to_hex(encode_string(Bytes{0x80})), "0x8180");
}

TEST(RlpEncode, NestedListsAndAWriterThatStartsAnew) {
  Writer out;
  out.begin_list().begin_list().end_list().begin_list().begin_list().end_list().end_list().end_list();
  EXPECT_EQ(to_hex(out.take()), "0xc3c0c1c0");
  out.begin_list().integer(1).string(as_bytes("cat")).encoded(Bytes{kEmptyList}).end_list().integer(2);
  EXPECT_EQ(to_hex(out.take()), "0xc60183636174c002");
  EXPECT_TRUE(out.take().empty());
}

TEST(RlpEncode, ListsOfLists) {
  // Payloads around the sizes where a header grows, so that a header inside changes the form of the one outside.
  for (const std::size_t size : {0u, 1u, 53u, 54u, 55u, 56u, 250u, 254u, 255u, 256u, 65530u, 65536u}) {
    Writer out;
    out.begin_list().begin_list().begin_list().string(Bytes(size, 0xbb)).end_list().end_list().string({}).end_list();
    const Bytes encoded = out.take();
    ASSERT_TRUE(validate(encoded)) << size;
    Reader reader(encoded);
    Reader outer = reader.list().value();
    Reader inner = outer.list().value().list().value();
    EXPECT_EQ(inner.string().value().size(), size);
    EXPECT_TRUE(inner.end());
    EXPECT_TRUE(outer.string().value().empty());
    EXPECT_TRUE(outer.end());
    EXPECT_TRUE(reader.end());
  }
}

TEST(RlpEncode, DepthCostsNoMoreThanLength) {
  constexpr std::size_t kDepth = 200000;
  Writer out;
  for (std::size_t i = 0; i < kDepth; ++i) out.begin_list();
  for (std::size_t i = 0; i < kDepth; ++i) out.end_list();
  const Bytes encoded = out.take();
  EXPECT_TRUE(validate(encoded));
  EXPECT_GT(encoded.size(), kDepth);
}

}  // namespace
}  // namespace hocket::rlp
