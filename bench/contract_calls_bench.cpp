// Calls of contracts without the transaction around them, state in memory: the real code of Uniswap v2's pair, which is
// an ERC-20 token too, of WETH and of a Curve pool, from the fixture pack mainnet-blocks (what is not there is not
// registered); the token and the pair of contracts/; and single instructions.
//   taskset -c 0 build/release/bench/contract_calls_bench
#include "base/hex.hpp"
#include "counted.hpp"
#include "crypto/keccak.hpp"
#include "evm/block_writer.hpp"
#include "evm/evm.hpp"
#include "evm/program.hpp"
#include "replay/block_bundle.hpp"
#include "state/in_memory_state.hpp"
#include "workloads/abi.hpp"
#include "workloads/market.hpp"
#include "workloads/state_builder.hpp"
#include "workloads/token.hpp"

#include <benchmark/benchmark.h>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace hocket {
namespace {

using namespace literals;
using workloads::encode_call;

constexpr std::int64_t kGas = 100'000'000;
constexpr u256 kWealth = u256{1} << 90;

/// Calls that are made in turn on one state, each on the state as it is, in a journal of its own.
struct Calls {
  struct Call {
    Address sender;
    Address recipient;
    Bytes input;
  };

  InMemoryState state;
  std::vector<Call> calls;

  void run(benchmark::State& bench) const { run(bench, state); }

