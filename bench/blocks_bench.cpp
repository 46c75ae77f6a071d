// What a block costs besides its execution: its senders, its transactions' root, the state's. Blocks are made here;
// with the fixture pack mainnet-blocks there are its blocks too, all 54 of them together.
//   taskset -c 0 build/release/bench/blocks_bench
#include "base/assert.hpp"
#include "block/execute_block.hpp"
#include "block/recover_senders.hpp"
#include "block/roots.hpp"
#include "block/state_trie.hpp"
#include "core/bloom_builder.hpp"
#include "core/codec.hpp"
#include "counted.hpp"
#include "crypto/keccak.hpp"
#include "crypto/secp256k1.hpp"
#include "replay/block_bundle.hpp"

#include <benchmark/benchmark.h>
#include <cstdlib>
#include <filesystem>
#include <vector>

namespace hocket {
namespace {

Hash32 pseudo_random(std::uint64_t i) { return keccak256(to_hash32(u256{i})); }

/// Signed transactions as blocks have them: one in four a legacy one, two in three with some words of data.
std::vector<Transaction> signed_transactions(std::size_t count, const ChainConfig& config) {
  std::vector<Transaction> transactions(count);
  for (std::size_t i = 0; i < count; ++i) {
    Transaction& transaction = transactions[i];
    transaction.type = i % 4 == 0 ? TransactionType::legacy : TransactionType::dynamic_fee;
    transaction.chain_id = config.chain_id;
    transaction.nonce = i;
    transaction.gas_limit = 21'000 + i;
    transaction.max_fee_per_gas = 30'000'000'000 + i;
    transaction.max_priority_fee_per_gas = i % 4 == 0 ? transaction.max_fee_per_gas : u256{1'000'000'000};
    transaction.to = Address::from(BytesView(pseudo_random(i)).first<20>());
    transaction.value = u256{i} << 40;
    if (i % 3 != 0) transaction.data.assign(4 + 32 * (i % 8), static_cast<std::uint8_t>(i));
    const auto signature = sign(signing_hash(transaction), pseudo_random(1'000'000 + i));
    HOCKET_ASSERT(signature);
    transaction.signature = {.y_parity = signature->y_parity, .r = signature->r, .s = signature->s};
  }
  return transactions;
}

void senders(benchmark::State& bench) {
  const ChainConfig config = *fixture_network("Osaka");
  std::vector<Transaction> transactions = signed_transactions(static_cast<std::size_t>(bench.range(0)), config);
  // Before it is measured: tables are made once.
  if (!recover_senders(transactions, spec_of(Revision::osaka), config.chain_id))
    return bench.SkipWithError("a signature is wrong");
  for (auto _ : bench) {
    const Counted counted;
    if (!recover_senders(transactions, spec_of(Revision::osaka), config.chain_id))
      return bench.SkipWithError("a signature is wrong");
  }
  bench.counters["s/transaction"] =
      benchmark::Counter(static_cast<double>(transactions.size()),
                         benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}
BENCHMARK(senders)->Arg(1'400)->Arg(40)->Unit(benchmark::kMicrosecond);

void transactions_root_of(benchmark::State& bench) {
  const std::vector<Transaction> transactions =
      signed_transactions(static_cast<std::size_t>(bench.range(0)), *fixture_network("Osaka"));
  for (auto _ : bench) {
    const Counted counted;
    benchmark::DoNotOptimize(transactions_root(transactions));
  }
}
BENCHMARK(transactions_root_of)->Name("transactions_root")->Arg(1'400)->Unit(benchmark::kMicrosecond);

// The root of a state of 100,000 accounts after `range(0)` of them have changed; what was changed last is changed
// again.
void state_root_of_changes(benchmark::State& bench) {
  InMemoryState state;
  std::vector<Address> accounts;
  for (std::uint64_t i = 0; i < 100'000; ++i) {
    accounts.push_back(Address::from(BytesView(pseudo_random(i)).first<20>()));
    state.put(accounts.back(), i, i, {}, {});
  }
  StateTrie trie(state);
  benchmark::DoNotOptimize(trie.root());
  std::uint64_t turn = 0;
  for (auto _ : bench) {
    bench.PauseTiming();
    StateDiff diff;
    ++turn;
    for (std::size_t i = 0; i < static_cast<std::size_t>(bench.range(0)); ++i)
      diff.add(accounts[i * 37 % accounts.size()]).account =
          Account{.nonce = turn, .balance = i, .code_hash = kEmptyCodeHash, .has_storage = false};
    bench.ResumeTiming();
    const Counted counted;
    benchmark::DoNotOptimize(trie.apply(diff));
  }
}
BENCHMARK(state_root_of_changes)->Name("state_root")->Arg(100)->Arg(2'000)->Unit(benchmark::kMicrosecond);

// Logs whose bits the builder remembers: the second time they come.
void logs_bloom(benchmark::State& bench) {
  std::vector<Log> logs(static_cast<std::size_t>(bench.range(0)));
  for (std::size_t i = 0; i < logs.size(); ++i) {
    logs[i].address = Address::from(BytesView(pseudo_random(i % 100)).first<20>());
    for (std::uint64_t topic = 0; topic < 3; ++topic) logs[i].topics.push_back(pseudo_random(i * topic));
  }
  BloomBuilder builder;
  for (auto _ : bench) {
    const Counted counted;
    Bloom bloom;
    builder.add(logs, bloom);
    builder.flush();
    benchmark::DoNotOptimize(bloom);
  }
}
BENCHMARK(logs_bloom)->Arg(1)->Arg(4)->Arg(64);

// --- the mainnet blocks ---------------------------------------------------------------------------------------------

std::filesystem::path pack() {
  const char* folder = std::getenv("HOCKET_FIXTURES");
  return std::filesystem::path(folder != nullptr ? folder : HOCKET_SOURCE_DIR "/../shared/fixtures") /
         "mainnet-blocks.tar.zst";
}

struct MainnetBlock {
  BlockBundle bundle;
  RecoveredBlock recovered;
};

/// Decoded once, with their senders.
const std::vector<MainnetBlock>& mainnet_blocks() {
  static const std::vector<MainnetBlock> blocks = [] {
    std::vector<MainnetBlock> all;
    InputFiles files({pack().string()});
    for (auto document = files.next(); document && *document; document = files.next()) {
      auto bundle = decode_bundle(std::move(**document));
      HOCKET_ASSERT(bundle);
      const Spec& spec = bundle->config.spec_for(bundle->block.header);
      auto recovered = recover_senders(bundle->block, spec, bundle->config.chain_id);
      HOCKET_ASSERT(recovered);
      all.push_back({std::move(*bundle), *std::move(recovered)});
    }
    return all;
  }();
  return blocks;
}

void mainnet_execution(benchmark::State& bench) {
  ProgramCache programs;
  SequentialExecutor executor(programs);
  double gas = 0;
  const auto execute_all = [&] {
    gas = 0;
    for (const MainnetBlock& block : mainnet_blocks()) {
      const auto output = execute_block(block.recovered, block.bundle.config, *block.bundle.state, executor);
      if (!output) return false;
      gas += static_cast<double>(output->gas_used);
    }
    return true;
  };
  if (!execute_all()) return bench.SkipWithError("a block failed");
  for (auto _ : bench) {
    const Counted counted;
    if (!execute_all()) return bench.SkipWithError("a block failed");
  }
  bench.counters["gas"] = gas;
  bench.counters["gas/s"] = benchmark::Counter(gas, benchmark::Counter::kIsIterationInvariantRate);
}

void mainnet_senders(benchmark::State& bench) {
  std::vector<std::vector<Transaction>> transactions;
  double count = 0;
  for (const MainnetBlock& block : mainnet_blocks()) {
    transactions.push_back(block.bundle.block.transactions);
    count += static_cast<double>(transactions.back().size());
  }
  for (auto _ : bench) {
    const Counted counted;
    for (std::size_t i = 0; i < transactions.size(); ++i) {
      const BlockBundle& bundle = mainnet_blocks()[i].bundle;
      const Spec& spec = bundle.config.spec_for(bundle.block.header);
      if (!recover_senders(transactions[i], spec, bundle.config.chain_id)) return bench.SkipWithError("no sender");
    }
  }
  bench.counters["s/transaction"] =
      benchmark::Counter(count, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

const bool registered = [] {
  if (!std::filesystem::exists(pack())) return false;
  benchmark::RegisterBenchmark("mainnet/execution", mainnet_execution)->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark("mainnet/senders", mainnet_senders)->Unit(benchmark::kMillisecond);
  return true;
}();

}  // namespace
}  // namespace hocket
