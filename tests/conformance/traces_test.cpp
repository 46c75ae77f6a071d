// EIP-3155 traces against those that go-ethereum's tools are expected to write (fixture pack t8n), byte by byte.
#include "base/hex.hpp"
#include "conformance/document_runners.hpp"
#include "conformance/fixture_values.hpp"
#include "conformance/json_trace.hpp"
#include "crypto/keccak.hpp"
#include "crypto/secp256k1.hpp"
#include "support/fixtures.hpp"
#include "transition/execute_transaction.hpp"

#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <sstream>

namespace hocket {
namespace {

namespace fs = std::filesystem;

std::string read_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.good()) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The lines of go-ethereum that are not EIP-3155's: where a call frame begins.
std::string without_frame_entries(const std::string& text) {
  std::istringstream lines(text);
  std::string kept;
  for (std::string line; std::getline(lines, line);)
    if (!line.starts_with("{\"from\":")) kept += line + "\n";
  return kept;
}

/// A JsonTrace that writes to memory.
class MemoryTrace {
 public:
  MemoryTrace()
      : file_(open_memstream(&text_, &size_)),
        trace_({.stack = true, .memory = false, .return_data = false, .inner_exits = true}, file_) {}
  ~MemoryTrace() {
    std::fclose(file_);
    std::free(text_);  // NOLINT: open_memstream's
  }

  JsonTrace& trace() { return trace_; }
  /// What was written since the last call.
  std::string take() {
    trace_.flush();
    std::string taken(text_ + taken_, size_ - taken_);
    taken_ = size_;
    return taken;
  }

 private:
  char* text_ = nullptr;
  std::size_t size_ = 0;
  std::size_t taken_ = 0;
  std::FILE* file_;
  JsonTrace trace_;
};

/// A parsed file; values refer to it.
class JsonFile {
 public:
  explicit JsonFile(const fs::path& path) : text_(read_text(path)) {
    EXPECT_EQ(parser_.parse(text_).get(root_), simdjson::SUCCESS) << path;
  }
  JsonValue root() const { return root_; }

