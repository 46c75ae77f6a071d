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

TEST_F(AccountSegments, AContractThatIsMadeIsUnfit) {
  call(0, kMaker, 0);
  end_segment(0);
  expect_last_is(unfit);
}

TEST_F(AccountSegments, AnAccountWithNothingButACreatorsNonceIsUnfit) {
  create(0, {});
  end_segment(0);
  expect_last_is(unfit);
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
  expect_last_is(unfit);
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

TEST_F(DelegatedSegments, ADelegationIsUnfit) {
  authorize(0, authorization_of(sender(1), 0, numbered(kAdder)));
  end_segment(0);
  expect_last_is(unfit);
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

TEST_F(DelegatedSegments, ADelegationThatIsRemovedIsUnfit) {
  authorize(0, authorization_of(numbered(kDelegated), 3, {}));
  end_segment(0);
  expect_last_is(unfit);
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
