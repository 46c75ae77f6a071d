// Two executors that agree, and executors that are made to differ in one field each: the difference is named.
#include "replay/compare_executors.hpp"

#include "parallel/parallel_executor.hpp"
#include "replay/output_difference.hpp"
#include "replay/samples/sample_blocks.hpp"

#include <functional>
#include <gtest/gtest.h>

namespace hocket {
namespace {

/// Sequential, and then something is changed in what it gives.
class SpoilingExecutor final : public Executor {
 public:
  using Spoil = std::function<void(ExecutedTransactions&, Journal&)>;

  SpoilingExecutor(ProgramCache& programs, Spoil spoil)
      : Executor(programs), sequential_(programs), spoil_(std::move(spoil)) {}

  std::expected<ExecutedTransactions, BlockFailure> execute(const BlockEnvironment& block,
                                                            std::span<const Transaction> transactions, Journal& journal,
                                                            const IntermediateRoot& intermediate_root) override {
    sequential_.evm().begin_block(*block.spec, block.context);
    auto executed = sequential_.execute(block, transactions, journal, intermediate_root);
    if (executed) spoil_(*executed, journal);
    return executed;
  }

 private:
  SequentialExecutor sequential_;
  Spoil spoil_;
};

class FailingExecutor final : public Executor {
 public:
  using Executor::Executor;
  std::expected<ExecutedTransactions, BlockFailure> execute(const BlockEnvironment&, std::span<const Transaction>,
                                                            Journal&, const IntermediateRoot&) override {
    return std::unexpected(UnreadableState{.fault = StateFault::io_error, .detail = "the disk is gone"});
  }
};

class CompareExecutorsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto sample = std::move(samples::make_sample_bundles()[1]);
    auto decoded = decode_bundle({.name = sample.file_name, .text = std::move(sample.json)});
    ASSERT_TRUE(decoded) << decoded.error().message;
    bundle = std::make_unique<BlockBundle>(std::move(*decoded));
  }

  std::string message_of(Executor& compared) {
    const auto comparison = compare_executors(*bundle, sequential, compared);
    return comparison ? "equal" : comparison.error().message;
  }

  ProgramCache programs;
  SequentialExecutor sequential{programs};
  std::unique_ptr<BlockBundle> bundle;
};

TEST_F(CompareExecutorsTest, EqualOnesAreTimed) {
  WorkerPool pool(3);
  ParallelOptions options;
  options.threads = 3;
  options.forced = true;
  ParallelExecutor parallel(programs, pool, options);
  const auto comparison = compare_executors(*bundle, sequential, parallel, {.repeat = 3, .pool = &pool});
  ASSERT_TRUE(comparison) << comparison.error().message;
  EXPECT_GT(comparison->report.execution.count(), 0);
  EXPECT_GT(comparison->report.execution_cpu.count(), 0);
  EXPECT_GT(comparison->report.recovery.count(), 0);
  EXPECT_GT(comparison->reference.count(), 0);
  EXPECT_LE(comparison->least, comparison->report.execution);
  EXPECT_LE(comparison->reference_least, comparison->reference);
  EXPECT_EQ(comparison->report[Check::receipts_root], CheckResult::verified);
  EXPECT_TRUE(parallel.statistics().parallel);
}

TEST_F(CompareExecutorsTest, AShortBlockIsExecutedMoreOftenThanOnce) {
  using namespace std::chrono_literals;
  int executions = 0;
  SpoilingExecutor counting(programs, [&](auto&, auto&) { ++executions; });
  const auto comparison = compare_executors(*bundle, sequential, counting, {.repeat = 1});
  ASSERT_TRUE(comparison) << comparison.error().message;
  EXPECT_TRUE(executions > 2 || comparison->report.execution_cpu + comparison->reference_cpu >= 10ms);
  EXPECT_LE(executions, 102);
  executions = 0;
  ASSERT_TRUE(compare_executors(*bundle, sequential, counting, {.repeat = 2}));
  EXPECT_EQ(executions, 3);
}

TEST_F(CompareExecutorsTest, ADifferenceNamesTransactionAndField) {
  struct Case {
    SpoilingExecutor::Spoil spoil;
    const char* expected;
  };
  const Address other = Address::from(Bytes(20, 0x77));
  const Case cases[] = {
      {[](auto& executed, auto&) { executed.receipts[7].gas_used += 1; }, "transaction 7: gas used: sequentially "},
      {[](auto& executed, auto&) { executed.receipts[8].cumulative_gas_used += 1; },
       "transaction 8: cumulative gas used: sequentially "},
      {[](auto& executed, auto&) { executed.receipts[3].success = false; },
       "transaction 3: success: sequentially true, in parallel false"},
      {[](auto& executed, auto&) { executed.receipts[3].logs.emplace_back(); },
       "transaction 3: logs: sequentially 1 logs, in parallel 2 logs"},
      {[](auto& executed, auto&) { executed.receipts[3].logs[0].topics[1].bytes[5] ^= 1; },
       "transaction 3: log 0: topic 1: sequentially 0x"},
      {[](auto& executed, auto&) { executed.receipts[3].logs[0].data.push_back(1); },
       "transaction 3: log 0: data: sequentially 0x"},
      {[](auto& executed, auto&) { executed.receipts[2].logs_bloom.bytes[0] ^= 1; }, "transaction 2: bloom: "},
      {[](auto& executed, auto&) { executed.receipts.pop_back(); },
       "receipts: sequentially 400 receipts, in parallel 399"},
      {[](auto& executed, auto&) { executed.gas_used += 1; }, "gas used: sequentially "},
      {[](auto& executed, auto&) { executed.blob_gas_used += 1; }, "blob gas used: sequentially 0, in parallel 1"},
      {[&](auto&, Journal& journal) {
         journal.begin_transaction();
         journal.add_balance(*journal.account(other), 5);
         journal.end_transaction(true);
       },
       "account 0x7777777777777777777777777777777777777777: sequentially unchanged, in parallel changed"},
  };
  for (const Case& c : cases) {
    SpoilingExecutor spoiling(programs, c.spoil);
    EXPECT_TRUE(message_of(spoiling).starts_with(std::string("the executors differ: ") + c.expected))
        << c.expected << "\n"
        << message_of(spoiling);
  }
}

