#include "parallel/committed_state.hpp"

#include "parallel/adopt.hpp"

namespace hocket {
namespace {

using AccountAt = AccountLocation<RealSync>;

/// What became of the account; nothing: it is as it was. As Journal::diff says it.
std::optional<AccountDiff> diff_of(const AccountAt& at) {
  const Account& base = at.base.account;
  AccountDiff change;
  bool differs = at.committed_exists != at.base.exists;
  if (at.committed_exists) {
    change.account =
        Account{.nonce = at.committed.nonce, .balance = at.committed.balance, .code_hash = at.committed.code_hash};
    differs = differs || at.committed.nonce != base.nonce || at.committed.balance != base.balance ||
              at.committed.code_hash != base.code_hash;
    if (at.committed.code_hash != base.code_hash && at.committed_code != nullptr)
      change.code = at.committed_code->bytes;
    change.storage_cleared = at.cleared_after != 0 && at.base.exists && base.has_storage;
    for (const auto* slot = at.written_slots; slot != nullptr; slot = slot->next_written) {
      if (slot->committed_after <= at.cleared_after) continue;
      if (change.storage_cleared ? !slot->committed.is_zero() : slot->committed != slot->base.value)
        change.storage[slot->slot] = slot->committed;
    }
    differs = differs || change.storage_cleared || !change.storage.empty();
  }
  if (!differs) return std::nullopt;
  return change;
}

}  // namespace

void CommittedState::adopt(const Address& address, Journal& journal) const {
  const AccountAt* at = memory_->find_account(address);
  if (at != nullptr && at->touched) adopt_whole(*at, journal);
}

void CommittedState::adopt_known(Journal& journal) const {
  // adopt_account adds none that is known.
  for (std::size_t i = 0; i < journal.account_count(); ++i) adopt(journal.account_entry(i).address, journal);
}

void CommittedState::append_others(const Journal& journal, WorkerPool&, StateDiff& diff) const {
  for (const AccountAt* at : memory_->touched()) {
    if (journal.knows(at->address)) continue;
    if (auto change = diff_of(*at)) diff.accounts.emplace(at->address, std::move(*change));
  }
}

}  // namespace hocket
