// Keccak-256: known digests, and every build of the permutation against the plainest one that can be written down.

#include "crypto/keccak.hpp"

#include "base/cpu.hpp"
#include "base/hex.hpp"
#include "crypto/keccak_kernels.hpp"
#include "crypto/keccak_lane_hasher.hpp"
#include "crypto/keccak_word.hpp"

#include <bit>
#include <gtest/gtest.h>
#include <random>

namespace hocket {
namespace {

// The permutation step by step as the Keccak reference defines it (section 1.2), state[x][y].
void permute_by_definition(std::uint64_t (&a)[5][5]) {
  std::uint8_t lfsr = 1;
  const auto next_bit = [&lfsr] {
    const bool bit = (lfsr & 1) != 0;
    lfsr = static_cast<std::uint8_t>((lfsr << 1) ^ ((lfsr >> 7) * 0x71));
    return bit;
  };
  for (int round = 0; round < 24; ++round) {
    std::uint64_t c[5];
    for (int x = 0; x < 5; ++x) c[x] = a[x][0] ^ a[x][1] ^ a[x][2] ^ a[x][3] ^ a[x][4];
    for (int x = 0; x < 5; ++x)
      for (int y = 0; y < 5; ++y) a[x][y] ^= c[(x + 4) % 5] ^ std::rotl(c[(x + 1) % 5], 1);
    std::uint64_t b[5][5];
    b[0][0] = a[0][0];
    int x = 1;
    int y = 0;
    for (int t = 0; t < 24; ++t) {
      const int to_y = (2 * x + 3 * y) % 5;
      b[y][to_y] = std::rotl(a[x][y], (t + 1) * (t + 2) / 2 % 64);
      x = std::exchange(y, to_y);
    }
    for (int i = 0; i < 5; ++i)
      for (int j = 0; j < 5; ++j) a[i][j] = b[i][j] ^ (~b[(i + 1) % 5][j] & b[(i + 2) % 5][j]);
    for (int j = 0; j <= 6; ++j)
      if (next_bit()) a[0][0] ^= std::uint64_t{1} << ((1 << j) - 1);
  }
}

Hash32 keccak256_by_definition(BytesView data) {
  Bytes padded = to_bytes(data);
  padded.push_back(0x01);
  padded.resize((padded.size() + 135) / 136 * 136);
  padded.back() |= 0x80;
  std::uint64_t state[5][5] = {};
  for (std::size_t block = 0; block < padded.size(); block += 136) {
    for (std::size_t i = 0; i < 17; ++i) state[i % 5][i / 5] ^= load_le64(padded.data() + block + 8 * i);
    permute_by_definition(state);
  }
  Hash32 out;
  for (std::size_t i = 0; i < 4; ++i) store_le64(out.data() + 8 * i, state[i][0]);
  return out;
}

Bytes some_bytes(std::size_t size, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Bytes data(size);
  for (auto& b : data) b = static_cast<std::uint8_t>(random());
  return data;
}

using Hasher = void (*)(const std::uint8_t*, std::size_t, std::uint8_t*);
struct Build {
  const char* name;
  Hasher hash;
};
std::vector<Build> builds() {
  std::vector<Build> all = {{"portable", [](const std::uint8_t* data, std::size_t size, std::uint8_t* out) {
                               keccak::hash_words(data, size, out);
                             }}};
#if defined(__x86_64__) && !defined(HOCKET_PORTABLE)
  if (cpu_features.bmi2) all.push_back({"bmi", keccak::hash_with_bmi});
  if (cpu_features.avx512) all.push_back({"avx512", keccak::hash_with_avx512});
#endif
  return all;
}

TEST(Keccak256, KnownDigests) {
  const std::pair<Bytes, const char*> cases[] = {
      {{}, "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"},
      {{0x80}, "56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421"},
      {{0xc0}, "1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347"},
      {to_bytes(as_bytes("abc")), "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"},
      {to_bytes(as_bytes("transfer(address,uint256)")),
       "a9059cbb2ab09eb219583f4a59a5d0623ade346d962bcd4e46b11da047c9049b"},
      {Bytes(64), "ad3228b676f7d3cd4284a5443f17f1962b36e491b30a40b2405849e597ba5fb5"},
      {Bytes(32), "290decd9548b62a8d60345a988386fc84ba6bc95484008f6362f93160ef3e563"},
  };
  for (const auto& [input, digest] : cases) {
    EXPECT_EQ(to_hex_bare(keccak256(input)), digest);
    EXPECT_EQ(to_hex_bare(keccak256_by_definition(input)), digest);
  }
  EXPECT_EQ(keccak256(BytesView{}), keccak256(Bytes{}));
}

TEST(Keccak256, EveryBuildAtEveryLength) {
  for (std::size_t size = 0; size <= 700; size += size < 300 ? 1 : 17) {
    // At the end of its own allocation, so that a sanitizer sees a read past it.
    const Bytes data = some_bytes(size, size);
    const Hash32 expected = keccak256_by_definition(data);
    EXPECT_EQ(keccak256(data), expected) << size;
    for (const Build& build : builds()) {
      Hash32 out;
      build.hash(data.data(), data.size(), out.data());
      EXPECT_EQ(out, expected) << build.name << ", " << size << " bytes";
    }
  }
}

TEST(Keccak256, EveryByteAndAlignmentCounts) {
  for (const std::size_t size : {20u, 32u, 64u, 135u, 136u, 200u}) {
    Bytes buffer = some_bytes(size + 64, size);
    for (std::size_t offset = 0; offset < 64; offset += 7) {
      const BytesView view(buffer.data() + offset, size);
      EXPECT_EQ(keccak256(view), keccak256_by_definition(view)) << size << " at " << offset;
    }
    const Hash32 before = keccak256({buffer.data(), size});
    for (std::size_t i = 0; i < size; ++i) {
      buffer[i] ^= 0x40;
      EXPECT_NE(keccak256({buffer.data(), size}), before) << i << " of " << size;
      buffer[i] ^= 0x40;
    }
    buffer[size] ^= 0xff;
    EXPECT_EQ(keccak256({buffer.data(), size}), before) << "the byte after " << size;
  }
}

TEST(Keccak256, WordsAsNumbers) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    // At the end of its own allocation, as above.
    const Bytes first = some_bytes(64, seed);
    const Bytes second = some_bytes(64 + seed % 8, ~seed);
    const std::span<const std::uint8_t, 64> a(first.data(), 64);
    const std::span<const std::uint8_t, 64> b(second.data() + seed % 8, 64);
    EXPECT_EQ(to_hash32(keccak256_number(a.first<32>())), keccak256_by_definition(a.first<32>()));
    EXPECT_EQ(to_hash32(keccak256_number(a)), keccak256_by_definition(a));
    EXPECT_EQ(to_hash32(keccak256_number(b)), keccak256_by_definition(b));
    u256 of_a, of_b;
    keccak256_numbers(a, b, of_a, of_b);
    EXPECT_EQ(to_hash32(of_a), keccak256_by_definition(a));
    EXPECT_EQ(to_hash32(of_b), keccak256_by_definition(b));
    keccak256_numbers(a, a, of_a, of_b);
    EXPECT_EQ(of_a, of_b);
  }
  // Every bit of the input.
  Bytes bits(64);
  for (std::size_t i = 0; i < 512; ++i) {
    bits[i / 8] = static_cast<std::uint8_t>(1u << i % 8);
    const std::span<const std::uint8_t, 64> input(bits);
    u256 of_input, of_other;
    keccak256_numbers(input, input, of_input, of_other);
    EXPECT_EQ(of_input, to_u256(keccak256_by_definition(bits))) << i;
    EXPECT_EQ(of_other, of_input) << i;
    EXPECT_EQ(keccak256_number(input), of_input) << i;
    if (i < 256) {
      EXPECT_EQ(to_hash32(keccak256_number(input.first<32>())), keccak256_by_definition(input.first<32>()));
    }
    bits[i / 8] = 0;
  }
}

