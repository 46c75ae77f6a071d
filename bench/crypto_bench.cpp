// Hashes, BN254 and the arithmetic of 256-bit words.
//   build/bench/bench/crypto_bench --benchmark_filter=keccak

#include "base/uint256.hpp"
#include "counted.hpp"
#include "crypto/blake2.hpp"
#include "crypto/bn254.hpp"
#include "crypto/keccak.hpp"
#include "crypto/secp256k1.hpp"

#include <benchmark/benchmark.h>
#include <random>
#include <vector>

namespace hocket {
namespace {

std::mt19937_64& generator() {
  static std::mt19937_64 engine(1);
  return engine;
}
u256 random_u256() { return {generator()(), generator()(), generator()(), generator()()}; }

void keccak_one(benchmark::State& state) {
  Bytes data(static_cast<std::size_t>(state.range(0)), 0x5a);
  for (auto _ : state) {
    const Counted counted;
    const Hash32 hash = keccak256(data);
    benchmark::DoNotOptimize(hash);
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(keccak_one)->Name("keccak")->Arg(20)->Arg(32)->Arg(64)->Arg(136)->Arg(1024);

// Words as the EVM hashes them; two inputs of 64 bytes at once.
void keccak_number(benchmark::State& state) {
  const Bytes data(64, 0x5a);
  for (auto _ : state) {
    const Counted counted;
    const u256 hash = keccak256_number(std::span<const std::uint8_t, 64>(data));
    benchmark::DoNotOptimize(hash);
  }
}
BENCHMARK(keccak_number)->Name("keccak_number/64");

void keccak_numbers(benchmark::State& state) {
  const Bytes data(64, 0x5a);
  for (auto _ : state) {
    const Counted counted;
    u256 first, second;
    const std::span<const std::uint8_t, 64> input(data);
    keccak256_numbers(input, input, first, second);
    benchmark::DoNotOptimize(first);
    benchmark::DoNotOptimize(second);
  }
}
BENCHMARK(keccak_numbers)->Name("keccak_numbers/two_of_64");

void keccak_many(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  const std::vector<Bytes> data(count, Bytes(static_cast<std::size_t>(state.range(1)), 0x5a));
  const std::vector<BytesView> inputs(data.begin(), data.end());
  std::vector<Hash32> out(count);
  for (auto _ : state) {
    const Counted counted;
    keccak256_many(inputs, out);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(keccak_many)->ArgNames({"count", "bytes"})->ArgsProduct({{1, 2, 3, 4, 8, 64}, {64, 532}});

void blake2b_12_rounds(benchmark::State& state) {
  std::uint64_t h[8] = {1, 2, 3, 4, 5, 6, 7, 8};
  const std::uint64_t m[16] = {1, 2, 3};
  const std::uint64_t t[2] = {128, 0};
  for (auto _ : state) {
    const Counted counted;
    blake2b_compress(12, h, m, t, false);
    benchmark::DoNotOptimize(h);
  }
}
BENCHMARK(blake2b_12_rounds);

// Signers of so many signatures together.
void signers(benchmark::State& state) {
  std::vector<SignedHash> signatures;
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    const Hash32 hash = to_hash32(random_u256());
    const auto signature = sign(hash, to_hash32(random_u256() >> 1));
    signatures.push_back({.hash = hash, .y_parity = signature->y_parity, .r = signature->r, .s = signature->s});
  }
  std::vector<std::optional<Address>> out(signatures.size());
  recover_signers(signatures, out);
  for (auto _ : state) {
    const Counted counted;
    recover_signers(signatures, out);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(signers)->Arg(1)->Arg(2)->Arg(8)->Unit(benchmark::kMicrosecond);

/// A point of G1: a multiple of the generator (1, 2).
Bytes g1_point(const u256& scalar) {
  std::uint8_t generator_point[64] = {};
  generator_point[31] = 1;
  generator_point[63] = 2;
  const Hash32 number = to_hash32(scalar);
  Bytes out(64);
  (void)bn254_multiply(generator_point, std::span<const std::uint8_t, 32>(number.data(), 32),
                       std::span<std::uint8_t, 64>(out.data(), 64));
  return out;
}

void bn254_addition(benchmark::State& state) {
  const Bytes a = g1_point(random_u256());
  const Bytes b = g1_point(random_u256());
  std::uint8_t out[64];
  for (auto _ : state) {
    const Counted counted;
    const bool ok = bn254_add(std::span<const std::uint8_t, 64>(a.data(), 64),
                              std::span<const std::uint8_t, 64>(b.data(), 64), out);
    benchmark::DoNotOptimize(ok);
    benchmark::DoNotOptimize(out);
  }
}
BENCHMARK(bn254_addition);

void bn254_multiplication(benchmark::State& state) {
  const Bytes point = g1_point(random_u256());
  std::vector<Hash32> scalars;
  for (int i = 0; i < 64; ++i) scalars.push_back(to_hash32(random_u256()));
  std::uint8_t out[64];
  std::size_t i = 0;
  for (auto _ : state) {
    const Counted counted;
    const bool ok = bn254_multiply(std::span<const std::uint8_t, 64>(point.data(), 64),
                                   std::span<const std::uint8_t, 32>(scalars[i++ % 64].data(), 32), out);
    benchmark::DoNotOptimize(ok);
    benchmark::DoNotOptimize(out);
  }
}
BENCHMARK(bn254_multiplication)->Unit(benchmark::kMicrosecond);

void bn254_pairing(benchmark::State& state) {
  // Any points of G1 with the generator of G2 (EIP-197).
  const char* const g2_coordinates[] = {"11559732032986387107991004021392285783925812861821192530917403151452391805634",
                                        "10857046999023057135944570762232829481370756359578518086990519993285655852781",
                                        "4082367875863433681332203403145435568316851327593401208105741076214120093531",
                                        "8495653923123431417604973247489272438418190587263600148770280649306958101930"};
  Bytes pairs;
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    append(pairs, g1_point(random_u256()));
    for (const char* const coordinate : g2_coordinates) append(pairs, to_hash32(*u256_from_text(coordinate)));
  }
  for (auto _ : state) {
    const Counted counted;
    const auto result = bn254_pairing_check(pairs);
    benchmark::DoNotOptimize(result);
  }
}
BENCHMARK(bn254_pairing)->Arg(1)->Arg(2)->Arg(4)->Unit(benchmark::kMicrosecond);

/// Operands whose bit lengths are the arguments, in an order that no branch predictor learns by heart.
struct Operands {
  std::vector<u256> a, b, c;

  explicit Operands(const benchmark::State& state) {
    const auto of_length = [](std::int64_t bits) {
      return (u256{1} << 255 | random_u256()) >> static_cast<unsigned>(256 - bits);
    };
    for (int i = 0; i < 1024; ++i) {
      a.push_back(of_length(state.range(0)));
      b.push_back(of_length(state.range(1)));
      c.push_back(random_u256() >> static_cast<unsigned>(256 - state.range(0)));
    }
  }
};

template <class Operation>
void run(benchmark::State& state, Operation operation) {
  const Operands operands(state);
  std::size_t i = 0;
  for (auto _ : state) {
    const u256 result = operation(operands.a[i], operands.b[i], operands.c[i]);
    benchmark::DoNotOptimize(result);
    i = (i + 1) % 1024;
  }
}

void u256_multiply(benchmark::State& state) {
  run(state, [](const u256& a, const u256& b, const u256&) { return a * b; });
}
BENCHMARK(u256_multiply)->Args({256, 256})->Args({64, 64});
void u256_divide(benchmark::State& state) {
  run(state, [](const u256& a, const u256& b, const u256&) { return a / b; });
}
BENCHMARK(u256_divide)
    ->Args({256, 256})
    ->Args({256, 192})
    ->Args({256, 128})
    ->Args({256, 64})
    ->Args({128, 64})
    ->Args({64, 32})
    ->Args({128, 256});
void u256_modulo(benchmark::State& state) {
  run(state, [](const u256& a, const u256& b, const u256&) { return a % b; });
}
BENCHMARK(u256_modulo)->Args({256, 128})->Args({256, 64});
void u256_add_modulo(benchmark::State& state) {
  run(state, [](const u256& a, const u256& b, const u256& c) { return add_modulo(a, c, b); });
}
BENCHMARK(u256_add_modulo)->Args({256, 256})->Args({255, 256})->Args({256, 128})->Args({64, 64});
void u256_multiply_modulo(benchmark::State& state) {
  run(state, [](const u256& a, const u256& b, const u256& c) { return multiply_modulo(a, c, b); });
}
BENCHMARK(u256_multiply_modulo)
    ->Args({256, 256})
    ->Args({254, 254})
    ->Args({256, 192})
    ->Args({256, 128})
    ->Args({256, 64})
    ->Args({64, 64});
void u256_power(benchmark::State& state) {
  run(state, [](const u256& a, const u256& b, const u256&) { return power(a, b); });
}
BENCHMARK(u256_power)->Args({256, 256})->Args({256, 8})->Args({4, 6});

}  // namespace
}  // namespace hocket
