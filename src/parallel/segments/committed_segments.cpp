#include "parallel/segments/committed_segments.hpp"

#include "base/endian.hpp"
#include "base/hash_seed.hpp"

#include <algorithm>
#include <bit>

namespace hocket {
namespace {

/// Fewer are not worth a worker.
constexpr std::size_t kSegmentsOfWorker = 8;

std::uint64_t hash_of(const Address& address) noexcept {
  const HashSeed& seed = hash_seed();
  const std::uint8_t* p = address.data();
  return fold_multiply(load_le64(p) ^ seed.words[0], load_le64(p + 8) ^ seed.words[1]) ^
         fold_multiply(load_le32(p + 16) ^ seed.words[2], seed.words[3]);
}

std::uint64_t hash_of(const Address& address, const u256& slot) noexcept {
  const HashSeed& seed = hash_seed();
  const std::uint64_t account = hash_of(address);
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

/// Adds what became of the account, if it is not as it was. As Journal::diff says it.
void add_difference(const CommittedAccount& account, StateDiff& diff) {
  AccountDiff* change = nullptr;
  const auto add = [&] {
    change = &diff.add(account.entry->address);
    change->account =
        Account{.nonce = account.now.nonce, .balance = account.now.balance, .code_hash = account.now.code_hash};
  };
  const std::optional<Account>& base = account.first->base;
  if (!base || account.now.nonce != base->nonce || account.now.balance != base->balance) add();
  for_each_slot(account, [&](const CommittedSlot& slot) {
    if (slot.entry->current == *slot.before) return;
    if (change == nullptr) add();
    diff.add_slot(slot.entry->slot, slot.entry->current);
  });
}

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
  const std::uint64_t hash = hash_of(address);
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
  const auto append = [&](std::span<const std::span<const CommittedAccount>> segments, StateDiff& to) {
    std::size_t count = 0;
    for (const std::span<const CommittedAccount> accounts : segments) count += accounts.size();
    to.reserve(count, 0);
    for (const std::span<const CommittedAccount> accounts : segments) {
      for (const CommittedAccount& account : accounts)
        if (!account.superseded && !journal.knows(account.entry->address)) add_difference(account, to);
    }
  };
  const std::span<const std::span<const CommittedAccount>> all = segments_;
  const std::size_t workers = std::min<std::size_t>(pool.size(), all.size() / kSegmentsOfWorker);
  if (workers < 2) return append(all, diff);

  // Each takes the next share until none is left: a worker may come late, or not at all. From the end: an account that
  // all have changed, with all their slots, is with the last segment, and takes longest.
  const std::size_t shares = 4 * workers;
  std::vector<StateDiff> parts(shares);
  std::atomic<std::size_t> left{shares};
  pool.run(static_cast<unsigned>(workers), [&](unsigned) {
    // relaxed: the pool's end of the run orders everything.
    for (std::size_t part = left.fetch_sub(1, std::memory_order_relaxed); part - 1 < shares;
         part = left.fetch_sub(1, std::memory_order_relaxed)) {
      const std::size_t begin = all.size() * (part - 1) / shares;
      append(all.subspan(begin, all.size() * part / shares - begin), parts[part - 1]);
    }
  });
  for (StateDiff& part : parts) diff.append(std::move(part));
}

}  // namespace hocket
