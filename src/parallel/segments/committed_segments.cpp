#include "parallel/segments/committed_segments.hpp"

#include "base/address_hash.hpp"

#include <algorithm>
#include <bit>

namespace hocket {
namespace {

/// Fewer are not worth a worker.
constexpr std::size_t kSegmentsOfWorker = 8;
/// The lists that nodes go to are asked for so many nodes before.
constexpr std::size_t kAhead = 8;
/// So that who is done early can help.
constexpr std::size_t kPartsOfWorker = 4;

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
    if (!slot->superseded && slot->now != slot->before) use(*slot);
}

bool is_shared(const CommittedAccount& account) noexcept { return account.superseded || account.older != nullptr; }

/// Adds the account itself, if it is not as it was or `always`. nullptr: it is not there.
AccountDiff* add_account(const CommittedAccount& account, bool always, StateDiff& diff) {
  const std::optional<Account>& before = account.before;
  const bool has_code_of_old = before && account.now.code_hash == before->code_hash;
  if (!always && has_code_of_old && account.now.nonce == before->nonce && account.now.balance == before->balance)
    return nullptr;
  AccountDiff& change = diff.add(account.address);
  change.account =
      Account{.nonce = account.now.nonce, .balance = account.now.balance, .code_hash = account.now.code_hash};
  if (!account.code.empty() && !has_code_of_old) diff.set_code(account.code);
  return &change;
}

/// Adds what became of an account that one segment has changed. As Journal::diff says it.
void add_difference(const CommittedAccount& account, StateDiff& diff) {
  AccountDiff* change = add_account(account, false, diff);
  for_each_difference(account, [&](const CommittedSlot& slot) {
    if (change == nullptr) change = add_account(account, true, diff);
    diff.add_slot(slot.slot, slot.now);
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

  void add(std::span<const CommittedSegments::Segment* const> segments, const Journal& journal) {
    std::size_t count = 0;
    for (const auto* segment : segments) count += segment->accounts.size();
    diff.reserve(count, 0);
    for (const auto* segment : segments)
      for (const CommittedAccount& account : segment->accounts) add(account, journal);
  }

 private:
  void add(const CommittedAccount& account, const Journal& journal) {
    if (journal.knows(account.address)) return;
    if (!is_shared(account)) return add_difference(account, diff);
    std::size_t count = 0;
    for_each_difference(account, [&](const CommittedSlot&) { ++count; });
    auto& changes = slots.emplace_back(std::make_unique_for_overwrite<SlotChange[]>(count));
    account.differing = {changes.get(), count};
    SlotChange* next = changes.get();
    for_each_difference(account, [&](const CommittedSlot& slot) { *next++ = {slot.slot, slot.now}; });
    if (!account.superseded) shared.push_back(&account);
  }
};

}  // namespace

template <class Node>
void CommittedSegments::Table<Node>::reset(std::size_t wanted) {
  wanted = std::bit_ceil(std::max<std::size_t>(wanted, 64));
  if (wanted > size) {
    lists = std::make_unique<List<Node>[]>(wanted);
    size = wanted;
  } else {
    // relaxed: nobody reads yet.
    for (std::size_t i = 0; i < wanted; ++i) {
      lists[i].head.store(nullptr, std::memory_order_relaxed);
      lists[i].bits.store(0, std::memory_order_relaxed);
    }
  }
  mask = wanted - 1;
}

/// In front.
template <class Node>
void CommittedSegments::Table<Node>::add_all(std::span<Node> nodes, std::span<const std::uint64_t> hashes) noexcept {
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (i + kAhead < nodes.size()) __builtin_prefetch(&lists[hashes[i + kAhead] & mask], 1);
    add(nodes[i], hashes[i]);
  }
}

template <class Node>
void CommittedSegments::Table<Node>::add(Node& node, std::uint64_t hash) noexcept {
  List<Node>& list = lists[hash & mask];
  if (node.older != nullptr) node.older->superseded = true;
  node.next = list.head.load(std::memory_order_relaxed);
  // The bit first: whoever finds the node finds its bit too. relaxed: the release below orders it.
  list.bits.store(list.bits.load(std::memory_order_relaxed) | bit_of(hash), std::memory_order_relaxed);
  // release: who finds the node reads it, and what it points to.
  list.head.store(&node, std::memory_order_release);
}

void CommittedSegments::reset(std::size_t most_segments, unsigned workers, std::size_t expected_accounts,
                              std::size_t expected_slots, unsigned hash_bits) {
  accounts_.reset(expected_accounts);
  slots_.reset(expected_slots);
  hash_mask_ = hash_bits >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << hash_bits) - 1;
  segments_.resize(most_segments);
  count_.store(0, std::memory_order_relaxed);
  while (filters_.size() < workers) filters_.push_back(std::make_unique<LocationFilter>());
}

