// JSON documents: bundles and genesis files. Whatever the text, there is a value or one line that says where and what;
// a small bundle that was decoded is replayed too.
#include "base/assert.hpp"
#include "replay/block_bundle.hpp"
#include "replay/genesis.hpp"
#include "replay/replay_block.hpp"

#include <string>

using namespace hocket;

namespace {

void check_one_line(const std::string& message) {
  HOCKET_ASSERT(!message.empty() && message.find('\n') == std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  auto bundle = decode_bundle({.name = "bundle", .text = text});
  if (!bundle) {
    check_one_line(bundle.error().message);
  } else if (bundle->block.header.gas_limit < 1'000'000) {
    static ProgramCache programs;
    static SequentialExecutor executor(programs);
    const auto report = replay_block(*bundle, executor);
    if (!report) check_one_line(report.error().message);
  }
  if (const auto genesis = genesis_from_json(text); !genesis) check_one_line(genesis.error().message);
  return 0;
}
