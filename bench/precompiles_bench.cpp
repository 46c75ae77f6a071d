// Every precompile on a typical input, through the registry as the EVM calls it. Inputs are made here.
#include "base/assert.hpp"
#include "base/hex.hpp"
#include "base/uint256.hpp"
#include "counted.hpp"
#include "crypto/secp256k1.hpp"
#include "crypto/sha256.hpp"
#include "evm/precompiles/precompile.hpp"

#include <benchmark/benchmark.h>
#include <cstring>
#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <string>

namespace hocket {
namespace {

using namespace literals;

constexpr std::int64_t kEnoughGas = std::int64_t{1} << 40;

Hash32 pseudo_random(std::size_t i) { return sha256(as_bytes("hocket" + std::to_string(i))); }

Bytes pseudo_random_bytes(std::size_t size, std::size_t seed = 0) {
  Bytes bytes;
  for (std::size_t i = 0; bytes.size() < size; ++i) append(bytes, pseudo_random(1000 * seed + i));
  bytes.resize(size);
  return bytes;
}

Bytes run(std::uint16_t index, const Bytes& input) {
  Bytes output;
  HOCKET_ASSERT(run_precompile(index, spec_of(Revision::osaka), input, kEnoughGas, output).success);
  return output;
}

void measure(benchmark::State& state, std::uint16_t index, const Bytes& input, Revision revision = Revision::osaka) {
  const Spec& spec = spec_of(revision);
  Bytes output;
  // What is made once, tables and contexts, is not what is measured.
  PrecompileResult result = run_precompile(index, spec, input, kEnoughGas, output);
  for (auto _ : state) {
    const Counted counted;
    result = run_precompile(index, spec, input, kEnoughGas, output);
    benchmark::DoNotOptimize(output.data());
  }
  if (!result.success || output.empty()) return state.SkipWithError("the input is not valid");
  const auto gas = static_cast<double>(kEnoughGas - result.gas_left);
  state.counters["gas"] = gas;
  state.counters["gas/s"] = benchmark::Counter(gas, benchmark::Counter::kIsIterationInvariantRate);
}

void ecrecover(benchmark::State& state) {
  const Hash32 hash = pseudo_random(1);
  const auto signature = sign(hash, pseudo_random(2));
  HOCKET_ASSERT(signature);
  Bytes input(128);
  std::memcpy(input.data(), hash.data(), 32);
  store_be256(input.data() + 32, u256{27u + signature->y_parity});
  store_be256(input.data() + 64, signature->r);
  store_be256(input.data() + 96, signature->s);
  measure(state, 0x01, input);
}
BENCHMARK(ecrecover);

void sha256_of(benchmark::State& state) {
  measure(state, 0x02, pseudo_random_bytes(static_cast<std::size_t>(state.range(0))));
}
BENCHMARK(sha256_of)->Arg(32)->Arg(64)->Arg(1024);

void ripemd160_of(benchmark::State& state) {
  measure(state, 0x03, pseudo_random_bytes(static_cast<std::size_t>(state.range(0))));
}
BENCHMARK(ripemd160_of)->Arg(32)->Arg(1024);

void identity(benchmark::State& state) {
  measure(state, 0x04, pseudo_random_bytes(static_cast<std::size_t>(state.range(0))));
}
BENCHMARK(identity)->Arg(32)->Arg(1024);

// Numbers of `range(0)` bytes; the modulus odd or, with `range(1)`, even.
void modexp(benchmark::State& state) {
  const auto size = static_cast<std::size_t>(state.range(0));
  Bytes input(96);
  for (std::size_t i = 0; i < 3; ++i) store_be256(input.data() + 32 * i, u256{size});
  for (std::size_t i = 0; i < 3; ++i) append(input, pseudo_random_bytes(size, i));
  input.back() = static_cast<std::uint8_t>((input.back() | 1) ^ state.range(1));
  measure(state, 0x05, input);
}
BENCHMARK(modexp)->Args({32, 0})->Args({32, 1})->Args({256, 0})->Args({256, 1})->Args({1024, 0});

const Bytes& bn254_generator() {
  static const Bytes point =
      "0000000000000000000000000000000000000000000000000000000000000001"
      "0000000000000000000000000000000000000000000000000000000000000002"_hex;
  return point;
}

Bytes bn254_point(std::size_t i) {
  Bytes input = bn254_generator();
  append(input, pseudo_random(i));
  return run(0x07, input);
}

void bn254_add(benchmark::State& state) {
  Bytes input = bn254_point(1);
  append(input, bn254_point(2));
  measure(state, 0x06, input);
}
BENCHMARK(bn254_add);

void bn254_multiply(benchmark::State& state) {
  Bytes input = bn254_point(1);
  append(input, pseudo_random(3));
  measure(state, 0x07, input);
}
BENCHMARK(bn254_multiply);

void bn254_pairing(benchmark::State& state) {
  // EIP-197's generator of G2.
  static const Bytes g2 =
      "198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2"
      "1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed"
      "090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b"
      "12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa"_hex;
  Bytes input;
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    append(input, bn254_point(static_cast<std::size_t>(i)));
    append(input, g2);
  }
  measure(state, 0x08, input);
}
BENCHMARK(bn254_pairing)->Arg(1)->Arg(2)->Arg(4);

void blake2f(benchmark::State& state) {
  Bytes input = pseudo_random_bytes(213);
  store_be32(input.data(), static_cast<std::uint32_t>(state.range(0)));
  input.back() = 1;
  measure(state, 0x09, input);
}
BENCHMARK(blake2f)->Arg(12)->Arg(1000);

void point_evaluation(benchmark::State& state) {
  // The proof of a blob of pseudo-random numbers at some z, made by c-kzg-4844 from the ceremony's setup: versioned
  // hash, z, y, commitment, proof.
  static const Bytes input =
      "01b98b64a41ef2b26b77622805ac38535af37a5bf8847a33d44bfd1c938ea8e4"
      "0000000000070000000000000000000000000000000000000000000000000000"
      "1ddf2d15964b1e4bcc44df9c65d33465324c4cce6fdd07aad89f5fb79588e35c"
      "9610b1ffdfc959902e4ddf893f00888b81785b877a4ad2210e50d003cec1df5532c98b1446f3c399b0dde50ad9bc891c"
      "96510c776ba114dcb28dbce199820df45abc116c30c47691f733e78e47a7e6b3524b48c004b5d7d4feb791bf7ed30316"_hex;
  measure(state, 0x0a, input);
}
BENCHMARK(point_evaluation);

Bytes bls_field_element(std::size_t i) {
  Bytes element(16);
  append(element, pseudo_random_bytes(48, i));
  element[16] = 0;
  return element;
}
Bytes bls_g1(std::size_t i) { return run(0x10, bls_field_element(i)); }
Bytes bls_fp2(std::size_t i) {
  Bytes element = bls_field_element(2 * i);
  append(element, bls_field_element(2 * i + 1));
  return element;
}
Bytes bls_g2(std::size_t i) { return run(0x11, bls_fp2(i)); }

void bls12_g1_add(benchmark::State& state) {
  Bytes input = bls_g1(1);
  append(input, bls_g1(2));
  measure(state, 0x0b, input);
}
BENCHMARK(bls12_g1_add);

void bls12_g2_add(benchmark::State& state) {
  Bytes input = bls_g2(1);
  append(input, bls_g2(2));
  measure(state, 0x0d, input);
}
BENCHMARK(bls12_g2_add);

void bls12_msm(benchmark::State& state, std::uint16_t index, Bytes (*point)(std::size_t)) {
  Bytes input;
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    append(input, point(static_cast<std::size_t>(i)));
    append(input, pseudo_random(static_cast<std::size_t>(i)));
  }
  measure(state, index, input);
}
BENCHMARK_CAPTURE(bls12_msm, g1, 0x0c, bls_g1)->Arg(1)->Arg(2)->Arg(16)->Arg(128);
BENCHMARK_CAPTURE(bls12_msm, g2, 0x0e, bls_g2)->Arg(1)->Arg(2)->Arg(16)->Arg(128);