/// Lengths of inputs that keccak256_many hashes together.
struct Mix {
  const char* name;
  std::vector<std::size_t> lengths;
};

std::vector<Mix> mixes() {
  std::vector<Mix> all = {{"none", {}}, {"one empty", {0}}};
  for (std::size_t count = 1; count <= 20; ++count) all.push_back({"equal", std::vector<std::size_t>(count, 64)});
  Mix rising = {"every length", {}};
  Mix falling = {"every length, falling", {}};
  for (std::size_t i = 0; i <= 300; ++i) {
    rising.lengths.push_back(i);
    falling.lengths.push_back(300 - i);
  }
  all.push_back(rising);
  all.push_back(falling);
  all.push_back({"one long", {5000, 1, 2, 3, 4, 5, 6, 7, 8, 9}});
  all.push_back({"long last", {1, 2, 3, 4, 5, 6, 7, 8, 9, 5000}});
  all.push_back({"block ends", {135, 136, 137, 271, 272, 273, 407, 408, 409, 0, 136, 136, 272}});
  std::mt19937_64 random(1600);
  for (int i = 0; i < 40; ++i) {
    Mix mix = {"random", {}};
    mix.lengths.resize(random() % 50);
    for (auto& length : mix.lengths) length = random() % (i % 2 == 0 ? 140 : 1200);
    all.push_back(mix);
  }
  return all;
}

