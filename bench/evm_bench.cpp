// The field's interpreter benchmarks (evm-benchmarks: main and micro), one call of the contract a run, without the
// transaction around it. The data is that of the fixture pack, unpacked.

#include "base/hex.hpp"
#include "evm/evm.hpp"
#include "state/in_memory_state.hpp"

#include <benchmark/benchmark.h>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

namespace hocket {
namespace {

constexpr std::int64_t kGas = 10'000'000'000;

struct Call {
  InMemoryState state;
  Address sender;
  Address recipient;
  Bytes input;
};

Bytes bytes_of(const nlohmann::json& text) { return from_hex(text.get<std::string>()).value(); }

void load_state(const nlohmann::json& pre, InMemoryState& state) {
  for (const auto& [address, account] : pre.items()) {
    std::vector<std::pair<u256, u256>> storage;
    for (const auto& [slot, value] : account.at("storage").items())
      storage.emplace_back(u256_from_text(slot).value(), u256_from_text(value.get<std::string>()).value());
    state.put(fixed_from_hex<Address>(address).value(),
              u256_from_text(account.at("nonce").get<std::string>()).value().low64(),
              u256_from_text(account.at("balance").get<std::string>()).value(), bytes_of(account.at("code")), storage);
  }
}

void run_call(benchmark::State& bench, const Call& call) {
  ProgramCache programs;
  Evm evm(programs);
  BlockContext block;
  block.number = 1;
  block.timestamp = 1;
  block.gas_limit = 1'000'000'000;
  block.base_fee = 1;
  const TransactionContext transaction{.origin = call.sender, .gas_price = 1, .blob_hashes = {}};
  evm.begin_block(spec_of(Revision::london), block);
  const Message message{
      .gas = kGas, .sender = call.sender, .recipient = call.recipient, .value = {}, .input = call.input};
  std::int64_t gas_used = 0;
  Journal journal(call.state);
  for (auto _ : bench) {
    journal.reset(call.state);
    journal.begin_transaction();
    const ExecutionResult result = evm.execute(message, transaction, journal);
    gas_used = kGas - result.gas_left;
    if (result.status != Status::success && result.status != Status::revert) bench.SkipWithError("execution failed");
  }
  bench.counters["gas"] = static_cast<double>(gas_used);
  bench.counters["gas_rate"] =
      benchmark::Counter(static_cast<double>(gas_used), benchmark::Counter::kIsIterationInvariantRate);
}

void register_file(const std::filesystem::path& path, const std::string& group) {
  std::ifstream stream(path);
  const auto document = nlohmann::json::parse(stream);
  for (const auto& [name, test] : document.items()) {
    const auto& transaction = test.at("transaction");
    const auto& inputs = transaction.at("data");
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      auto call = std::make_shared<Call>();
      load_state(test.at("pre"), call->state);
      call->sender = fixed_from_hex<Address>(transaction.at("sender").get<std::string>()).value();
      call->recipient = fixed_from_hex<Address>(transaction.at("to").get<std::string>()).value();
      call->input = bytes_of(inputs[i]);
      std::string label = std::to_string(i);
      if (test.contains("_info") && test.at("_info").contains("labels") &&
          test.at("_info").at("labels").contains(label))
        label = test.at("_info").at("labels").at(label).get<std::string>();
      benchmark::RegisterBenchmark((group + "/" + name + "/" + label).c_str(),
                                   [call](benchmark::State& bench) { run_call(bench, *call); });
    }
  }
}

}  // namespace
}  // namespace hocket

int main(int argc, char** argv) {
  const char* folder = std::getenv("HOCKET_FIXTURES_UNPACKED");
  const std::filesystem::path root = folder != nullptr ? folder : HOCKET_SOURCE_DIR "/build/fixtures";
  benchmark::Initialize(&argc, argv);
  for (const char* group : {"main", "micro"}) {
    const auto path = root / "evm-benchmarks" / "evm-benchmarks" / group;
    if (!std::filesystem::is_directory(path)) {
      std::cerr << "evm_bench: " << path.string() << " is not there: scripts/evm-benchmarks unpacks it\n";
      return 1;
    }
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(path)) files.push_back(entry.path());
    std::ranges::sort(files);
    for (const auto& file : files) hocket::register_file(file, group);
  }
  benchmark::RunSpecifiedBenchmarks();
}
