// CommittedSegments: what the segments of a block that are committed have made of the state. A location's values form a
// list, the newest first, to which the committing worker adds in front; so readers need no lock. Nearly always a worker
// knows by a filter of its own that a location is in no list: see LocationFilter.
#pragma once

#include "parallel/executed_state.hpp"
#include "parallel/segments/location_filter.hpp"

#include <atomic>
#include <memory>
#include <optional>
#include <span>

namespace hocket {

struct CommittedSlot;

/// What one segment left of an account. Accounts that a segment has deleted are not here: such blocks are executed
/// otherwise.
struct CommittedAccount {
  const CommittedAccount* next = nullptr;  // of the same list
  CommittedAccount* older = nullptr;       // the same account by an earlier segment
  CommittedSlot* slots = nullptr;          // of this account, by this segment
  /// The segment's part of the slots that differ in the end, where several have changed the account.
  mutable std::span<const SlotChange> differing;
  Address address;
  Account now;
  std::optional<Account> before;  // the block
  BytesView code;                 // if the block has set it, and not to nothing
  bool superseded = false;        // a later segment changed it too; only for whoever commits, and after the block
};

struct CommittedSlot {
  const CommittedSlot* next = nullptr;
  CommittedSlot* older = nullptr;
  CommittedSlot* next_of_account = nullptr;
  const CommittedAccount* account = nullptr;  // of the same segment
  u256 slot;
  u256 now;
  u256 before;  // the block
  bool superseded = false;

  /// `newest`: of the same slot.
  void put_on(const CommittedSlot& newest) noexcept {
    // Its owner is whoever commits, like everything that is not found through `next`.
    older = const_cast<CommittedSlot*>(&newest);
    before = newest.before;
  }
};

/// Thread safety: any number of readers beside one who adds; a filter is one worker's; the rest while nobody is active.
class CommittedSegments final : public ExecutedState {
 public:
  struct Segment {
    std::span<CommittedAccount> accounts;
    std::span<CommittedSlot> slots;
    // The hashes of the nodes' locations.
    std::span<std::uint64_t> account_hashes;
    std::span<std::uint64_t> slot_hashes;
    unsigned worker = 0;  // who has executed it
  };

  /// Empty, for so many segments and workers at most, with room for about so many locations. `hash_bits`: of a
  /// location's hash; tests use few.
  void reset(std::size_t most_segments, unsigned workers, std::size_t expected_accounts, std::size_t expected_slots,
             unsigned hash_bits);

  std::uint64_t hash_of(const Address& address) const noexcept;
  std::uint64_t hash_of(const Address& address, const u256& slot) const noexcept;

  /// The newest value of the location, or nullptr.
  const CommittedAccount* find(std::uint64_t hash, const Address& address) const noexcept {
    return find(accounts_, hash, [&](const CommittedAccount& node) { return node.address == address; });
  }
  const CommittedSlot* find(std::uint64_t hash, const Address& address, const u256& slot) const noexcept {
    return find(slots_, hash,
                [&](const CommittedSlot& node) { return node.slot == slot && node.account->address == address; });
  }

  /// In the order of the block, its nodes all set; they must stay where they are. One caller at a time.
  void add(const Segment& segment) noexcept;
  std::size_t count() const noexcept {
    // acquire: what is in the segments is read.
    return count_.load(std::memory_order_acquire);
  }
  /// Requires: there are more.
  const Segment& segment(std::size_t number) const noexcept { return segments_[number]; }

  /// What a worker knows to be here; to be begun by the worker.
  LocationFilter& filter(unsigned worker) noexcept { return *filters_[worker]; }

  void adopt(const Address& address, Journal& journal) const override;
  void append_others(const Journal& journal, WorkerPool& pool, StateDiff& diff) const override;

 private:
  /// What locations of neighbouring hashes have become. The bits say nearly always that a location is not among them,
  /// without a look at nodes that another core has written.
  template <class Node>
  struct alignas(16) List {
    std::atomic<Node*> head{nullptr};
    std::atomic<std::uint64_t> bits{0};  // of all that are in the list
  };
  template <class Node>
  struct Table {
    std::unique_ptr<List<Node>[]> lists;
    std::size_t size = 0;
    std::size_t mask = 0;

    void reset(std::size_t wanted);
    void add_all(std::span<Node> nodes, std::span<const std::uint64_t> hashes) noexcept;
    void add(Node& node, std::uint64_t hash) noexcept;
  };
  static std::uint64_t bit_of(std::uint64_t hash) noexcept { return std::uint64_t{1} << (hash >> 58); }

  template <class Node, class IsIt>
  static const Node* find(const Table<Node>& table, std::uint64_t hash, IsIt&& is_it) noexcept {
    const List<Node>& list = table.lists[hash & table.mask];
    // acquire: what is found was written before it was added.
    const Node* node = list.head.load(std::memory_order_acquire);
    if (node == nullptr || (list.bits.load(std::memory_order_relaxed) & bit_of(hash)) == 0) return nullptr;
    while (node != nullptr && !is_it(*node)) node = node->next;
    return node;
  }

  Table<CommittedAccount> accounts_;
  Table<CommittedSlot> slots_;
  std::uint64_t hash_mask_ = ~std::uint64_t{0};
  std::vector<Segment> segments_;
  std::atomic<std::size_t> count_{0};
  std::vector<std::unique_ptr<LocationFilter>> filters_;
};

}  // namespace hocket