TEST_F(CompareExecutorsTest, AFailureOfOneOnlyIsADifference) {
  FailingExecutor failing(programs);
  EXPECT_EQ(message_of(failing), "the executors differ: sequentially success, in parallel the disk is gone");
  const auto both = compare_executors(*bundle, failing, failing);
  ASSERT_FALSE(both);
  EXPECT_EQ(both.error().message, "the disk is gone");
}

// The diff's own fields, which executors can hardly be made to differ in.
TEST(OutputDifference, OfStateChangesNamesAccountAndField) {
  const Address address = Address::from(Bytes(20, 0x11));
  BlockOutput good;
  good.diff.add(address).account = Account{.nonce = 1, .balance = 5, .code_hash = kEmptyCodeHash, .has_storage = true};
  good.diff.add_slot(7, 9);
  good.diff.set_code(Bytes{1, 2});
  good.requests = {{0, 1}};
  const auto difference_after = [&](const std::function<void(BlockOutput&)>& spoil) {
    BlockOutput bad = good;
    spoil(bad);
    return difference(good, bad).value_or("");
  };
  const auto of_account = [&](const std::function<void(AccountDiff&)>& spoil) {
    return difference_after([&](BlockOutput& output) { spoil(*output.diff.accounts().begin()); });
  };
  const std::string place = "account 0x1111111111111111111111111111111111111111: ";
  const std::string zeros(62, '0');
  EXPECT_EQ(difference_after([](BlockOutput&) {}), "");
  EXPECT_EQ(of_account([](AccountDiff& a) { a.account->nonce = 2; }), place + "nonce: expected 1, found 2");
  EXPECT_EQ(of_account([](AccountDiff& a) { a.account->balance = 6; }),
            place + "balance: expected 0x" + zeros + "05, found 0x" + zeros + "06");
  EXPECT_EQ(of_account([](AccountDiff& a) { a.account->has_storage = false; }),
            place + "has storage: expected true, found false");
  EXPECT_EQ(of_account([](AccountDiff& a) { a.account.reset(); }), place + "exists: expected true, found false");
  EXPECT_EQ(of_account([](AccountDiff& a) { a.storage_cleared = true; }),
            place + "storage cleared: expected false, found true");
  EXPECT_EQ(of_account([](AccountDiff& a) { a.storage = {}; }),
            place + "slot 0x" + zeros + "07: expected 0x" + zeros + "09, found unchanged");
  EXPECT_EQ(difference_after([](BlockOutput& output) { output.diff.add_slot(8, 1); }),
            place + "slot 0x" + zeros + "08: expected unchanged, found 0x" + zeros + "01");
  EXPECT_EQ(of_account([](AccountDiff& a) { a.code = {}; }), place + "new code: expected 0x0102, found none");
  EXPECT_EQ(difference_after([&](BlockOutput& output) { output.diff = {}; }),
            place.substr(0, place.size() - 2) + ": expected changed, found unchanged");
  EXPECT_EQ(difference_after([](BlockOutput& output) { output.requests[0].push_back(3); }),
            "request 0: expected 0x0001, found 0x000103");
  EXPECT_EQ(difference_after([](BlockOutput& output) { output.requests.clear(); }),
            "requests: expected 1 requests, found 0 requests");
}

TEST(OutputDifference, OfExecutedTransactionsNamesWhatWasSkipped) {
  ExecutedTransactions good;
  good.receipts.resize(2);
  good.skipped = {{.index = 1, .error = TransactionError::nonce_mismatch_too_low}};
  const auto difference_after = [&](const std::function<void(ExecutedTransactions&)>& spoil) {
    ExecutedTransactions bad = good;
    spoil(bad);
    return difference(good, bad).value_or("");
  };
  EXPECT_EQ(difference_after([](auto&) {}), "");
  EXPECT_EQ(difference_after([](auto& bad) { bad.receipts[1].gas_used = 1; }),
            "transaction 1: gas used: expected 0, found 1");
  EXPECT_TRUE(
      difference_after([](auto& bad) { bad.skipped[0].index = 2; }).starts_with("skipped: expected transaction 1 ("));
  EXPECT_EQ(difference_after([](auto& bad) { bad.skipped.clear(); }),
            "skipped: expected 1 transactions, found 0 transactions");
  EXPECT_EQ(difference_after([](auto& bad) { bad.blob_gas_used = 3; }), "blob gas used: expected 0, found 3");
}

TEST(OutputDifference, OfOutcomesComparesFailures) {
  using Outcome = std::expected<ExecutedTransactions, BlockFailure>;
  const auto failure = [](std::size_t index) -> Outcome {
    return std::unexpected(InvalidBlock::of_transaction(index, TransactionError::nonce_mismatch_too_low));
  };
  EXPECT_EQ(difference(Outcome(), Outcome()), std::nullopt);
  EXPECT_EQ(difference(failure(1), failure(1)), std::nullopt);
  EXPECT_NE(difference(failure(1), failure(2)), std::nullopt);
  EXPECT_EQ(difference(Outcome(), failure(1)), "expected success, found " + failure(1).error().message());
}

}  // namespace
}  // namespace hocket
