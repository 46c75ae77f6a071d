// What ends a parallel execution early: a failing read, cancellation, an invalid transaction, an exception. Workers
// must come back, nothing beyond the reported prefix may be committed, and the executor must be usable again.
#include "crypto/keccak.hpp"
#include "parallel/execution.hpp"
#include "parallel/unsteady_view.hpp"
#include "replay/output_difference.hpp"
#include "replay/prestate_view.hpp"

#include <gtest/gtest.h>
#include <stdexcept>

namespace hocket::testing {
namespace {

class Faults : public ::testing::Test {
 protected:
  using Result = std::expected<ExecutedTransactions, BlockFailure>;

  /// The transactions alone, on `view`.
  static Result run(const RandomBlock& block, Executor& executor, const StateView& view) {
    executor.evm().begin_block(*block.environment.spec, block.environment.context);
    return executor.execute(block.environment, block.transactions, executor.fresh_journal(view), {});
  }
  Result run_sequentially(const RandomBlock& block) {
    SequentialExecutor sequential(programs_);
    return run(block, sequential, block.state);
  }
  /// Blocks that are worth it: enough transactions, all valid.
  std::vector<RandomBlock> blocks(std::size_t count) {
    std::vector<RandomBlock> found;
    for (std::uint64_t seed = 1; found.size() < count; ++seed) {
      RandomBlock block = random_block(seed);
      block.environment.skips_invalid = false;
      if (block.transactions.size() >= 6 && run_sequentially(block)) found.push_back(std::move(block));
    }
    return found;
  }
  /// Makes a transaction invalid in its place, in one of several ways.
  static void spoil(Transaction& transaction, const RandomBlock& block, Random& random) {
    switch (random.below(5)) {
      case 0:
        transaction.nonce += 1;
        return;
      case 1:
        transaction.value = u256{1} << 100;
        return;
      case 2:
        transaction.gas_limit = 20'000;
        return;
      case 3:
        transaction.gas_limit = block.environment.context.gas_limit + 1;
        return;
      default:
        transaction.sender = to_address(u256{0xbad});
        transaction.value = u256{1};
        return;
    }
  }
  /// With 1 to 4 workers, and half of them in segments, which nobody is told of as they are committed.
  static ParallelWay random_way(std::uint64_t number) {
    Random random(number);
    return {.threads = static_cast<unsigned>(1 + number % 4),
            .segment_length = random.flip() ? static_cast<TxnIndex>(random.between(1, 3)) : 0,
            .followed_slots = random.flip() ? FollowedSlots::all : FollowedSlots::hot};
  }
  static void expect_equal(const Result& expected, const Result& found, const std::string& what) {
    EXPECT_EQ(difference(expected, found), std::nullopt) << what;
  }

