// Segments that meet accounts which come into being or go, the beneficiary, and delegations: as segments_test.cpp.
#include "parallel/segments_fixture.hpp"

namespace hocket::testing {
namespace {

using enum Segment::Verdict;
using enum ConflictCause;

class AccountSegments : public SegmentsTest {};

// --- existence, EIP-161 ----------------------------------------------------------------------------------------------

TEST_F(AccountSegments, AnAccountThatWasDeadHasComeIntoBeing) {
  transfer(sender(0), numbered(kNobody), 5);
  end_segment(0);
  call(1, kHashLooker, kNobody);
  end_segment(0);
  expect_last_changed(balance);
}

TEST_F(AccountSegments, ACallWithValueToAnAccountThatIsNewNoLonger) {
  transfer(sender(0), numbered(kNobody), 5);
  end_segment(0);
  call(1, kPayer, kNobody, 1);
  end_segment(0);
  expect_last_changed(balance);
}

TEST_F(AccountSegments, ATouchOfAnAccountThatAnotherMakesDoesNothing) {
  transfer(sender(0), numbered(kNobody), 5);
  end_segment(0);
  transfer(sender(1), numbered(kNobody), 0);
  end_segment(0);
  expect_last_holds();
}

TEST_F(AccountSegments, ATouchThatDeletesIsUnfit) {
  transfer(sender(0), numbered(kEmpty), 0);
  end_segment(0);
  expect_last_is(unfit);
}

TEST_F(AccountSegments, ATouchWouldHaveDeletedWhatIsEmptyNoLonger) {
  transfer(sender(0), numbered(kEmpty), 5);
  end_segment(0);
  transfer(sender(1), numbered(kEmpty), 0);
  end_segment(0);
  expect_last_changed(balance);
}

TEST_F(AccountSegments, WhatIsDeletedAndMadeAgainInOneSegmentIsChanged) {
  transfer(sender(0), numbered(kEmpty), 0);
  transfer(sender(0), numbered(kEmpty), 5);
  end_segment(0);
  transfer(sender(1), numbered(kEmpty), 5);
  end_segment(0);
  expect_last_holds();
}

TEST_F(AccountSegments, CreditsThatAreRevertedMakeNothing) {
  call(0, kRegretter, kNobody, 5);
  call(0, kRegretter, 3, 0);
  end_segment(0);
  call(1, kRegretter, kNobody, 7);
  transfer(sender(1), numbered(kRegretter), 0).gas_limit = 100'000;
  end_segment(0);
  expect_last_holds();
}

// The touch that outlives its frame.
TEST_F(AccountSegments, Ripemd160IsDeletedThoughTheCallReverts) {
  block_.state.put(numbered(3), 0, {}, {}, {});
  call(0, kRegretter, 3, 0);
  end_segment(0);
  expect_last_is(unfit);
}

// --- making and destroying -------------------------------------------------------------------------------------------

TEST_F(AccountSegments, AContractIsMade) {
  call(0, kMaker, 0);
  end_segment(0);
  expect_last_holds();
}

TEST_F(AccountSegments, AnAccountWithNothingButACreatorsNonce) {
  create(0, {});
  end_segment(0);
  transfer(sender(1), create_address(sender(0), 0), 5);
  end_segment(1);
  expect_last_holds();
}

/// slot 0 += 5, slot 1 = 9, and as code: slot 0 += 1.
const Bytes kCounterMaker{OP_PUSH0, OP_SLOAD,    OP_PUSH1, 5,         OP_ADD,   OP_PUSH0,  OP_SSTORE, OP_PUSH1,
                          9,        OP_PUSH1,    1,        OP_SSTORE, OP_PUSH1, 7,         OP_PUSH1,  23,
                          OP_PUSH0, OP_CODECOPY, OP_PUSH1, 7,         OP_PUSH0, OP_RETURN, OP_STOP,   OP_PUSH0,
                          OP_SLOAD, OP_PUSH1,    1,        OP_ADD,    OP_PUSH0, OP_SSTORE};

class MadeSegments : public AccountSegments {
 protected:
  /// A segment.
  void make_counter() {
    create(0, kCounterMaker);
    end_segment(0);
  }
  void count(std::uint64_t from) { transfer(sender(from), counter, {}).gas_limit = 100'000; }

  const Address counter = create_address(sender(0), 0);
};

TEST_F(MadeSegments, TheSegmentCallsWhatItHasMade) {
  create(0, kCounterMaker);
  count(1);
  count(2);
  end_segment(0);
  expect_last_holds();
}

TEST_F(MadeSegments, LaterSegmentsCallWhatWasMade) {
  make_counter();
  count(1);
  count(2);
  end_segment(1);
  count(3);
  end_segment(2);
  count(4);
  end_segment(3);
  expect_last_holds();
}

TEST_F(MadeSegments, ItsSlotHasChanged) {
  make_counter();
  count(1);
  end_segment(1);
  count(2);
  end_segment(1);
  expect_last_changed(slot);
}

TEST_F(MadeSegments, ItWasCalledTooEarly) {
  make_counter();
  count(1);
  end_segment(0);
  expect_last_changed(code);
}

TEST_F(MadeSegments, ItsCodeStaysWhereOnlyItsBalanceChanges) {
  make_counter();
  call(1, kSender, to_u256(counter));
  end_segment(1);
  count(2);
  end_segment(2);
  expect_last_holds();
}

TEST_F(MadeSegments, ItsCodeHashWasSeenTooEarly) {
  make_counter();
  call(1, kHashLooker, to_u256(counter));
  end_segment(1);
  call(2, kHashLooker, to_u256(counter));
  end_segment(0);
  expect_last_changed(code);
}

// The made contract's slots come first, and nobody was asked for them.
TEST_F(MadeSegments, ASlotThatHasGoneBackMeanwhileIsPutOnTheNewerOne) {
  call(1, kAdder, 7, 1);
  end_segment(0);
  call(2, kAdder, 7, ~u256{});
  end_segment(1);
  create(0, kCounterMaker);
  call(3, kAdder, 7, 5);
  end_segment(0);
  call(4, kAdder, 7, 5);
  count(4);
  end_segment(3);
  expect_last_holds();
}

// Where somebody has sent something before.
TEST_F(MadeSegments, WhatItHasGotBeforeIsAddedUp) {
  transfer(sender(1), counter, 5);
  end_segment(0);
  create(0, kCounterMaker);
  end_segment(1);
  transfer(sender(2), counter, 5).gas_limit = 100'000;
  end_segment(2);
  expect_last_holds();
}

TEST_F(MadeSegments, TwoSegmentsMakeTheSame) {
  // CREATE2(salt 0, no code).
  put(0xc2, {OP_PUSH0, OP_PUSH0, OP_PUSH0, OP_PUSH0, OP_CREATE2, OP_PUSH0, OP_SSTORE});
  call(1, 0xc2, 0);
  end_segment(0);
  call(2, 0xc2, 0);
  end_segment(0);
  const Judgements judgements = execute_all();
  ASSERT_EQ(judgements.size(), 2u);
  EXPECT_EQ(judgements.back().first, changed);
  EXPECT_EQ(judgements.back().again, holds);
}

// What is left to sequential execution finds the code in the block's journal.
TEST_F(MadeSegments, WhatComesAfterAnUnfitSegmentCallsIt) {
  make_counter();
  count(1);
  transfer(sender(1), numbered(kEmpty), 0);
  count(1);
  end_segment(1);
  count(2);
  end_segment(1);
  const Judgements judgements = execute_all();
  ASSERT_EQ(judgements.size(), 2u);
  EXPECT_EQ(judgements.back().first, unfit);
}

TEST_F(AccountSegments, AnAccountThatIsMadeAndDestroyedIsUnfit) {
  create(0, {OP_PUSH0, OP_SELFDESTRUCT});
  end_segment(0);
  expect_last_is(unfit);
}

TEST_F(AccountSegments, ACreationThatIsReverted) {
  create(0, {OP_PUSH0, OP_PUSH0, OP_REVERT});
  end_segment(0);
  create(1, {OP_PUSH0, OP_PUSH0, OP_REVERT});
  transfer(sender(1), create_address(sender(0), 0), 5);
  end_segment(0);
  expect_last_holds();
}

// As above, and its constructor has stored something: that slot is nobody's.
TEST_F(AccountSegments, ACreationThatIsRevertedAfterItHasStored) {
  call(0, kMaker, 1);
  end_segment(0);
  call(1, kMaker, 1);
  call(1, kMaker, 0);
  end_segment(0);
  expect_last_holds();
}

TEST_F(AccountSegments, SelfDestructionThatOnlySends) {
  call(0, kSender, kNobody);
  end_segment(0);
  call(1, kPayer, kNobody, 5);
  end_segment(1);
  call(2, kSender, kSender);
  call(2, kAdder, 0, 1);
  end_segment(1);
  expect_last_holds();
}

TEST_F(AccountSegments, SelfDestructionSendsABalanceThatHasChanged) {
  transfer(sender(0), numbered(kAdder), 5).gas_limit = 100'000;
  transfer(sender(0), numbered(kNobody), 5);
  call(0, kSender, kNobody);
  end_segment(0);
  call(1, kSender, kNobody);
  end_segment(0);
  expect_last_changed(balance);
}

TEST_F(AccountSegments, SelfDestructionThatDeletesIsUnfit) {
  set_revision(Revision::london);
  call(0, kSender, kNobody);
  end_segment(0);
  expect_last_is(unfit);
}

// --- the beneficiary -------------------------------------------------------------------------------------------------

TEST_F(AccountSegments, TheBeneficiaryIsLookedAt) {
  transfer(sender(0), numbered(kNobody), 5);
  end_segment(0);
  call(1, kLooker, kBeneficiary);
  end_segment(0);
  expect_last_changed(balance);
}

TEST_F(AccountSegments, TheBeneficiarySpendsItsFees) {
  transfer(sender(0), numbered(kBeneficiary), 20 * kGas - 42'000);
  end_segment(0);
  transfer(numbered(kBeneficiary), numbered(kNobody), 0);
  end_segment(0);
  expect_last_changed(balance);
}

TEST_F(AccountSegments, FeesOfNothing) {
  for (std::uint64_t i = 0; i < 4; ++i) {
    transfer(sender(i), numbered(kNobody), 5).max_priority_fee_per_gas = u256{i == 1 ? 1u : 0u};
    end_segment(0);
  }
  expect_last_holds();
}

TEST_F(AccountSegments, AFeeOfNothingDeletesAnEmptyBeneficiary) {
  block_.environment.context.beneficiary = numbered(kEmpty);
  transfer(sender(0), numbered(kNobody), 5).max_priority_fee_per_gas = {};
  end_segment(0);
  expect_last_is(unfit);
}

TEST_F(AccountSegments, AFeeOfNothingDoesNotDeleteABeneficiaryThatHasGotAFee) {
  block_.environment.context.beneficiary = numbered(kEmpty);
  transfer(sender(0), numbered(kNobody), 5);
  end_segment(0);
  transfer(sender(1), numbered(kNobody), 5).max_priority_fee_per_gas = {};
  end_segment(0);
  expect_last_changed(balance);
}

// --- EIP-7702 --------------------------------------------------------------------------------------------------------

class DelegatedSegments : public SegmentsTest {
 protected:
  DelegatedSegments() {
    set_revision(Revision::prague);
    Bytes designator{0xef, 0x01, 0x00};
    append(designator, numbered(kAdder));
    block_.state.put(numbered(kDelegated), 3, u256{1'000'000'000u}, designator, {{u256{7}, u256{70}}});
  }
  static constexpr std::uint64_t kDelegated = 0xde1e;
};

TEST_F(DelegatedSegments, ADelegation) {
  authorize(0, authorization_of(sender(1), 0, numbered(kAdder)));
  call(2, 0x5e0001, 7, 7);
  end_segment(0);
  call(2, 0x5e0001, 7, 8);
  end_segment(1);
  call(3, 0x5e0001, 7, 9);
  end_segment(2);
  expect_last_holds();
}

TEST_F(DelegatedSegments, ADelegateIsCalledTooEarly) {
  authorize(0, authorization_of(sender(1), 0, numbered(kAdder)));
  end_segment(0);
  call(2, 0x5e0001, 7, 7);
  end_segment(0);
  expect_last_changed(code);
}

TEST_F(DelegatedSegments, AnotherDelegation) {
  authorize(0, authorization_of(sender(1), 0, numbered(kAdder)));
  end_segment(0);
  call(2, 0x5e0001, 7, 7);
  end_segment(1);
  authorize(0, authorization_of(sender(1), 1, numbered(kBothWays)));
  end_segment(1);
  call(2, 0x5e0001, 7, 1);
  end_segment(2);
  expect_last_changed(code);
}

// A segment that sends it something has the code from the one before.
TEST_F(DelegatedSegments, ADelegationStaysWhereOnlyTheBalanceChanges) {
  authorize(0, authorization_of(sender(1), 0, numbered(kAdder)));
  end_segment(0);
  transfer(sender(2), sender(1), 5).gas_limit = 100'000;
  end_segment(1);
  transfer(sender(3), sender(1), 5).gas_limit = 100'000;
  end_segment(1);
  call(4, 0x5e0001, 7, 7);
  end_segment(3);
  expect_last_holds();
}

TEST_F(DelegatedSegments, ADelegationThatIsTakenBackInTheSegmentIsFit) {
  authorize(0, authorization_of(sender(1), 0, numbered(kAdder)));
  call(2, 0x5e0001, 7, 7);
  authorize(0, authorization_of(sender(1), 1, {}));
  end_segment(0);
  nonces_[sender(1)] = 2;
  transfer(sender(1), numbered(kNobody), 5);
  end_segment(0);
  expect_last_holds();
}

TEST_F(DelegatedSegments, TheSameDelegationAgainIsFit) {
  authorize(0, authorization_of(numbered(kDelegated), 3, numbered(kAdder)));
  call(0, kDelegated, 7, 7);
  end_segment(0);
  nonces_[numbered(kDelegated)] = 4;
  transfer(numbered(kDelegated), numbered(kNobody), 5);
  end_segment(0);
  expect_last_holds();
}

TEST_F(DelegatedSegments, ADelegationIsRemoved) {
  call(1, kDelegated, 7, 7);
  end_segment(0);
  authorize(0, authorization_of(numbered(kDelegated), 3, {}));
  end_segment(1);
  call(2, kDelegated, 7, 7);
  end_segment(2);
  nonces_[numbered(kDelegated)] = 4;
  transfer(numbered(kDelegated), numbered(kNobody), 5);
  end_segment(2);
  expect_last_holds();
}

TEST_F(DelegatedSegments, ADelegationIsMadeAgainAfterItsRemoval) {
  authorize(0, authorization_of(numbered(kDelegated), 3, {}));
  end_segment(0);
  authorize(0, authorization_of(numbered(kDelegated), 4, numbered(kBothWays)));
  end_segment(1);
  authorize(0, authorization_of(numbered(kDelegated), 5, numbered(kAdder)));
  end_segment(2);
  call(2, kDelegated, 7, 7);
  end_segment(3);
  expect_last_holds();
}

// And what others have stored by it.
TEST_F(DelegatedSegments, ADelegationIsChangedByASegmentThatRunsAheadOfAnother) {
  authorize(0, authorization_of(sender(1), 0, numbered(kAdder)));
  call(2, 0x5e0001, 7, 7);
  end_segment(0);
  authorize(0, authorization_of(sender(1), 1, {}));
  end_segment(1);
  authorize(3, authorization_of(sender(1), 2, numbered(kAdder)));
  call(3, 0x5e0001, 7, 1);
  end_segment(1);
  const Judgements judgements = execute_all();
  ASSERT_EQ(judgements.size(), 3u);
  EXPECT_EQ(judgements.back().changed, code);
  EXPECT_EQ(judgements.back().again, holds);
}

// Between a read of the account and one of its code another segment is committed, which sets other code.
TEST(SegmentViewCode, IsThatOfTheAccountAsItWasRead) {
  const Address address = numbered(1);
  CommittedSegments committed;
  committed.reset(3, 1, 1, 1, 64);
  const std::uint64_t hash = committed.hash_of(address);
  const Bytes codes[] = {{1}, {2}, {}};
  CommittedAccount nodes[3];
  std::uint64_t hashes[] = {hash, hash, hash};
  const auto add = [&](std::size_t i, Hash32 code_hash) {
    nodes[i].address = address;
    nodes[i].older = i == 0 ? nullptr : &nodes[i - 1];
    nodes[i].now.code_hash = code_hash;
    nodes[i].code = codes[i];
    committed.add({.accounts = std::span{nodes}.subspan(i, 1),
                   .slots = {},
                   .account_hashes = std::span{hashes}.subspan(i, 1),
                   .slot_hashes = {},
                   .worker = 0});
  };
  const Hash32 first = to_hash32(u256{1}), second = to_hash32(u256{2});
  add(0, first);
  LocationFilter& known = committed.filter(0);
  known.begin(committed, 1, 1);
  known.catch_up();
  InMemoryState base;
  SegmentView view;
  view.begin(known, base, nullptr);
  const auto account = view.account(address);
  ASSERT_TRUE(account && *account);
  EXPECT_EQ((*account)->code_hash, first);
  add(1, second);
  add(2, kEmptyCodeHash);
  const auto code = view.code(address, first);
  ASSERT_TRUE(code);
  EXPECT_EQ(Bytes(code->begin(), code->end()), codes[0]);
}

TEST_F(DelegatedSegments, AnAuthoritysNonceHasChanged) {
  authorize(0, authorization_of(sender(1), 0, {}));
  end_segment(0);
  authorize(2, authorization_of(sender(1), 1, {}));
  end_segment(0);
  expect_last_changed(nonce);
}

TEST_F(DelegatedSegments, AnAuthorityHasComeIntoBeing) {
  transfer(sender(0), numbered(kNobody), 5);
  end_segment(0);
  authorize(1, authorization_of(numbered(kNobody), 0, {}));
  end_segment(0);
  expect_last_changed(balance);
}

}  // namespace
}  // namespace hocket::testing