  /// The same on another state than `state`.
  void run(benchmark::State& bench, const StateView& view) const {
    ProgramCache programs;
    Evm evm(programs);
    BlockContext block;
    block.number = 1;
    block.timestamp = 1'700'000'000;
    block.gas_limit = 1'000'000'000;
    evm.begin_block(spec_of(Revision::osaka), block);
    Journal journal(view);
    std::int64_t gas_used = 0;
    const auto execute = [&](const Call& call) {
      const TransactionContext transaction{.origin = call.sender, .gas_price = 1, .blob_hashes = {}};
      const Message message{
          .gas = kGas, .sender = call.sender, .recipient = call.recipient, .value = {}, .input = call.input};
      journal.reset(view);
      journal.begin_transaction();
      const ExecutionResult result = evm.execute(message, transaction, journal);
      gas_used = kGas - result.gas_left;
      return result.status == Status::success;
    };
    if (!execute(calls.front())) return bench.SkipWithError("the call failed");
    std::size_t i = 0;
    for (auto _ : bench) {
      const Counted counted;
      if (!execute(calls[i])) return bench.SkipWithError("a call failed");
      if (++i == calls.size()) i = 0;
    }
    bench.counters["gas"] = static_cast<double>(gas_used);
    bench.counters["gas/s"] =
        benchmark::Counter(static_cast<double>(gas_used), benchmark::Counter::kIsIterationInvariantRate);
  }
};

/// How many accounts take turns where no hash is to come again soon: every call has two slots that are its own.
constexpr std::size_t kManyAccounts = 10'000;

// --- Uniswap v2, as deployed ---------------------------------------------------------------------------------------

/// The runtime code of Uniswap v2's pairs.
const Hash32 kPairCodeHash = "0x5b83bdbcc56b2e630f2807bbadd2b0c21619108066b92a58de081261089e9ce5"_hash32;
// Where the pair has its variables.
constexpr std::uint64_t kTotalSupplySlot = 0;
constexpr std::uint64_t kBalanceSlot = 1;
constexpr std::uint64_t kAllowanceSlot = 2;
constexpr std::uint64_t kFactorySlot = 5;
constexpr std::uint64_t kToken0Slot = 6;
constexpr std::uint64_t kToken1Slot = 7;
constexpr std::uint64_t kReservesSlot = 8;
constexpr std::uint64_t kUnlockedSlot = 12;

/// An ERC-20 token as it is deployed, and where it has its variables.
struct Token {
  Address address;  // on mainnet
  Hash32 code_hash;
  u256 balance_slot;
  u256 allowance_slot;
};
const Token kPairToken{"0x0d0d65e7a7db277d3e0f5e1676325e75f3340455"_address, kPairCodeHash, kBalanceSlot,
                       kAllowanceSlot};
const Token kWeth{"0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2"_address,
                  "0xd0a06b12ac47863b5c7be4185c2deaad1c61557033f56c7d4ea74429cbb25e23"_hash32, 3, 4};

const Address kPair = "0x1000000000000000000000000000000000000001"_address;
const Address kToken0 = "0x1000000000000000000000000000000000000002"_address;
const Address kToken1 = "0x1000000000000000000000000000000000000003"_address;
const Address kSpender = "0x2000000000000000000000000000000000000001"_address;

u256 balance_of(const Token& token, const Address& owner) { return workloads::mapping_slot(owner, token.balance_slot); }
u256 allowance(const Token& token, const Address& owner, const Address& spender) {
  return workloads::mapping_slot(spender, workloads::mapping_slot(owner, token.allowance_slot));
}

std::filesystem::path bundle_path(const std::string& block) {
  const char* folder = std::getenv("HOCKET_FIXTURES_UNPACKED");
  const std::filesystem::path root = folder != nullptr ? folder : HOCKET_SOURCE_DIR "/build/fixtures";
  return root / "mainnet-blocks" / "mainnet" / (block + ".json");
}

/// Empty: it is not there, or it is not what the benchmarks are about.
std::optional<BlockBundle> bundle(const std::string& block) {
  InputFiles files({bundle_path(block).string()});
  auto document = files.next();
  if (!document || !*document) return std::nullopt;
  auto decoded = decode_bundle(std::move(**document));
  if (!decoded) return std::nullopt;
  return std::move(*decoded);
}

/// A block in which pairs and WETH are traded with.
const char* const kTradingBlock = "10760440";

Bytes code_of(const Token& token) {
  const auto decoded = bundle(kTradingBlock);
  if (!decoded) return {};
  const auto code = decoded->state->code(token.address, token.code_hash).value_or(BytesView{});
  return keccak256(code) == token.code_hash ? to_bytes(code) : Bytes{};
}
Bytes pair_code() { return code_of(kPairToken); }

void deployed_token_transfer(benchmark::State& bench, const Token& token, std::size_t accounts, bool from) {
  Calls calls;
  const auto owners = workloads::make_accounts("owner", 2 * accounts);
  std::vector<std::pair<u256, u256>> storage;
  for (const Address& owner : owners) {
    storage.emplace_back(balance_of(token, owner), kWealth);
    if (from) storage.emplace_back(allowance(token, owner, kSpender), kWealth);
  }
  calls.state.put(kPair, 1, 0, code_of(token), storage);
  for (std::size_t i = 0; i < accounts; ++i) {
    const Address& payer = owners[2 * i];
    const Address& payee = owners[2 * i + 1];
    if (from)
      calls.calls.push_back({kSpender, kPair, workloads::transfer_from_call(payer, payee, 1'000)});
    else
      calls.calls.push_back({payer, kPair, workloads::transfer_call(payee, 1'000)});
  }
  calls.run(bench);
}

// swap(amount0Out, amount1Out, to, ""), the amount to sell having come before: three calls of the tokens, which are
// pairs themselves.
void uniswap_swap(benchmark::State& bench) {
  Calls calls;
  const Bytes code = pair_code();
  const u256 reserve = u256{1} << 80;
  const u256 sold = u256{1} << 60;
  const auto owned = [](const Address& owner, const u256& amount) {
    return std::vector<std::pair<u256, u256>>{{balance_of(kPairToken, owner), amount}};
  };
  calls.state.put(kToken0, 1, 0, code, owned(kPair, reserve + sold));
  calls.state.put(kToken1, 1, 0, code, owned(kPair, reserve));
  calls.state.put(kPair, 1, 0, code,
                  {{kTotalSupplySlot, kWealth},
                   {kFactorySlot, to_u256(kSpender)},
                   {kToken0Slot, to_u256(kToken0)},
                   {kToken1Slot, to_u256(kToken1)},
                   {kReservesSlot, reserve | reserve << 112},
                   {kUnlockedSlot, 1}});
  Bytes input = encode_call("swap(uint256,uint256,address,bytes)", {0, sold - (sold >> 4), to_u256(kSpender), 128, 0});
  calls.calls.push_back({kSpender, kPair, input});
  calls.run(bench);
}

// --- Curve, as deployed --------------------------------------------------------------------------------------------

// exchange(0, 1, ...) of the pool of renBTC, WBTC and sBTC: the call of transaction 157 of a block, on the state before
// the block. One token is a proxy, the other is not.
const char* const kCurveBlock = "12047794";
constexpr std::size_t kCurveTransaction = 157;

void curve_exchange(benchmark::State& bench) {
  const auto decoded = bundle(kCurveBlock);
  if (!decoded) return bench.SkipWithError("the bundle is not valid");
  const Transaction& transaction = decoded->block.transactions.at(kCurveTransaction);
  Calls calls;
  calls.calls.push_back({decoded->senders.at(kCurveTransaction).value(), transaction.to.value(), transaction.data});
  calls.run(bench, *decoded->state);
}

// --- contracts/ ----------------------------------------------------------------------------------------------------

void token_call(benchmark::State& bench, bool from) {
  workloads::StateBuilder builder;
  const auto owners = workloads::make_accounts("owner", 2);
  const Address token = workloads::deploy_token(builder, "TKN", builder.deployer());
  workloads::give_tokens(builder, token, owners, kWealth);
  workloads::approve_without_limit(builder, token, owners, kSpender);
  Calls calls;
  calls.state = builder.take();
  if (from)
    calls.calls.push_back({kSpender, token, workloads::transfer_from_call(owners[0], owners[1], 1'000)});
  else
    calls.calls.push_back({owners[0], token, workloads::transfer_call(owners[1], 1'000)});
  calls.run(bench);
}
BENCHMARK_CAPTURE(token_call, transfer, false);
BENCHMARK_CAPTURE(token_call, transfer_from, true);

void pair_swap(benchmark::State& bench) {
  workloads::StateBuilder builder;
  workloads::Market market(builder, {{0, 1}});
  const Address trader = workloads::make_accounts("trader", 1).front();
  market.want(market.token0(0), trader);
  market.give_out(builder, workloads::ether(1'000));
  Calls calls;
  calls.calls.push_back(
      {trader, market.router(), market.swap_call(market.token0(0), workloads::ether(1), {market.pair(0)})});
  calls.state = builder.take();
  calls.run(bench);
}
BENCHMARK(pair_swap)->Name("router_swap");

// --- instructions --------------------------------------------------------------------------------------------------

// KECCAK256 of 64 bytes which nobody has hashed before: the first half is the hash before. With it, for each hash, two
// PUSH0, a PUSH1 and an MSTORE.
void keccak_instruction(benchmark::State& bench) {
  constexpr int kHashes = 1'000;
  Bytes code = "5f355f52"_hex;
  for (int i = 0; i < kHashes; ++i) append(code, "60405f205f52"_hex);
  InMemoryState state;
  state.put(kPair, 1, 0, code, {});
  ProgramCache programs;
  Evm evm(programs);
  const BlockContext block;
  evm.begin_block(spec_of(Revision::osaka), block);
  Journal journal(state);
  Bytes input(32);
  std::uint64_t turn = 0;
  for (auto _ : bench) {
    store_be256(input.data(), u256{++turn});
    const TransactionContext transaction{.origin = kSpender, .gas_price = 1, .blob_hashes = {}};
    const Message message{.gas = kGas, .sender = kSpender, .recipient = kPair, .value = {}, .input = input};
    journal.reset(state);
    journal.begin_transaction();
    const Counted counted;
    if (evm.execute(message, transaction, journal).status != Status::success) return bench.SkipWithError("it failed");
  }
  bench.counters["s/hash"] =
      benchmark::Counter(kHashes, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}
BENCHMARK(keccak_instruction)->Name("instruction/keccak256_64_new");

// --- translation ---------------------------------------------------------------------------------------------------

// 24 KB, which is the most a contract may have: nothing but jump destinations, nothing but one-byte pushes, or (where
// the fixtures are) as much as there is of real code.
// `analyse` is what the first sight of a code costs, `translate` what is added if all of it is run.
void analyse(benchmark::State& bench, const Bytes& code) {
  const Spec& spec = spec_of(Revision::osaka);
  for (auto _ : bench) {
    const Counted counted;
    const Program program(code, spec, false);
    benchmark::DoNotOptimize(program.jump_target(0));
  }
  bench.SetBytesProcessed(bench.iterations() * static_cast<std::int64_t>(code.size()));
}
void translate(benchmark::State& bench, const Bytes& code) {
  TranslationSpace space;
  const Spec& spec = spec_of(Revision::osaka);
  std::vector<std::size_t> destinations;
  const Program first(code, spec, false);
  for (std::size_t pc = 0; pc < code.size(); ++pc)
    if (first.jump_target(pc) != nullptr) destinations.push_back(pc);
  for (auto _ : bench) {
    const Counted counted;
    const Program program(code, spec, false);
    benchmark::DoNotOptimize(program.entry(space));
    for (const std::size_t pc : destinations)
      if (program.jump_target(pc)->cell == nullptr) program.translate(pc, space);
  }
  bench.SetBytesProcessed(bench.iterations() * static_cast<std::int64_t>(code.size()));
}
constexpr std::size_t kMaxCode = 24'576;
Bytes repeated(BytesView pattern) {
  Bytes code;
  while (code.size() < kMaxCode) append(code, pattern);
  code.resize(kMaxCode);
  return code;
}
// Dear for its gas, as nothing is run twice: 48 KB of init code, which no cache knows, where every seven bytes jump to
// the next seven, or, `backwards`, to those before: JUMPDEST CALLDATASIZE POP PUSH2 JUMP.
void init_code(benchmark::State& bench, bool backwards) {
  constexpr std::size_t kMaxInitCode = 49'152;
  constexpr std::size_t kPiece = 7;
  constexpr std::size_t kPieces = kMaxInitCode / kPiece - 1;
  Bytes code;
  const auto jump_to_piece = [&](std::size_t i) {
    const std::size_t pc = (i + 1) * kPiece;
    append(code, Bytes{0x61, static_cast<std::uint8_t>(pc >> 8), static_cast<std::uint8_t>(pc), 0x56});
  };
  jump_to_piece(backwards ? kPieces - 1 : 0);
  append(code, "000000"_hex);
  for (std::size_t i = 0; i < kPieces; ++i) {
    append(code, "5b3650"_hex);
    if (backwards && i != 0)
      jump_to_piece(i - 1);
    else if (!backwards && i + 1 != kPieces)
      jump_to_piece(i + 1);
    else
      append(code, "00000000"_hex);
  }
  InMemoryState state;
  ProgramCache programs;
  Evm evm(programs);
  const BlockContext block;
  evm.begin_block(spec_of(Revision::osaka), block);
  Journal journal(state);
  std::int64_t gas_used = 0;
  for (auto _ : bench) {
    const TransactionContext transaction{.origin = kSpender, .gas_price = 1, .blob_hashes = {}};
    const Message message{
        .kind = CallKind::create, .gas = kGas, .sender = kSpender, .recipient = kPair, .value = {}, .input = code};
    journal.reset(state);
    journal.begin_transaction();
    const Counted counted;
    const ExecutionResult result = evm.execute(message, transaction, journal);
    if (result.status != Status::success) return bench.SkipWithError("it failed");
    gas_used = kGas - result.gas_left;
  }
  bench.counters["gas"] = static_cast<double>(gas_used);
  bench.counters["gas/s"] =
      benchmark::Counter(static_cast<double>(gas_used), benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK_CAPTURE(init_code, jumps, false);
BENCHMARK_CAPTURE(init_code, jumps_backwards, true);

BENCHMARK_CAPTURE(analyse, jumpdests, repeated("5b"_hex));
BENCHMARK_CAPTURE(analyse, pushes, repeated("600150"_hex));
BENCHMARK_CAPTURE(analyse, jumps, repeated("5b600056"_hex));
BENCHMARK_CAPTURE(analyse, pushed_jumpdests, repeated("605b"_hex));
BENCHMARK_CAPTURE(translate, jumpdests, repeated("5b"_hex));
BENCHMARK_CAPTURE(translate, pushes, repeated("600150"_hex));
BENCHMARK_CAPTURE(translate, jumps, repeated("5b600056"_hex));

const bool registered = [] {
  if (!std::filesystem::exists(bundle_path(kTradingBlock))) return false;
  benchmark::RegisterBenchmark("analyse/uniswap_v2",
                               [](benchmark::State& bench) { analyse(bench, repeated(pair_code())); });
  benchmark::RegisterBenchmark("translate/uniswap_v2",
                               [](benchmark::State& bench) { translate(bench, repeated(pair_code())); });
  struct Row {
    const char* name;
    const Token* token;
    std::size_t accounts;
    bool from;
  };
  for (const Row& row : {Row{"uniswap_v2/transfer/same", &kPairToken, 1, false},
                         {"uniswap_v2/transfer/new", &kPairToken, kManyAccounts, false},
                         {"uniswap_v2/transfer_from/same", &kPairToken, 1, true},
                         {"uniswap_v2/transfer_from/new", &kPairToken, kManyAccounts, true},
                         {"weth/transfer/same", &kWeth, 1, false},
                         {"weth/transfer/new", &kWeth, kManyAccounts, false}})
    benchmark::RegisterBenchmark(row.name, [row](benchmark::State& bench) {
      deployed_token_transfer(bench, *row.token, row.accounts, row.from);
    });
  benchmark::RegisterBenchmark("uniswap_v2/swap", uniswap_swap);
  if (std::filesystem::exists(bundle_path(kCurveBlock))) benchmark::RegisterBenchmark("curve/exchange", curve_exchange);
  return true;
}();

}  // namespace
}  // namespace hocket
