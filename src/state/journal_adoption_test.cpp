#include "state/in_memory_state.hpp"
#include "state/journal.hpp"

#include <gtest/gtest.h>

namespace hocket {
namespace {

const Address kContract = to_address(u256{0xc0de});

/// Others have set slot 1 from 5 to 6, and have paid 10 to the contract.
class Later final : public LaterState {
 public:
  void adopt(const Address& address, Journal& journal) const override {
    if (address != kContract) return;
    const Account base{.nonce = 1, .balance = u256{3}};
    AccountEntry& entry = journal.adopt_account(
        address, base, Account{.nonce = 1, .balance = u256{13}, .has_storage = true}, false, std::nullopt);
    journal.adopt_slot(entry, u256{1}, u256{5}, u256{6});
  }
};

class JournalAdoption : public ::testing::Test {
 protected:
  JournalAdoption() : journal_(state_) {
    state_.put(kContract, 1, u256{3}, {}, {{u256{1}, u256{5}}, {u256{2}, u256{7}}});
    journal_.set_later_state(&later_);
  }

  InMemoryState state_;
  Later later_;
  Journal journal_;
};

// The transaction began with the adopted value: SSTORE's gas and refund go by it.
TEST_F(JournalAdoption, AnAdoptedSlotsOriginalValueIsTheAdoptedOne) {
  journal_.begin_transaction();
  AccountEntry& account = *journal_.account(kContract);
  EXPECT_EQ(account.balance, u256{13});
  const SlotEntry& slot = *journal_.slot(account, u256{1});
  EXPECT_EQ(slot.current, u256{6});
  EXPECT_EQ(slot.original, u256{6});
  EXPECT_EQ(slot.base, u256{5});
  EXPECT_EQ(journal_.slot(account, u256{2})->original, u256{7});
}

TEST_F(JournalAdoption, TheDiffGoesBackToTheStateView) {
  journal_.begin_transaction();
  AccountEntry& account = *journal_.account(kContract);
  journal_.subtract_balance(account, u256{10});
  journal_.set_storage(*journal_.slot(account, u256{1}), u256{5});
  journal_.end_transaction(true);
  EXPECT_TRUE(journal_.diff().empty());
}

}  // namespace
}  // namespace hocket
