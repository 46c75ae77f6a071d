#include "parallel/segments/committed_segments.hpp"

#include "base/address_hash.hpp"

#include <algorithm>
#include <bit>

namespace hocket {
namespace {

/// Fewer are not worth a worker.
constexpr std::size_t kSegmentsOfWorker = 8;

std::uint64_t hash_of(const Address& address, const u256& slot) noexcept {
  const HashSeed& seed = hash_seed();
  const std::uint64_t account = seeded_hash(address);
  return fold_multiply(slot.limbs[0] ^ seed.words[0] ^ account, slot.limbs[1] ^ seed.words[1]) ^
         fold_multiply(slot.limbs[2] ^ seed.words[2], slot.limbs[3] ^ seed.words[3]);
}

/// The newest of an account in each place is asked for; `use` gets each of its slots that has a value of the block's.
template <class Use>
void for_each_slot(const CommittedAccount& newest, Use&& use) {
  for (const CommittedAccount* account = &newest; account != nullptr; account = account->older)
    for (const CommittedSlot* slot = account->slots; slot != nullptr; slot = slot->next_of_account)
      if (!slot->superseded) use(*slot);
}

/// The slots of one segment's part of an account that are not as they were.
template <class Use>
void for_each_difference(const CommittedAccount& account, Use&& use) {
  for (const CommittedSlot* slot = account.slots; slot != nullptr; slot = slot->next_of_account)
    if (!slot->superseded && slot->entry->current != *slot->before) use(*slot);
}

bool is_shared(const CommittedAccount& account) noexcept { return account.superseded || account.older != nullptr; }

/// Adds the account itself, if it is not as it was or `always`. nullptr: it is not there.
AccountDiff* add_account(const CommittedAccount& account, bool always, StateDiff& diff) {
  const std::optional<Account>& base = account.first->base;
  if (!always && base && account.now.nonce == base->nonce && account.now.balance == base->balance) return nullptr;
  AccountDiff& change = diff.add(account.entry->address);
  change.account =
      Account{.nonce = account.now.nonce, .balance = account.now.balance, .code_hash = account.now.code_hash};
  return &change;
}

/// Adds what became of an account that one segment has changed. As Journal::diff says it.
void add_difference(const CommittedAccount& account, StateDiff& diff) {
  AccountDiff* change = add_account(account, false, diff);
  for_each_difference(account, [&](const CommittedSlot& slot) {
    if (change == nullptr) change = add_account(account, true, diff);
    diff.add_slot(slot.entry->slot, slot.entry->current);
  });
}

/// The same, where several have. Requires: `differing` of each is there.
void add_shared(const CommittedAccount& newest, StateDiff& diff) {
  std::size_t slots = 0;
  for (const CommittedAccount* part = &newest; part != nullptr; part = part->older) slots += part->differing.size();
  if (add_account(newest, slots != 0, diff) == nullptr) return;
  diff.reserve(0, slots);
  for (const CommittedAccount* part = &newest; part != nullptr; part = part->older)
    for (const auto& [slot, value] : part->differing) diff.add_slot(slot, value);
}

/// What one worker adds of some segments.
struct Part {
  StateDiff diff;
  std::vector<const CommittedAccount*> shared;       // the newest ones, which come later
  std::vector<std::unique_ptr<SlotChange[]>> slots;  // what `differing` points to

