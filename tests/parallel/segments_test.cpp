// Segments, one situation after the other: each is executed when as much is committed as the test says, judged in its
// turn, and the block's result is the sequential one. Storage, balances, nonces, the block.
#include "parallel/segments_fixture.hpp"

namespace hocket::testing {
namespace {

using enum Segment::Verdict;
using enum ConflictCause;

class Segments : public SegmentsTest {};

// --- storage ---------------------------------------------------------------------------------------------------------

TEST_F(Segments, ASlotThatHasChangedIsReadAgain) {
  call(0, kAdder, 1, 5);
  end_segment(0);
  call(1, kAdder, 1, 6);
  end_segment(0);
  expect_last_changed(slot);
}

TEST_F(Segments, OtherSlotsOfTheSameAccountDoNotMatter) {
  for (std::uint64_t i = 0; i < 8; ++i) {
    call(i, kAdder, i, 5 + i);
    end_segment(0);
  }
  expect_last_holds();
}

TEST_F(Segments, ASlotOfManySegments) {
  for (std::uint64_t i = 0; i < 8; ++i) {
    call(i, kAdder, 7, 1);
    call(i, kAdder, i % 3, i);
    end_segment(i);
  }
  expect_last_holds();
}

TEST_F(Segments, ASlotThatWasChangedAndSetBackIsAsItWas) {
  call(0, kAdder, 7, 5);
  end_segment(0);
  call(1, kAdder, 7, u256{} - u256{5});
  end_segment(1);
  call(2, kAdder, 7, 3);
  end_segment(0);
  expect_last_holds();
}

TEST_F(Segments, ASlotThatOneSegmentChangesAndSetsBackIsNotInTheDiff) {
  call(0, kAdder, 7, 5);
  end_segment(0);
  call(1, kAdder, 7, u256{} - u256{5});
  end_segment(1);
  call(2, kBothWays, 7, 3);
  call(2, kBothWays, 8, 3);
  end_segment(0);
  expect_last_holds();
}

// Slots of a contract that is being made are not asked of the state: they have no read.
TEST_F(Segments, ASlotChangesThatWasReadAfterAContractWasMade) {
  call(0, kAdder, 7, 5);
  end_segment(0);
  call(1, kAdder, 7, 6);
  end_segment(1);
  call(2, kMaker, 0);
  call(3, kAdder, 7, 1);
  end_segment(1);
  expect_last_changed(slot);
}

// What a journal knows of one transaction is not the next one's.
TEST_F(Segments, TransactionsOfASegmentAreApart) {
  for (std::uint64_t i = 0; i < 3; ++i) {
    call(i, kTransient, 0);
    call(i, kTransient, 0);
    call(i, kAdder, 7, 5);
    call(i, kAdder, 7, u256{} - u256{5});
    call(i, kBothWays, 7, 3);
    call(i, kBlockHasher, 99);
    end_segment(i);
  }
  expect_last_holds();
}

// --- balances --------------------------------------------------------------------------------------------------------

TEST_F(Segments, CreditsCommute) {
  for (std::uint64_t i = 0; i < 4; ++i) {
    transfer(sender(i), numbered(kNobody), 1000 + i);
    transfer(sender(i), numbered(kEmpty), 1 + i);
    end_segment(i / 3);
  }
  expect_last_holds();
}

TEST_F(Segments, DebitsCommuteAsLongAsTheyAreCovered) {
  call(0, kPayer, kSomebody, 400);
  end_segment(0);
  call(1, kPayer, kSomebody, 400);
  call(1, kPayer, kSomebody, 200);
  end_segment(0);
  expect_last_holds();
}

// Balances are counted modulo 2^256 (found by review): what it gets takes the account back to almost nothing.
TEST_F(Segments, ADebitIsNotCoveredWhereTheCreditBeforeItWraps) {
  const u256 half = u256{1} << 255;
  for (const std::uint64_t i : {14u, 15u}) block_.state.put(sender(i), 0, half + u256{1'000'000'000'000u}, {}, {});
  call(14, kPayer, u256{kSomebody}).value = half - u256{1'000};
  end_segment(0);
  call(15, kPayer, u256{kSomebody}, u256{5}).value = half;
  end_segment(0);
  expect_last_changed(ConflictCause::balance);
}

TEST_F(Segments, ADebitIsNotCoveredAnyMore) {
  call(0, kPayer, kSomebody, 401);
  end_segment(0);
  call(1, kPayer, kSomebody, 400);
  call(1, kPayer, kSomebody, 200);
  end_segment(0);
  expect_last_changed(balance);
}

TEST_F(Segments, ADebitThatWasNotCoveredIsNow) {
  transfer(sender(0), numbered(kPayer), 1).gas_limit = 100'000;
  end_segment(0);
  call(1, kPayer, kSomebody, 1001);
  end_segment(0);
  expect_last_changed(balance);
}

TEST_F(Segments, ABalanceThatWasLookedAtHasChanged) {
  transfer(sender(0), numbered(kNobody), 5);
  end_segment(0);
  call(1, kLooker, kNobody);
  end_segment(0);
  expect_last_changed(balance);
}

TEST_F(Segments, ABalanceIsLookedAtAfterOwnChangesToIt) {
  transfer(sender(0), numbered(kNobody), 5);
  end_segment(0);
  transfer(sender(1), numbered(kNobody), 7);
  call(2, kLooker, kNobody);
  end_segment(0);
  expect_last_changed(balance);
}

TEST_F(Segments, ABalanceThatWasLookedAtIsAgainWhatItWas) {
  call(0, kPayer, kSomebody, 5);
  end_segment(0);
  call(1, kPayer, kSomebody, 6);
  end_segment(0);
  transfer(sender(2), numbered(kPayer), 11).gas_limit = 100'000;
  end_segment(0);
  call(3, kLooker, kPayer);
  call(3, kPayer, kSomebody, 1);
  end_segment(0);
  expect_last_holds();
}

TEST_F(Segments, AnAccountThatIsAsItWasInTheEndIsNotInTheDiff) {
  std::erase(block_.accounts, numbered(kPayer));  // which nothing changes after the transactions
  call(0, kPayer, kSomebody, 5);
  end_segment(0);
  transfer(sender(1), numbered(kPayer), 5).gas_limit = 100'000;
  end_segment(1);
  expect_last_holds();
}

TEST_F(Segments, ASenderLivesOnWhatTheSegmentBeforeGave) {
  transfer(sender(0), numbered(kPoor), 1'000'000'000);
  end_segment(0);
  transfer(numbered(kPoor), numbered(kNobody), 10);
  transfer(numbered(kPoor), numbered(kNobody), 10);
  end_segment(0);
  expect_last_changed(balance);
}

TEST_F(Segments, ASenderHasSpentItsMoneyAlready) {
  is_valid_ = false;
  transfer(numbered(kPoor), numbered(kNobody), 0);
  end_segment(0);
  transfer(numbered(kPoor), numbered(kNobody), 0);
  end_segment(0);
  expect_last_changed(balance, failed);
}

// --- nonces ----------------------------------------------------------------------------------------------------------

TEST_F(Segments, NoncesAreForeseen) {
  for (std::uint64_t i = 0; i < 4; ++i) {
    transfer(sender(0), numbered(kNobody), 5);
    transfer(sender(i), sender(0), 5);
    end_segment(0);
  }
  expect_last_holds();
}

TEST_F(Segments, NoncesAreNotForeseenWhereThatIsOff) {
  for (std::uint64_t i = 0; i < 2; ++i) {
    transfer(sender(0), numbered(kNobody), 5);
    end_segment(0);
  }
  expect_last_changed(nonce, holds, false);
}

TEST_F(Segments, ANonceIsForeseenThatNobodyRaises) {
  is_valid_ = false;
  transfer(sender(1), numbered(kNobody), 5);
  end_segment(0);
  transfer(sender(0), numbered(kNobody), 5).nonce = 1;
  end_segment(0);
  expect_last_changed(nonce, failed);
}

TEST_F(Segments, ANonceIsForeseenThatIsRaisedByLess) {
  is_valid_ = false;
  transfer(sender(0), numbered(kNobody), 5);
  end_segment(0);
  transfer(sender(0), numbered(kNobody), 5).nonce = 2;
  end_segment(0);
  expect_last_changed(nonce, failed);
}

TEST_F(Segments, ANonceIsUsedTwice) {
  is_valid_ = false;
  transfer(sender(0), numbered(kNobody), 5);
  end_segment(0);
  transfer(sender(0), numbered(kNobody), 5).nonce = 0;
  end_segment(0);
  expect_last_changed(nonce, failed);
}

TEST_F(Segments, ANonceThatNobodyLooksAtIsTheOthers) {
  transfer(sender(0), numbered(kNobody), 5);
  end_segment(0);
  transfer(sender(1), sender(0), 5);
  end_segment(0);
  transfer(sender(0), sender(1), 5);
  end_segment(0);
  expect_last_holds();
}

TEST_F(Segments, TheNonceOfAnAccountThatDoesNotExistYetIsForeseen) {
  block_.environment.context.base_fee = {};
  for (int i = 0; i < 3; ++i) {
    Transaction& transaction = transfer(numbered(kNobody), sender(0), {});
    transaction.max_fee_per_gas = transaction.max_priority_fee_per_gas = {};
    end_segment(0);
  }
  expect_last_holds();
}

// --- the block -------------------------------------------------------------------------------------------------------

TEST_F(Segments, TheLastTransactionsGasIsTooMuchForTheBlock) {
  is_valid_ = false;
  block_.environment.context.gas_limit = kGas + 2 * 21'000;
  for (std::uint64_t i = 0; i < 4; ++i) {
    transfer(sender(i), numbered(kNobody), 5);
    end_segment(0);
  }
  const Judgements judgements = execute_all();
  ASSERT_EQ(judgements.size(), 4u);
  EXPECT_EQ(judgements[2].last(), holds);
  EXPECT_TRUE(judgements[2].had_room);
  EXPECT_EQ(judgements[3].last(), holds);
  EXPECT_FALSE(judgements[3].had_room);
}

TEST_F(Segments, TheLastTransactionsBlobsAreTooManyForTheBlock) {
  is_valid_ = false;
  for (std::uint64_t i = 0; i < 3; ++i) {
    Transaction& transaction = transfer(sender(i), numbered(kNobody), 5);
    transaction.type = TransactionType::blob;
    transaction.max_fee_per_blob_gas = u256{1};
    Hash32 hash{};
    hash.bytes[0] = 1;
    transaction.blob_versioned_hashes.assign(i == 2 ? 3 : 2, hash);
    end_segment(0);
  }
  const Judgements judgements = execute_all();
  ASSERT_EQ(judgements.size(), 3u);
  EXPECT_TRUE(judgements[1].committed());
  EXPECT_FALSE(judgements[2].had_room);
}

TEST_F(Segments, ChangesBeforeAndAfterTheTransactions) {
  block_.slot_before.emplace(numbered(kAdder), u256{3});
  block_.credits_before = {{numbered(kNobody), u256{3}}, {numbered(kAdder), u256{4}}, {sender(0), u256{5}}};
  block_.credits_after = {{numbered(kNobody), u256{3}}, {numbered(kBeneficiary), u256{4}}, {sender(3), u256{5}}};
  for (std::uint64_t i = 0; i < 4; ++i) {
    call(i, kAdder, 1, 1);
    call(i, kAdder, 0, 1);
    call(i, kAdder, 10 + i, 1);
    transfer(sender(i), numbered(kNobody), 5);
    end_segment(i);
  }
  expect_last_holds();
}

// What one block has left behind is not the next one's.
TEST_F(Segments, OneBlockAfterAnother) {
  SequentialExecutor sequential(programs_);
  for (const unsigned hash_bits : {64u, 3u}) {
    std::vector<SegmentLine::Step> steps;
    for (TxnIndex i = 1; i <= 60; ++i) steps.push_back({.end = 4 * i, .after = (i - 1) / 2});
    SegmentLine line(programs_, steps, {.predicts_nonces = true, .hash_bits = hash_bits});
    for (const std::uint64_t count : {240u, 12u, 40u, 240u, 4u}) {
      block_.transactions.clear();
      nonces_.clear();
      for (std::uint64_t i = 0; i < count; ++i) call(i % 16, kAdder, i * count, i);
      line.set_steps({steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(count / 4)});
      const auto found = difference(execute(block_, block_.state, sequential), execute(block_, block_.state, line));
      EXPECT_FALSE(found) << *found;
      EXPECT_EQ(line.judgements().size(), count / 4);
    }
  }
}

}  // namespace
}  // namespace hocket::testing