 private:
  std::string text_;
  simdjson::dom::parser parser_;
  JsonValue root_;
};

TEST(Traces, OfAStateTestAreEqual) {
  HOCKET_FIXTURE_PACK_OR_SKIP(pack, "t8n");
  const fs::path folder = pack / "t8n";
  MemoryTrace memory;
  const TestSelection all;
  auto runner = make_state_test_runner(all, &memory.trace());
  InputFiles files({(folder / "statetest.json").string()});
  auto document = files.next();
  ASSERT_TRUE(document.has_value() && document->has_value());
  const auto report = runner->run_document(**std::move(document));
  ASSERT_EQ(report.results.size(), 1u);
  EXPECT_EQ(memory.take(), read_text(folder / "evmrun/8.out.2.txt"));
  EXPECT_EQ("[\n" + to_json(report.results[0]) + "\n]\n", read_text(folder / "evmrun/8.out.1.txt"));
}

TEST(Traces, OfBareCodeAreEqual) {
  using namespace literals;
  HOCKET_FIXTURE_PACK_OR_SKIP(pack, "t8n");
  const Address recipient = "0x0000000000000000000000007265636569766572"_address;
  InMemoryState state;
  state.put(recipient, 0, {}, "0x6040"_hex, {});
  Journal journal(state);
  ProgramCache programs;
  Evm evm(programs);
  MemoryTrace memory;
  evm.set_tracer(&memory.trace());
  const BlockContext block;
  evm.begin_block(spec_of(Revision::cancun), block);
  journal.begin_transaction();
  const Message message{.kind = CallKind::call,
                        .gas = 10'000'000'000,
                        .sender = "0x000000000000000000000000000073656e646572"_address,
                        .recipient = recipient,
                        .value = {},
                        .input = {}};
  evm.execute(message, {.origin = message.sender, .gas_price = {}, .blob_hashes = {}}, journal);
  EXPECT_EQ(memory.take(), read_text(pack / "t8n/evmrun/1.out.2.txt"));
}

/// An unsigned transaction of t8n's txs.json.
Result<Transaction> decode_unsigned(JsonValue value) {
  HOCKET_TRY(const JsonObject json, read_json<JsonObject>(value));
  Transaction transaction;
  HOCKET_TRY(transaction.nonce, read_member<std::uint64_t>(json, "nonce"));
  HOCKET_TRY(transaction.gas_limit, read_member<std::uint64_t>(json, "gas"));
  HOCKET_TRY(transaction.max_fee_per_gas, read_member<u256>(json, "gasPrice"));
  transaction.max_priority_fee_per_gas = transaction.max_fee_per_gas;
  HOCKET_TRY(transaction.to, read_member<Address>(json, "to"));
  HOCKET_TRY(transaction.value, read_member<u256>(json, "value"));
  HOCKET_TRY(transaction.data, read_member<Bytes>(json, "input"));
  HOCKET_TRY(const Hash32 secret, read_member<Hash32>(json, "secretKey"));
  transaction.sender = address_of(secret).value();
  return transaction;
}

Result<BlockEnvironment> decode_environment(JsonObject env, Revision revision) {
  BlockEnvironment block;
  block.spec = &spec_of(revision);
  HOCKET_TRY(block.context.beneficiary, read_member<Address>(env, "currentCoinbase"));
  HOCKET_TRY(block.context.number, read_member<std::uint64_t>(env, "currentNumber"));
  HOCKET_TRY(block.context.timestamp, read_member<std::uint64_t>(env, "currentTimestamp"));
  HOCKET_TRY(block.context.gas_limit, read_member<std::uint64_t>(env, "currentGasLimit"));
  block.context.base_fee = 7;  // both environments', one of them computed from the parent's
  block.context.blob_base_fee = 1;
  return block;
}

/// The expected traces of a t8n case, by the position of their transaction.
std::vector<fs::path> expected_traces(const fs::path& folder) {
  std::vector<fs::path> traces;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".jsonl") traces.push_back(entry.path());
  std::ranges::sort(traces);
  return traces;
}

struct BlockCase {
  const char* folder;
  Revision revision;
};

void PrintTo(const BlockCase& c, std::ostream* out) { *out << c.folder; }

class BlockTraces : public ::testing::TestWithParam<BlockCase> {};

TEST_P(BlockTraces, AreEqual) {
  HOCKET_FIXTURE_PACK_OR_SKIP(pack, "t8n");
  const fs::path folder = pack / "t8n" / GetParam().folder;
  const JsonFile alloc(folder / "alloc.json");
  const JsonFile env(folder / "env.json");
  const JsonFile txs(folder / "txs.json");
  const auto state = decode_state(*read_json<JsonObject>(alloc.root()));
  ASSERT_TRUE(state.has_value()) << state.error().message;
  const auto block = decode_environment(*read_json<JsonObject>(env.root()), GetParam().revision);
  ASSERT_TRUE(block.has_value()) << block.error().message;
  const auto transactions = *read_json<JsonArray>(txs.root());
  const auto expected = expected_traces(folder);
  ASSERT_EQ(transactions.size(), expected.size());

  ProgramCache programs;
  Evm evm(programs);
  MemoryTrace memory;
  evm.set_tracer(&memory.trace());
  evm.begin_block(*block->spec, block->context);
  Journal journal(*state);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const auto transaction = decode_unsigned(transactions.at(i).value());
    ASSERT_TRUE(transaction.has_value()) << transaction.error().message;
    ASSERT_TRUE(execute_transaction(*transaction, *block, evm, journal, {}).has_value());
    EXPECT_EQ(memory.take(), without_frame_entries(read_text(expected[i])));
  }
}

INSTANTIATE_TEST_SUITE_P(T8n, BlockTraces,
                         ::testing::Values(BlockCase{"31", Revision::cancun}, BlockCase{"32", Revision::paris}));

}  // namespace
}  // namespace hocket
