#include "conformance/block_test_runner.hpp"

#include "base/hex.hpp"
#include "conformance/block_chain.hpp"
#include "conformance/expected_exception.hpp"

namespace hocket {
namespace {

/// Errors: why the test failed.
Result<void> judge_import(const BlockchainFixture::BlockInput& input,
                          const std::expected<void, BlockFailure>& imported) {
  if (imported) {
    if (!input.must_be_refused) return {};
    return fail("accepted, expected " + input.exception.value_or("a refusal"));
  }
  const InvalidBlock* invalid = imported.error().invalid_block();
  if (invalid == nullptr) return fail(imported.error().message());
  const Rejection rejection = Rejection::of(*invalid);
  if (!input.must_be_refused)
    return fail("refused with " + std::string(rejection.rule) + " (" + rejection.message + ")");
  if (!input.exception) return {};
  return check_exception(*input.exception, rejection);
}

Result<void> judge_head(const BlockchainFixture& fixture, BlockChain& chain) {
  if (chain.head_hash() != fixture.last_block_hash)
    return fail("last block hash mismatch: want " + to_hex_bare(fixture.last_block_hash) + ", have " +
                to_hex_bare(chain.head_hash()));
  if (fixture.post_root && *fixture.post_root != chain.head().state_root)
    return fail("post state root mismatch: got " + to_hex_bare(chain.head().state_root) + ", want " +
                to_hex_bare(*fixture.post_root));
  if (fixture.post)
    if (const auto difference = first_difference(chain.head_state(), *fixture.post))
      return fail("post state: " + *difference);
  return {};
}

Result<Hash32> run_on(BlockchainFixture& fixture, Executor& executor) {
  HOCKET_TRY(BlockChain chain, BlockChain::create({.genesis = fixture.genesis,
                                                   .state = std::move(fixture.pre),
                                                   .config = *fixture.config,
                                                   .checks_seals = fixture.has_proof_of_work},
                                                  executor));
  std::size_t index = 0;
  for (const auto& input : fixture.blocks) {
    if (auto judged = judge_import(input, chain.import(input.rlp)); !judged)
      return std::unexpected(std::move(judged).error().in("block " + std::to_string(index)));
    ++index;
  }
  HOCKET_CHECK(judge_head(fixture, chain));
  return chain.head().state_root;
}

}  // namespace

TestResult BlockTestRunner::run(BlockchainFixture fixture) {
  TestResult result = TestResult::of(fixture.name, fixture.network);
  if (!fixture.config) {
    result.verdict = TestVerdict::out_of_scope;
    return result;
  }
  auto root = run_on(fixture, *executor_);
  if (root)
    result.state_root = *root;
  else
    result.fail_with(std::move(root).error().message);
  return result;
}

}  // namespace hocket
