// The costly instructions of arithmetic, by the operands that their cost depends on: a thousand in a row, each of which
// waits for the one before, with the two to four cheap instructions that bring the operands there. `add` is the floor.
//   taskset -c 0 build/release/bench/arithmetic_bench
#include "base/hex.hpp"
#include "counted.hpp"
#include "evm/evm.hpp"
#include "protocol/opcode.hpp"
#include "state/in_memory_state.hpp"

#include <benchmark/benchmark.h>
#include <string>
#include <vector>

namespace hocket {
namespace {

using namespace literals;

constexpr std::int64_t kGas = 1'000'000'000;
constexpr int kInstructions = 1'000;
const Address kContract = "0x1000000000000000000000000000000000000001"_address;
const Address kSender = "0x2000000000000000000000000000000000000001"_address;

constexpr u256 kAny{0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0, 0xf82efa98ec4e6c89};
constexpr u256 kOther{0x452821e638d01377, 0xbe5466cf34e90c6c, 0xc0ac29b7c97c50dd, 0x3f84d5b5b5470917};
/// What curves are computed with in contracts: BN254's field and that of secp256k1.
constexpr u256 kBn254{0x3c208c16d87cfd47, 0x97816a916871ca8d, 0xb85045b68181585d, 0x30644e72e131a029};
constexpr u256 kSecp256k1{0xfffffffefffffc2f, ~0ull, ~0ull, ~0ull};

void push(Bytes& code, const u256& value) {
  code.push_back(OP_PUSH1 + 31);
  const Hash32 bytes = to_hash32(value);
  append(code, bytes);
}

void run(benchmark::State& bench, const Bytes& code) {
  InMemoryState state;
  state.put(kContract, 1, 0, code, {});
  ProgramCache programs;
  Evm evm(programs);
  const BlockContext block;
  evm.begin_block(spec_of(Revision::osaka), block);
  Journal journal(state);
  const TransactionContext transaction{.origin = kSender, .gas_price = 1, .blob_hashes = {}};
  const Message message{.gas = kGas, .sender = kSender, .recipient = kContract, .value = {}, .input = {}};
  for (auto _ : bench) {
    journal.reset(state);
    journal.begin_transaction();
    const Counted counted;
    if (evm.execute(message, transaction, journal).status != Status::success) return bench.SkipWithError("it failed");
  }
  bench.counters["s/instruction"] =
      benchmark::Counter(kInstructions, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

/// x = opcode(x ^ first, second), over and over.
void two_operands(benchmark::State& bench, Opcode opcode, const u256& first, const u256& second) {
  Bytes code;
  push(code, first);
  push(code, second);
  push(code, kOther);
  for (int i = 0; i < kInstructions; ++i)
    append(code, Bytes{OP_DUP1 + 2, OP_XOR, OP_DUP1 + 1, OP_SWAP1, static_cast<std::uint8_t>(opcode)});
  run(bench, code);
}

/// x = opcode(factor, x, modulus), over and over, with each modulus in turn.
void modular(benchmark::State& bench, Opcode opcode, const u256& factor, const std::vector<u256>& moduli) {
  Bytes code;
  for (const u256& modulus : moduli) push(code, modulus);
  push(code, factor);
  push(code, kOther);
  const auto depth = static_cast<std::uint8_t>(moduli.size() + 2);
  for (int i = 0; i < kInstructions; ++i) {
    const auto modulus = static_cast<std::uint8_t>(OP_DUP1 + depth - 1 - static_cast<std::size_t>(i) % moduli.size());
    append(code, Bytes{modulus, OP_SWAP1, OP_DUP1 + 2, static_cast<std::uint8_t>(opcode)});
  }
  run(bench, code);
}

const bool registered = [] {
  struct Row {
    const char* name;
    Opcode opcode;
    u256 first;
    u256 second;
  };
  for (const Row& row : {Row{"add", OP_ADD, kAny, kOther},
                         {"mul", OP_MUL, kAny, kOther},
                         {"div/64by64", OP_DIV, kAny >> 192, kOther >> 210},
                         {"div/128by64", OP_DIV, kAny >> 128, kOther >> 192},
                         {"div/256by64", OP_DIV, kAny, kOther >> 192},
                         {"div/256by128", OP_DIV, kAny, kOther >> 128},
                         {"div/256by192", OP_DIV, kAny, kOther >> 64},
                         {"div/256by256", OP_DIV, kAny, kOther},
                         {"div/128by256", OP_DIV, kAny >> 128, kOther},
                         {"sdiv/256by64", OP_SDIV, kAny, kOther >> 192},
                         {"mod/256by64", OP_MOD, kAny, kOther >> 192},
                         {"mod/256by160", OP_MOD, kAny, kOther >> 96},
                         {"smod/256by64", OP_SMOD, kAny, kOther >> 192},
                         {"exp/8", OP_EXP, kAny, 0x99},
                         {"exp/256", OP_EXP, kAny, kOther}})
    benchmark::RegisterBenchmark(
        row.name, [row](benchmark::State& bench) { two_operands(bench, row.opcode, row.first, row.second); });
  struct ModularRow {
    const char* name;
    Opcode opcode;
    u256 factor;
    std::vector<u256> moduli;
  };
  for (const ModularRow& row : {ModularRow{"addmod/bn254", OP_ADDMOD, kOther >> 3, {kBn254}},
                                {"addmod/64", OP_ADDMOD, kAny, {kOther >> 192}},
                                {"mulmod/bn254", OP_MULMOD, kOther >> 3, {kBn254}},
                                {"mulmod/secp256k1", OP_MULMOD, kAny, {kSecp256k1}},
                                {"mulmod/max", OP_MULMOD, kAny, {u256::max()}},
                                {"mulmod/64", OP_MULMOD, kAny >> 192, {kOther >> 192}},
                                {"mulmod/128", OP_MULMOD, kAny >> 128, {kOther >> 128}},
                                {"mulmod/160", OP_MULMOD, kAny >> 96, {kOther >> 96}},
                                {"mulmod/two_moduli", OP_MULMOD, kOther >> 3, {kBn254, kOther >> 2}},
                                {"mulmod/three_moduli", OP_MULMOD, kOther >> 3, {kBn254, kOther >> 2, kAny}}})
    benchmark::RegisterBenchmark(
        row.name, [row](benchmark::State& bench) { modular(bench, row.opcode, row.factor, row.moduli); });
  return true;
}();

}  // namespace
}  // namespace hocket
