// SHA-256 and RIPEMD-160 on their authors' test values.
#include "base/hex.hpp"
#include "crypto/ripemd160.hpp"
#include "crypto/sha256.hpp"

#include <gtest/gtest.h>
#include <string>

namespace hocket {
namespace {

struct Case {
  std::string text;
  const char* sha256;
  const char* ripemd160;
};

const Case kCases[] = {
    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
     "9c1185a5c5e9fc54612808977ee8f548b2258d31"},
    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
     "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1", "12a053384a9c0c88e405a06c27dcf49ada62eb2b"},
    {std::string(1000000, 'a'), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
     "52783243c1697bdbe16d37f97f68f08325dc1528"},
};

TEST(Hashes, KnownValues) {
  for (const auto& test : kCases) {
    SCOPED_TRACE(test.text.substr(0, 60));
    EXPECT_EQ(to_hex_bare(sha256(as_bytes(test.text))), test.sha256);
    EXPECT_EQ(to_hex_bare(ripemd160(as_bytes(test.text))), test.ripemd160);
  }
}

}  // namespace
}  // namespace hocket