std::uint64_t CommittedSegments::hash_of(const Address& address) const noexcept {
  return seeded_hash(address) & hash_mask_;
}

std::uint64_t CommittedSegments::hash_of(const Address& address, const u256& slot) const noexcept {
  const HashSeed& seed = hash_seed();
  const std::uint64_t account = seeded_hash(address);
  return (fold_multiply(slot.limbs[0] ^ seed.words[0] ^ account, slot.limbs[1] ^ seed.words[1]) ^
          fold_multiply(slot.limbs[2] ^ seed.words[2], slot.limbs[3] ^ seed.words[3])) &
         hash_mask_;
}

void CommittedSegments::add(const Segment& segment) noexcept {
  accounts_.add_all(segment.accounts, segment.account_hashes);
  slots_.add_all(segment.slots, segment.slot_hashes);
  const std::size_t number = count_.load(std::memory_order_relaxed);
  segments_[number] = segment;
  // release: whoever counts it reads it, and finds what is in it.
  count_.store(number + 1, std::memory_order_release);
}

void CommittedSegments::adopt(const Address& address, Journal& journal) const {
  const CommittedAccount* account = find(hash_of(address), address);
  if (account == nullptr) return;
  AccountEntry& entry = journal.adopt_account(address, account->before, account->now, false,
                                              account->code.empty() ? std::nullopt : std::optional{account->code});
  for_each_slot(*account,
                [&](const CommittedSlot& slot) { journal.adopt_slot(entry, slot.slot, slot.before, slot.now); });
}

void CommittedSegments::append_others(const Journal& journal, WorkerPool& pool, StateDiff& diff) const {
  // Accounts of one segment are added by the part that the segment falls to. Of those that several have changed, each
  // part makes its share of the slots, and whoever called puts the shares together: one token's are most of a block.
  const std::span segments{segments_.data(), count()};
  const std::size_t workers =
      std::clamp<std::size_t>(segments.size() / kSegmentsOfWorker, 1, std::max(pool.size(), 1u));
  // The segments by who has executed them, whose core has what is read here.
  std::vector<std::vector<const Segment*>> of_worker(workers);
  for (const Segment& segment : segments) of_worker[segment.worker % workers].push_back(&segment);
  std::vector<Part> parts(workers == 1 ? 1 : kPartsOfWorker * workers);
  const std::size_t parts_of_worker = parts.size() / workers;
  std::vector<std::atomic<std::size_t>> next(workers);
  pool.run(static_cast<unsigned>(workers), [&](unsigned index) {
    // Each takes the next part until none is left, its own first: a worker may come late, or not at all.
    // relaxed: the pool's end of the run orders everything.
    for (std::size_t worker = 0; worker < workers; ++worker) {
      const std::size_t owner = (index + worker) % workers;
      const auto& owned = of_worker[owner];
      for (std::size_t i = next[owner].fetch_add(1, std::memory_order_relaxed); i < parts_of_worker;
           i = next[owner].fetch_add(1, std::memory_order_relaxed)) {
        const std::size_t begin = owned.size() * i / parts_of_worker;
        parts[owner * parts_of_worker + i].add(
            std::span{owned}.subspan(begin, owned.size() * (i + 1) / parts_of_worker - begin), journal);
      }
    }
  });
  for (Part& part : parts) diff.append(std::move(part.diff));
  StateDiff shared;
  for (const Part& part : parts)
    for (const CommittedAccount* account : part.shared) add_shared(*account, shared);
  diff.append(std::move(shared));
}

}  // namespace hocket
