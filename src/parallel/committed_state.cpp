#include "parallel/committed_state.hpp"

#include "parallel/adopt.hpp"

#include <atomic>
#include <span>
#include <vector>

namespace hocket {
namespace {

using AccountAt = AccountLocation<RealSync>;

/// Fewer are not worth a worker.
constexpr std::size_t kAccountsOfWorker = 1000;

/// How far ahead of the account at hand its lines and its first slot's are asked for: many of them lie in the cache of
/// the core that wrote them last, some hundred nanoseconds away.
constexpr std::size_t kAccountsAhead = 8;
constexpr std::size_t kSlotsAhead = 4;

template <class Node>
void prefetch(const Node& node) noexcept {
  const auto* bytes = reinterpret_cast<const std::byte*>(&node);
  for (std::size_t at = 0; at < sizeof(Node); at += 64) __builtin_prefetch(bytes + at);
}

void prefetch_ahead(std::span<AccountAt* const> accounts, std::size_t at) noexcept {
  if (at + kAccountsAhead < accounts.size()) prefetch(*accounts[at + kAccountsAhead]);
  if (at + kSlotsAhead < accounts.size())
    if (const auto* slot = accounts[at + kSlotsAhead]->written_slots; slot != nullptr) prefetch(*slot);
}

/// Adds what became of the account, if it is not as it was. As Journal::diff says it.
void add_difference(const AccountAt& at, StateDiff& diff) {
  if (!at.committed.exists) {
    if (at.base.exists) diff.add(at.address);
    return;
  }
  const Account& base = at.base.account;
  const Account& now = at.committed.account;
  const bool cleared = at.cleared_after != 0 && at.base.exists && base.has_storage;
  const auto differs = [&](const SlotLocation<RealSync>& slot) {
    if (slot.committed_after <= at.cleared_after) return false;
    return cleared ? !slot.committed.is_zero() : slot.committed != slot.base.value;
  };
  const auto* slot = at.written_slots;
  while (slot != nullptr && !differs(*slot)) slot = slot->next_written;
  if (at.base.exists && now.nonce == base.nonce && now.balance == base.balance && now.code_hash == base.code_hash &&
      !cleared && slot == nullptr)
    return;

  AccountDiff& change = diff.add(at.address);
  change.account = Account{.nonce = now.nonce, .balance = now.balance, .code_hash = now.code_hash};
  change.storage_cleared = cleared;
  for (; slot != nullptr; slot = slot->next_written)
    if (differs(*slot)) diff.add_slot(slot->slot, slot->committed);
  if (now.code_hash != base.code_hash && at.committed.code != nullptr) diff.set_code(at.committed.code->bytes);
}

}  // namespace

void CommittedState::adopt(const Address& address, Journal& journal) const {
  const AccountAt* at = memory_->find_account(address);
  if (at != nullptr && at->touched) adopt_whole(*at, journal);
}

void CommittedState::append_others(const Journal& journal, WorkerPool& pool, StateDiff& diff) const {
  const std::span<AccountAt* const> touched = memory_->touched();
  const auto append = [&](std::span<AccountAt* const> accounts, StateDiff& to) {
    to.reserve(accounts.size(), 0);
    for (std::size_t i = 0; i < accounts.size(); ++i) {
      prefetch_ahead(accounts, i);
      if (!journal.knows(accounts[i]->address)) add_difference(*accounts[i], to);
    }
  };
  const std::size_t workers = std::min<std::size_t>(pool.size(), touched.size() / kAccountsOfWorker);
  if (workers < 2) return append(touched, diff);

  // Each takes the next share until none is left: a worker may come late, or not at all.
  const std::size_t share = (touched.size() + 2 * workers - 1) / (2 * workers);
  std::vector<StateDiff> parts(2 * workers);
  std::atomic<std::size_t> next{0};
  pool.run(static_cast<unsigned>(workers), [&](unsigned) {
    // relaxed: the pool's end of the run orders everything.
    for (std::size_t part = next.fetch_add(1, std::memory_order_relaxed); part < parts.size();
         part = next.fetch_add(1, std::memory_order_relaxed)) {
      const std::size_t begin = std::min(part * share, touched.size());
      append(touched.subspan(begin, std::min(share, touched.size() - begin)), parts[part]);
    }
  });
  for (StateDiff& part : parts) diff.append(std::move(part));
}

}  // namespace hocket
