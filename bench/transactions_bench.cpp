// Whole transactions: blocks of 1 Ggas with validation, fees, receipts, state diff. Senders are known, state is in
// memory, one executor executes the block over and over. `field/...`: the workloads of that name, which are the blocks
// that others publish their figures for.
//   taskset -c 0 build/release/bench/transactions_bench
#include "base/hex.hpp"
#include "block/execute_block.hpp"
#include "counted.hpp"
#include "crypto/keccak.hpp"
#include "state/in_memory_state.hpp"
#include "transition/system_call.hpp"
#include "workloads/build_block.hpp"

#include <algorithm>
#include <benchmark/benchmark.h>
#include <string>

namespace hocket {
namespace {

using namespace literals;

constexpr u256 kWealth = u256{1} << 80;

const Address kToken = "0x70c3000000000000000000000000000000000000"_address;

/// transfer(address to, uint256 amount) of an ERC-20 whose balances are mapping 0: checks and lowers the sender's
/// balance, raises the recipient's, logs Transfer, returns true. There is no other function: the selector is not looked
/// at.
const Bytes kTokenCode =
    "335f5260405f20"      // slot of balances[caller]
    "8054602435808210"    // balance; amount; is the balance lower?
    "605a57809103909155"  // then revert; otherwise store the difference
    "6004355f5260405f20"  // slot of balances[to]
    "805482019055"        // store the sum
    "5f5260043533"        // data and topics of the log
    "7fddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef60205fa3"
    "60015f5260205ff3"
    "5b5f5ffd"_hex;

/// Spread over the address space, as addresses are.
Address party(std::uint64_t i) { return Address::from(BytesView(keccak256(to_hash32(u256{i}))).first(Address::kSize)); }

u256 balance_slot(const Address& owner) {
  Bytes key(64);
  std::ranges::copy(owner.bytes, key.begin() + 12);
  return to_u256(keccak256(key));
}

void execute_repeatedly(benchmark::State& bench, const RecoveredBlock& block, const ChainConfig& config,
                        const StateView& state) {
  ProgramCache programs;
  SequentialExecutor executor(programs);
  const auto expected = execute_block(block, config, state, executor);
  if (!expected) return bench.SkipWithError(expected.error().message().c_str());
  if (!std::ranges::all_of(expected->receipts, &Receipt::success)) return bench.SkipWithError("a transaction failed");
  for (auto _ : bench) {
    const Counted counted;
    const auto output = execute_block(block, config, state, executor);
    if (!output || output->gas_used != expected->gas_used) return bench.SkipWithError("not the same again");
  }
  const auto count = static_cast<double>(block.block().transactions.size());
  const auto gas = static_cast<double>(expected->gas_used);
  bench.counters["gas"] = gas;
  bench.counters["gas/s"] = benchmark::Counter(gas, benchmark::Counter::kIsIterationInvariantRate);
  bench.counters["s/transaction"] =
      benchmark::Counter(count, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

struct TransferBlock {
  ChainConfig config = *fixture_network("Osaka");
  InMemoryState state;
  Block block;

  explicit TransferBlock(std::size_t transactions) {
    for (const Address& contract : {kWithdrawalRequestContract, kConsolidationRequestContract})
      state.put(contract, 1, 0, Bytes{0x00}, {});
    block.header.number = 1;
    block.header.timestamp = 12;
    block.header.gas_limit = 2'000'000'000;
    block.header.base_fee_per_gas = 7;
    block.header.excess_blob_gas = 0;
    block.header.beneficiary = "0x00000000000000000000000000000000000000fe"_address;
    block.withdrawals.emplace();
    block.transactions.resize(transactions);
    for (std::size_t i = 0; i < transactions; ++i) {
      Transaction& transaction = block.transactions[i];
      transaction.type = TransactionType::dynamic_fee;
      transaction.chain_id = config.chain_id;
      transaction.max_fee_per_gas = 10;
      transaction.max_priority_fee_per_gas = 1;
      transaction.sender = party(2 * i);
      state.put(transaction.sender, 0, kWealth, {}, {});
    }
  }

  void run(benchmark::State& bench) const { execute_repeatedly(bench, RecoveredBlock::trust(block), config, state); }
};

// 47,620 plain transfers, each with a sender and a recipient of its own.
void transfers(benchmark::State& bench) {
  constexpr std::size_t kCount = 47'620;
  TransferBlock workload(kCount);
  for (std::size_t i = 0; i < kCount; ++i) {
    Transaction& transaction = workload.block.transactions[i];
    transaction.gas_limit = 21'000;
    transaction.to = party(2 * i + 1);
    transaction.value = 1;
    workload.state.put(*transaction.to, 1, kWealth, {}, {});
  }
  workload.run(bench);
}
BENCHMARK(transfers)->Unit(benchmark::kMillisecond);

// ERC-20 transfers, each with a sender of its own: to itself, as others measure it, or to a recipient of its own.
void token_transfers(benchmark::State& bench, std::size_t count, bool to_self) {
  TransferBlock workload(count);
  std::vector<std::pair<u256, u256>> balances;
  for (std::size_t i = 0; i < count; ++i) {
    Transaction& transaction = workload.block.transactions[i];
    const Address recipient = to_self ? transaction.sender : party(2 * i + 1);
    transaction.gas_limit = 50'000;
    transaction.to = kToken;
    transaction.data = "0xa9059cbb"_hex;
    transaction.data.resize(68);
    std::ranges::copy(recipient.bytes, transaction.data.begin() + 16);
    transaction.data[67] = 1;
    for (const Address& owner : {transaction.sender, recipient}) balances.emplace_back(balance_slot(owner), kWealth);
  }
  workload.state.put(kToken, 1, 0, kTokenCode, balances);
  workload.run(bench);
}
BENCHMARK_CAPTURE(token_transfers, to_self, 37'123, true)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(token_transfers, to_others, 29'818, false)->Unit(benchmark::kMillisecond);

void field(benchmark::State& bench, const std::string& workload) {
  const workloads::WorkloadOptions options{.gas = static_cast<std::uint64_t>(bench.range(0)) * 1'000'000};
  const auto block = workloads::build_block(*workloads::find_workloads(workload).value().front(), options);
  if (!block) return bench.SkipWithError(block.error().message.c_str());
  execute_repeatedly(bench, block->block, block->config, block->state);
}
// 1 Ggas, as the field counts: 47,620 transfers, 33,628 token transfers, 6,413 swaps; a fiftieth of it to count
// instructions.
const bool registered = [] {
  for (const char* name : {"field/pevm-transfers", "field/pevm-erc20", "field/pevm-uniswap"})
    benchmark::RegisterBenchmark(name, [name](benchmark::State& bench) { field(bench, name); })
        ->ArgName("Mgas")
        ->Arg(1'000)
        ->Arg(20)
        ->Unit(benchmark::kMillisecond);
  return true;
}();

}  // namespace
}  // namespace hocket