  ProgramCache programs_;
  WorkerPool pool_{8};
};

TEST_F(Faults, AFailingReadEndsTheBlockAndNothingElse) {
  for (const RandomBlock& block : blocks(12)) {
    const Result expected = run_sequentially(block);
    for (const bool for_ever : {false, true}) {
      for (std::uint64_t read = 1; read <= 40; read += for_ever ? 3 : 1) {
        std::vector<Receipt> committed;
        ParallelOptions options = random_way(read).options();
        if (options.segment_length == 0)
          options.on_commit = [&](TxnIndex txn, const Receipt& receipt) {
            EXPECT_EQ(txn, committed.size());
            committed.push_back(receipt);
          };
        ParallelExecutor parallel(programs_, pool_, options);
        UnsteadyView view(block.state, read);
        view.fail_at(read, for_ever);
        const Result found = run(block, parallel, view);
        const std::string what = "read " + std::to_string(read) + (for_ever ? " and after" : "");
        if (found) {
          expect_equal(expected, found, what);  // a read that was not needed in the end
        } else {
          ASSERT_NE(found.error().unreadable_state(), nullptr) << what << ": " << found.error().message();
          EXPECT_EQ(found.error().unreadable_state()->fault, StateFault::io_error);
          EXPECT_EQ(found.error().unreadable_state()->detail, view.fault_message());
        }
        ASSERT_LE(committed.size(), expected->receipts.size());
        EXPECT_TRUE(std::equal(committed.begin(), committed.end(), expected->receipts.begin())) << what;
        committed.clear();
        expect_equal(expected, run(block, parallel, block.state), what + ", afterwards");
      }
    }
  }
}

TEST_F(Faults, AReadThatIsNeededAndFailsIsReported) {
  for (const RandomBlock& block : blocks(5)) {
    ParallelExecutor parallel(programs_, pool_, ParallelWay{.threads = 4}.options());
    UnsteadyView view(block.state);
    view.fail_at(1, true);
    const Result found = run(block, parallel, view);
    ASSERT_FALSE(found);
    ASSERT_NE(found.error().unreadable_state(), nullptr);
    EXPECT_EQ(found.error().unreadable_state()->fault, StateFault::io_error);
  }
}

TEST_F(Faults, CancellationIsSeenAtTheNextRead) {
  for (const RandomBlock& block : blocks(8)) {
    const Result expected = run_sequentially(block);
    for (std::uint64_t at = 1; at < 30; at += 4) {
      std::atomic<bool> cancelled{false};
      std::size_t commits_after = 0;
      ParallelOptions options = random_way(at).options();
      options.threads = 4;
      options.cancelled = &cancelled;
      if (options.segment_length == 0)
        options.on_commit = [&](TxnIndex, const Receipt&) { commits_after += cancelled.load() ? 1 : 0; };
      ParallelExecutor parallel(programs_, pool_, options);
      UnsteadyView view(block.state, at);
      std::atomic<std::uint64_t> reads_after{0};
      view.call_at_reads([&](std::uint64_t read) {
        if (cancelled.load()) ++reads_after;
        if (read == at) cancelled.store(true);
      });
      const Result found = run(block, parallel, view);
      if (found) {
        expect_equal(expected, found, "too late to cancel");
      } else {
        ASSERT_NE(found.error().unreadable_state(), nullptr) << found.error().message();
        EXPECT_EQ(found.error().unreadable_state()->fault, StateFault::interrupted);
        EXPECT_EQ(found.error().unreadable_state()->detail, "cancelled");
      }
      // Each worker may be behind its look at the flag, or validating.
      EXPECT_LE(reads_after.load(), 16u);
      cancelled.store(false);
      expect_equal(expected, run(block, parallel, block.state), "afterwards");
    }
  }
}

TEST_F(Faults, CancellationFromAnotherThreadEndsALongBlock) {
  RandomBlock block = random_block(1);
  // Long: many transactions that each burn their gas in a loop over its own storage slot.
  const Address looper = to_address(u256{0x100b});
  block.state.put(
      looper, 1, 0,
      Bytes{OP_JUMPDEST, OP_PUSH1, 0, OP_SLOAD, OP_POP, OP_PUSH1, 99, OP_BLOCKHASH, OP_POP, OP_PUSH1, 0, OP_JUMP}, {});
  Transaction transaction;
  transaction.to = looper;
  transaction.gas_limit = 20'000'000;
  transaction.max_fee_per_gas = block.environment.context.base_fee + u256{1};
  block.environment.spec = &spec_of(Revision::london);
  block.environment.context.gas_limit = std::uint64_t{1} << 50;
  block.transactions.clear();
  for (std::uint64_t i = 0; i < 64; ++i) {
    transaction.sender = to_address(u256{0x5e0000 + i});
    block.state.put(transaction.sender, 0, u256{1'000'000'000'000'000u}, {}, {});
    block.transactions.push_back(transaction);
  }
  std::atomic<bool> cancelled{false};
  ParallelOptions options = ParallelWay{.threads = 4}.options();
  options.cancelled = &cancelled;
  ParallelExecutor parallel(programs_, pool_, options);
  UnsteadyView view(block.state);
  view.call_at_reads([](std::uint64_t read) {
    if (read % 64 == 0) std::this_thread::sleep_for(std::chrono::microseconds(100));
  });
  std::thread canceller([&] {
    while (view.reads() < 300) std::this_thread::yield();
    cancelled.store(true);
  });
  const Result found = run(block, parallel, view);
  canceller.join();
  ASSERT_FALSE(found);
  ASSERT_NE(found.error().unreadable_state(), nullptr);
  EXPECT_EQ(found.error().unreadable_state()->fault, StateFault::interrupted);
}

TEST_F(Faults, AnInvalidTransactionGivesTheSequentialErrorWhateverRanAfterIt) {
  Random random(7);
  for (RandomBlock& block : blocks(20)) {
    spoil(block.transactions[random.below(block.transactions.size())], block, random);
    const Result expected = run_sequentially(block);
    ASSERT_FALSE(expected);
    ASSERT_NE(expected.error().invalid_block(), nullptr);
    for (const unsigned threads : {1u, 2u, 8u}) {
      for (const TxnIndex segment_length : {0u, 1u, 3u}) {
        std::size_t committed = 0;
        ParallelOptions options = ParallelWay{.threads = threads, .segment_length = segment_length}.options();
        if (segment_length == 0) options.on_commit = [&](TxnIndex txn, const Receipt&) { EXPECT_EQ(txn, committed++); };
        ParallelExecutor parallel(programs_, pool_, options);
        const UnsteadyView view(block.state, 5 + threads);
        expect_equal(expected, run(block, parallel, view), "invalid");
        if (segment_length == 0) {
          EXPECT_EQ(committed, expected.error().invalid_block()->transaction_index);
        }
      }
    }
  }
}

TEST_F(Faults, ABuilderSkipsWhatIsInvalidInItsPlace) {
  Random random(8);
  unsigned spoiled = 0;
  for (RandomBlock& block : blocks(20)) {
    const Result without = run_sequentially(block);
    // One too many, anywhere: what is before and after it stays as it was.
    const std::size_t at = random.below(block.transactions.size() + 1);
    Transaction invalid = random.of(block.transactions);
    spoil(invalid, block, random);
    block.transactions.insert(block.transactions.begin() + static_cast<std::ptrdiff_t>(at), invalid);
    const Result refused = run_sequentially(block);
    ASSERT_FALSE(refused);
    // With the next nonce it may be valid in its place, and another transaction invalid instead.
    if (refused.error().invalid_block()->transaction_index != at) continue;
    ++spoiled;
    block.environment.skips_invalid = true;
    const auto expect_skipped = [&](const Result& found) {
      ASSERT_TRUE(found) << found.error().message();
      EXPECT_EQ(found->receipts, without->receipts);
      EXPECT_EQ(found->gas_used, without->gas_used);
      const SkippedTransaction expected{at, refused.error().invalid_block()->transaction_error.value()};
      EXPECT_EQ(found->skipped, std::vector{expected});
    };
    expect_skipped(run_sequentially(block));
    for (const unsigned threads : {1u, 2u, 8u}) {
      ParallelExecutor parallel(programs_, pool_, ParallelWay{.threads = threads}.options());
      expect_skipped(run(block, parallel, UnsteadyView(block.state, 5 + threads)));
    }
  }
  EXPECT_GE(spoiled, 15u);
}

// A transaction that was executed ahead of its turn, and written to what others read, finds no room in the end.
TEST_F(Faults, WhatASkippedTransactionWroteIsSeenByNobody) {
  RandomBlock block = random_block(1);
  block.environment.spec = &spec_of(Revision::shanghai);
  block.environment.context = {.number = 1,
                               .timestamp = 1,
                               .gas_limit = 1'000'000,
                               .beneficiary = {},
                               .prev_randao = {},
                               .base_fee = {},
                               .blob_base_fee = {}};
  block.environment.skips_invalid = true;
  block.credits_before.clear();
  block.slot_before.reset();
  block.transactions.clear();
  // Counts its callers.
  const Address counter = to_address(u256{0xc0});
  block.state.put(counter, 1, 0,
                  Bytes{OP_PUSH1, 0, OP_SLOAD, OP_PUSH1, 1, OP_ADD, OP_DUP1, OP_PUSH1, 0, OP_SSTORE, OP_PUSH1, 0,
                        OP_MSTORE, OP_PUSH1, 32, OP_PUSH1, 0, OP_LOG0},
                  {});
  for (std::uint64_t i = 0; i < 24; ++i) {
    Transaction transaction;
    transaction.sender = to_address(u256{0x5e0000 + i});
    transaction.to = counter;
    transaction.gas_limit = i % 4 == 1 ? 980'000 : 100'000;  // there is room for the large ones before any other only
    block.state.put(transaction.sender, 0, u256{1}, {}, {});
    block.transactions.push_back(transaction);
  }
  const Result expected = run_sequentially(block);
  ASSERT_TRUE(expected) << expected.error().message();
  EXPECT_EQ(expected->skipped.size(), 6u);
  for (unsigned i = 0; i < 30; ++i) {
    ParallelExecutor parallel(programs_, pool_, ParallelWay{.threads = 2 + i % 7}.options());
    const Result found = run(block, parallel, UnsteadyView(block.state, 1 + i));
    expect_equal(expected, found, "skipped or not");
  }
}

TEST_F(Faults, ReceiptsAreGivenInOrderAndOnce) {
  for (const RandomBlock& block : blocks(20)) {
    const Result expected = run_sequentially(block);
    std::vector<Receipt> given;
    ParallelOptions options = ParallelWay{.threads = 8}.options();
    options.on_commit = [&](TxnIndex txn, const Receipt& receipt) {
      EXPECT_EQ(txn, given.size());
      given.push_back(receipt);
    };
    ParallelExecutor parallel(programs_, pool_, options);
    const UnsteadyView view(block.state, 3);
    expect_equal(expected, run(block, parallel, view), "result");
    EXPECT_EQ(given, expected->receipts);
  }
}

TEST_F(Faults, WhatTheCallbackThrowsReachesTheCaller) {
  for (const RandomBlock& block : blocks(5)) {
    bool throws = true;
    ParallelOptions options = ParallelWay{.threads = 4}.options();
    options.on_commit = [&](TxnIndex txn, const Receipt&) {
      if (throws && txn == 3) throw std::runtime_error("enough");
    };
    ParallelExecutor parallel(programs_, pool_, options);
    EXPECT_THROW((void)run(block, parallel, block.state), std::runtime_error);
    throws = false;
    expect_equal(run_sequentially(block), run(block, parallel, block.state), "afterwards");
  }
}

// Reads happen at a transaction's start, inside the EVM's instructions, in validations and at commitment.
TEST_F(Faults, WhatAReadThrowsReachesTheCaller) {
  std::size_t thrown = 0;
  for (const RandomBlock& block : blocks(12)) {
    const Result expected = run_sequentially(block);
    for (std::uint64_t at = 1; at <= 40; ++at) {
      std::vector<Receipt> committed;
      ParallelOptions options = random_way(at).options();
      if (options.segment_length == 0)
        options.on_commit = [&](TxnIndex, const Receipt& receipt) { committed.push_back(receipt); };
      ParallelExecutor parallel(programs_, pool_, options);
      UnsteadyView view(block.state, at);
      view.call_at_reads([&](std::uint64_t read) {
        if (read == at) throw std::bad_alloc();
      });
      try {
        expect_equal(expected, run(block, parallel, view), "fewer reads than that");
        EXPECT_LT(view.reads(), at);
      } catch (const std::bad_alloc&) {
        ++thrown;
      }
      ASSERT_LE(committed.size(), expected->receipts.size());
      EXPECT_TRUE(std::equal(committed.begin(), committed.end(), expected->receipts.begin()));
      committed.clear();
      expect_equal(expected, run(block, parallel, block.state), "afterwards");
    }
  }
  EXPECT_GT(thrown, 100u);
}

/// A block of London with calls of `contract`, each by a sender of its own.
RandomBlock calls_of(const Address& contract, const std::vector<Bytes>& inputs) {
  RandomBlock block;
  block.environment.spec = &spec_of(Revision::london);
  block.environment.context.number = 200;
  block.environment.context.gas_limit = 30'000'000;
  block.environment.context.beneficiary = to_address(u256{0xbe});
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    Transaction transaction;
    transaction.sender = to_address(u256{0x5e00 + i});
    transaction.to = contract;
    transaction.gas_limit = 300'000;
    transaction.max_fee_per_gas = transaction.max_priority_fee_per_gas = u256{1};
    transaction.data = inputs[i];
    block.state.put(transaction.sender, 0, u256{1} << 80, {}, {});
    block.transactions.push_back(std::move(transaction));
  }
  return block;
}

// Found by review: sequential execution does not ask for the storage of what the block has destroyed, so a witness that
// was made by it lacks that.
TEST_F(Faults, WhatAWitnessLacksAndNobodyNeedsIsNotMissed) {
  struct Lacking final : StateView {
    const InMemoryState* below;
    Address address;
    StateRead<std::optional<Account>> account(const Address& of) const override { return below->account(of); }
    StateRead<u256> storage(const Address& of, const u256& slot) const override {
      if (of == address) return std::unexpected(StateFault::missing_node);
      return below->storage(of, slot);
    }
    StateRead<BytesView> code(const Address& of, const Hash32& hash) const override { return below->code(of, hash); }
    StateRead<Hash32> block_hash(std::uint64_t number) const override { return below->block_hash(number); }
    std::string fault_message() const override { return "not in the witness"; }
  };
  // With an input: is destroyed. Without: copies slot 5 to slot 6.
  const Bytes child{OP_CALLDATASIZE, OP_PUSH1, 11,        OP_JUMPI, OP_PUSH1,    5,        OP_SLOAD,
                    OP_PUSH1,        6,        OP_SSTORE, OP_STOP,  OP_JUMPDEST, OP_PUSH1, 0,
                    OP_SELFDESTRUCT};
  const auto size = static_cast<std::uint8_t>(child.size());
  Bytes init{OP_PUSH1, size, OP_PUSH1, 12, OP_PUSH1, 0, OP_CODECOPY, OP_PUSH1, size, OP_PUSH1, 0, OP_RETURN};
  init.insert(init.end(), child.begin(), child.end());
  // Creates what its input says, with CREATE2.
  const Bytes factory_code{OP_CALLDATASIZE, OP_PUSH1, 0, OP_PUSH1, 0, OP_CALLDATACOPY, OP_PUSH1, 0,
                           OP_CALLDATASIZE, OP_PUSH1, 0, OP_PUSH1, 0, OP_CREATE2};
  const Address factory = to_address(u256{0xfac});
  const Address made = create2_address(factory, Hash32{}, keccak256(init));
  RandomBlock block = calls_of(made, {Bytes{1}, init, Bytes{}, Bytes{}});
  block.transactions[1].to = factory;
  block.state.put(factory, 1, {}, factory_code, {});
  block.state.put(made, 1, {}, child, {{u256{5}, u256{77}}, {u256{6}, u256{3}}});
  Lacking view;
  view.below = &block.state;
  view.address = made;
  SequentialExecutor sequential(programs_);
  const Execution expected = testing::execute(block, view, sequential);
  ASSERT_TRUE(expected.transactions) << expected.transactions.error();
  for (const unsigned threads : {1u, 3u}) {
    for (const TxnIndex segment_length : {0u, 2u}) {
      ParallelExecutor parallel(programs_, pool_,
                                ParallelWay{.threads = threads, .segment_length = segment_length}.options());
      for (int i = 0; i < 20; ++i)
        EXPECT_EQ(difference(expected, testing::execute(block, view, parallel)), std::nullopt);
    }
  }
}

// Found by review: the view keeps one message, and executions ahead had theirs there.
TEST_F(Faults, TheMessageIsOfWhatSequentialExecutionMisses) {
  std::vector<Bytes> inputs;
  std::unordered_map<std::uint64_t, Hash32> hashes;
  for (std::uint8_t i = 0; i < 40; ++i) {
    inputs.push_back(Bytes(32, 0));
    inputs.back().back() = static_cast<std::uint8_t>(150 + i);
    if (i < 8) hashes[150 + i] = {};
  }
  const Address asker = to_address(u256{0xc0});
  RandomBlock block = calls_of(asker, inputs);
  block.state.put(asker, 1, {}, Bytes{OP_PUSH1, 0, OP_CALLDATALOAD, OP_BLOCKHASH, OP_POP}, {});
  const PrestateView view(block.state, hashes);
  ParallelExecutor parallel(programs_, pool_, ParallelWay{.threads = 3}.options());
  for (int i = 0; i < 500; ++i) {
    const Result found = run(block, parallel, view);
    ASSERT_FALSE(found);
    ASSERT_EQ(found.error().message(), "blockHashes: the hash of block 158 is needed and missing");
  }
}

// Small blocks, one worker and known chains are executed sequentially as a whole.
TEST_F(Faults, CallbackAndCancellationHoldWhereABlockIsExecutedSequentially) {
  for (const RandomBlock& block : blocks(4)) {
    const Result expected = run_sequentially(block);
    for (const unsigned threads : {1u, 2u}) {
      std::vector<Receipt> given;
      std::atomic<bool> cancelled{false};
      bool cancels = false;
      ParallelOptions options;
      options.threads = threads;
      options.cancelled = &cancelled;
      options.on_commit = [&](TxnIndex txn, const Receipt& receipt) {
        EXPECT_EQ(txn, given.size());
        given.push_back(receipt);
        cancelled = cancels && txn == 2;
      };
      ParallelExecutor executor(programs_, pool_, options);
      expect_equal(expected, run(block, executor, block.state), "result");
      EXPECT_FALSE(executor.statistics().parallel);
      EXPECT_EQ(given, expected->receipts);
      given.clear();
      cancels = true;
      const Result found = run(block, executor, block.state);
      ASSERT_FALSE(found);
      EXPECT_EQ(found.error().unreadable_state()->fault, StateFault::interrupted);
      EXPECT_EQ(given.size(), 3u);
    }
  }
}

TEST_F(Faults, ManyExecutorsShareOnePool) {
  const std::vector<RandomBlock> work = blocks(6);
  std::vector<Result> expected;
  for (const RandomBlock& block : work) expected.push_back(run_sequentially(block));
  std::vector<std::thread> callers;
  for (unsigned caller = 0; caller < 4; ++caller) {
    callers.emplace_back([&, caller] {
      ParallelExecutor parallel(programs_, pool_,
                                ParallelWay{.threads = 3, .segment_length = caller % 2 == 0 ? 0u : 2u}.options());
      for (std::size_t i = 0; i < 3 * work.size(); ++i) {
        const std::size_t which = (i + caller) % work.size();
        expect_equal(expected[which], run(work[which], parallel, work[which].state), "shared pool");
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
}

}  // namespace
}  // namespace hocket::testing