void bls12_pairing_check(benchmark::State& state) {
  Bytes input;
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    append(input, bls_g1(static_cast<std::size_t>(i)));
    append(input, bls_g2(static_cast<std::size_t>(i)));
  }
  measure(state, 0x0f, input);
}
BENCHMARK(bls12_pairing_check)->Arg(1)->Arg(2)->Arg(8);

void bls12_map_fp_to_g1(benchmark::State& state) { measure(state, 0x10, bls_field_element(1)); }
BENCHMARK(bls12_map_fp_to_g1);

void bls12_map_fp2_to_g2(benchmark::State& state) { measure(state, 0x11, bls_fp2(1)); }
BENCHMARK(bls12_map_fp2_to_g2);

void p256verify(benchmark::State& state) {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  HOCKET_ASSERT(key != nullptr);
  const Hash32 hash = pseudo_random(1);
  std::uint8_t der[80];
  std::size_t der_size = sizeof der;
  EVP_PKEY_CTX* context = EVP_PKEY_CTX_new(key, nullptr);
  HOCKET_ASSERT(EVP_PKEY_sign_init(context) == 1 && EVP_PKEY_sign(context, der, &der_size, hash.data(), 32) == 1);
  EVP_PKEY_CTX_free(context);
  const std::uint8_t* cursor = der;
  ECDSA_SIG* signature = d2i_ECDSA_SIG(nullptr, &cursor, static_cast<long>(der_size));
  std::uint8_t point[65];
  std::size_t point_size = 0;
  HOCKET_ASSERT(EVP_PKEY_get_octet_string_param(key, "encoded-pub-key", point, sizeof point, &point_size) == 1);

  Bytes input(160);
  std::memcpy(input.data(), hash.data(), 32);
  BN_bn2binpad(ECDSA_SIG_get0_r(signature), input.data() + 32, 32);
  BN_bn2binpad(ECDSA_SIG_get0_s(signature), input.data() + 64, 32);
  std::memcpy(input.data() + 96, point + 1, 64);
  ECDSA_SIG_free(signature);
  EVP_PKEY_free(key);
  measure(state, 0x100, input);
}
BENCHMARK(p256verify);

}  // namespace
}  // namespace hocket