TEST(Keccak256Many, AgreesWithOneByOne) {
  for (const Mix& mix : mixes()) {
    std::vector<Bytes> data;
    for (std::size_t i = 0; i < mix.lengths.size(); ++i) data.push_back(some_bytes(mix.lengths[i], i));
    const std::vector<BytesView> inputs(data.begin(), data.end());
    std::vector<Hash32> out(inputs.size());
    keccak256_many(inputs, out);
    for (std::size_t i = 0; i < inputs.size(); ++i)
      EXPECT_EQ(out[i], keccak256_by_definition(inputs[i])) << mix.name << ", " << i << " of " << inputs.size();
#if defined(__x86_64__) && !defined(HOCKET_PORTABLE)
    // The kernel that this processor would not choose.
    if (!cpu_features.avx2) continue;
    std::vector<Hash32> four_lanes(inputs.size());
    keccak::LaneHasher<4>(inputs, four_lanes).run(keccak::absorb_with_avx2);
    EXPECT_EQ(four_lanes, out) << mix.name;
#endif
  }
}

#if defined(__x86_64__) && !defined(HOCKET_PORTABLE)
template <int N>
void check_lanes(void (*absorb)(keccak::InterleavedStates<N>&, unsigned, const keccak::Block (&)[N])) {
  // Three blocks into each state, some states restarted on the way.
  keccak::InterleavedStates<N> states;
  std::uint64_t expected[N][5][5] = {};
  for (auto& word : states.words)
    for (auto& lane : word) lane = 0xdeadbeef;
  for (const unsigned keep : {0u, ~0u, 0xa5u}) {
    std::vector<Bytes> data;
    keccak::Block blocks[N];
    for (int n = 0; n < N; ++n) data.push_back(some_bytes(136, keep + static_cast<unsigned>(n)));
    for (int n = 0; n < N; ++n) {
      blocks[n] = {data[static_cast<std::size_t>(n)].data(), 136};
      if ((keep >> n & 1) == 0) std::memset(expected[n], 0, sizeof expected[n]);
      for (int i = 0; i < 17; ++i) expected[n][i % 5][i / 5] ^= load_le64(blocks[n].data + 8 * i);
      permute_by_definition(expected[n]);
    }
    absorb(states, keep & ((1u << N) - 1), blocks);
    for (int n = 0; n < N; ++n)
      for (int i = 0; i < 25; ++i) EXPECT_EQ(states.words[i][n], expected[n][i % 5][i / 5]) << n << ", " << i;
  }
}

TEST(KeccakKernels, FourLanes) {
  if (!cpu_features.avx2) GTEST_SKIP() << "this processor has no AVX2";
  check_lanes<4>(keccak::absorb_with_avx2);
}
TEST(KeccakKernels, EightLanes) {
  if (!cpu_features.avx512) GTEST_SKIP() << "this processor has no AVX-512";
  check_lanes<8>(keccak::absorb_with_avx512);
}
#endif

}  // namespace
}  // namespace hocket