  void add(const CommittedAccount& account, const Journal& journal) {
    if (journal.knows(account.entry->address)) return;
    if (!is_shared(account)) return add_difference(account, diff);
    std::size_t count = 0;
    for_each_difference(account, [&](const CommittedSlot&) { ++count; });
    auto& changes = slots.emplace_back(std::make_unique_for_overwrite<SlotChange[]>(count));
    account.differing = {changes.get(), count};
    SlotChange* next = changes.get();
    for_each_difference(account, [&](const CommittedSlot& slot) { *next++ = {slot.entry->slot, slot.entry->current}; });
    if (!account.superseded) shared.push_back(&account);
  }
};

}  // namespace

template <class Node>
void CommittedSegments::Table<Node>::reset(std::size_t wanted, unsigned hash_bits) {
  wanted = std::bit_ceil(std::max<std::size_t>(wanted, 64));
  if (wanted > size) {
    lists = std::make_unique<List<Node>[]>(wanted);
    size = wanted;
  } else {
    // relaxed: nobody reads yet.
    for (std::size_t i = 0; i <= mask; ++i) {
      lists[i].head.store(nullptr, std::memory_order_relaxed);
      lists[i].filter.store(0, std::memory_order_relaxed);
    }
  }
  mask = wanted - 1;
  if (hash_bits < 32) mask &= (std::size_t{1} << hash_bits) - 1;
}

void CommittedSegments::reset(std::size_t expected_accounts, std::size_t expected_slots, unsigned hash_bits) {
  accounts_.reset(expected_accounts, hash_bits);
  slots_.reset(expected_slots, hash_bits);
  segments_.clear();
}

auto CommittedSegments::spot_of(const Address& address) const noexcept -> Spot<CommittedAccount> {
  const std::uint64_t hash = seeded_hash(address);
  return {.list = &accounts_.lists[hash & accounts_.mask], .bit = std::uint64_t{1} << (hash >> 58)};
}

auto CommittedSegments::spot_of(const Address& address, const u256& slot) const noexcept -> Spot<CommittedSlot> {
  const std::uint64_t hash = hash_of(address, slot);
  return {.list = &slots_.lists[hash & slots_.mask], .bit = std::uint64_t{1} << (hash >> 58)};
}

void CommittedSegments::adopt(const Address& address, Journal& journal) const {
  const auto spot = spot_of(address);
  const CommittedAccount* account = find(spot, spot.head(), address);
  if (account == nullptr) return;
  AccountEntry& entry = journal.adopt_account(address, account->first->base, account->now, false, std::nullopt);
  for_each_slot(*account, [&](const CommittedSlot& slot) {
    journal.adopt_slot(entry, slot.entry->slot, *slot.before, slot.entry->current);
  });
}

void CommittedSegments::append_others(const Journal& journal, WorkerPool& pool, StateDiff& diff) const {
  // Accounts of one segment are added by the part that the segment falls to. Of those that several have changed, each
  // part makes its share of the slots, and whoever called puts the shares together: one token's are most of a block.
  const std::size_t workers =
      std::clamp<std::size_t>(segments_.size() / kSegmentsOfWorker, 1, std::max(pool.size(), 1u));
  std::vector<Part> parts(workers == 1 ? 1 : 4 * workers);
  std::atomic<std::size_t> next{0};
  pool.run(static_cast<unsigned>(workers), [&](unsigned) {
    // Each takes the next part until none is left: a worker may come late, or not at all.
    // relaxed: the pool's end of the run orders everything.
    for (std::size_t i = next.fetch_add(1, std::memory_order_relaxed); i < parts.size();
         i = next.fetch_add(1, std::memory_order_relaxed)) {
      const std::size_t begin = segments_.size() * i / parts.size();
      const auto segments = std::span{segments_}.subspan(begin, segments_.size() * (i + 1) / parts.size() - begin);
      std::size_t count = 0;
      for (const std::span<const CommittedAccount> accounts : segments) count += accounts.size();
      parts[i].diff.reserve(count, 0);
      for (const std::span<const CommittedAccount> accounts : segments)
        for (const CommittedAccount& account : accounts) parts[i].add(account, journal);
    }
  });
  for (Part& part : parts) diff.append(std::move(part.diff));
  StateDiff shared;
  for (const Part& part : parts)
    for (const CommittedAccount* account : part.shared) add_shared(*account, shared);
  diff.append(std::move(shared));
}

}  // namespace hocket
