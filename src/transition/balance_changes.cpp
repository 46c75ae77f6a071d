#include "transition/balance_changes.hpp"

#include "protocol/chain_config.hpp"

namespace hocket {
namespace {

constexpr u256 kWeiPerGwei = 1'000'000'000;
constexpr u256 kWeiPerEther = 1'000'000'000'000'000'000;

bool credit(const Address& address, const u256& amount, Journal& journal) {
  AccountEntry* account = journal.account(address);
  if (account == nullptr) return false;
  journal.add_balance(*account, amount);
  return true;
}

/// Runs `change` between the begin and the end of a transaction, or takes it back.
template <class Change>
bool as_transaction(Journal& journal, bool state_clearing, Change&& change) {
  journal.begin_transaction();
  if (!change()) {
    journal.abandon_transaction();
    return false;
  }
  journal.end_transaction(state_clearing);
  return true;
}

}  // namespace

bool apply_withdrawals(std::span<const Withdrawal> withdrawals, const Spec& spec, Journal& journal) {
  return as_transaction(journal, spec.state_clearing, [&] {
    for (const Withdrawal& withdrawal : withdrawals)
      if (!credit(withdrawal.address, u256{withdrawal.amount_gwei} * kWeiPerGwei, journal)) return false;
    return true;
  });
}

bool apply_rewards(const Header& header, std::span<const Header> ommers, const Spec& spec, Journal& journal) {
  if (spec.block_reward_ether == 0) return true;
  const u256 reward = u256{spec.block_reward_ether} * kWeiPerEther;
  return as_transaction(journal, spec.state_clearing, [&] {
    // YP (173): an ommer one generation old gets 7/8, down to 2/8 for six.
    for (const Header& ommer : ommers)
      if (!credit(ommer.beneficiary, reward * u256{8 + ommer.number - header.number} / u256{8}, journal)) return false;
    return credit(header.beneficiary, reward + reward / u256{32} * u256{ommers.size()}, journal);
  });
}

bool apply_dao_fork(Journal& journal) {
  return as_transaction(journal, false, [&] {
    for (const Address& address : dao_drained_accounts()) {
      AccountEntry* account = journal.account(address);
      if (account == nullptr) return false;
      AccountEntry* refund_contract = journal.account(kDaoRefundContract);
      if (refund_contract == nullptr) return false;
      const u256 balance = journal.balance(*account);
      journal.subtract_balance(*account, balance);
      journal.add_balance(*refund_contract, balance);
      // As any touch then, it brings both into being.
      journal.touch(*account, true);
      journal.touch(*refund_contract, true);
    }
    return true;
  });
}

}  // namespace hocket
