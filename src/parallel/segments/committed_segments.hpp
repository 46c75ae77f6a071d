// CommittedSegments: what the segments of a block that are committed have made of the state. A location's values form a
// list, the newest first, to which the committing worker adds in front; so readers need no lock, and a location that
// nobody has added to since is known by its list's head alone.
#pragma once

#include "parallel/executed_state.hpp"

#include <atomic>
#include <memory>
#include <span>

namespace hocket {

struct CommittedSlot;

/// What one segment left of an account. Accounts that a segment has deleted, and code that it has set, are not here:
/// such blocks are executed otherwise.
struct CommittedAccount {
  const CommittedAccount* next = nullptr;  // of the same list
  CommittedAccount* older = nullptr;       // the same account by an earlier segment
  const AccountEntry* entry = nullptr;     // who it is
  const AccountEntry* first = nullptr;     // of the first segment that changed it, which knows what it was before
  CommittedSlot* slots = nullptr;          // of this account, by this segment
  /// The segment's part of the slots that differ in the end, where several have changed the account.
  mutable std::span<const SlotChange> differing;
  Account now;
  bool superseded = false;  // a later segment changed it too; only for whoever commits, and after the block
};

struct CommittedSlot {
  const CommittedSlot* next = nullptr;
  CommittedSlot* older = nullptr;
  CommittedSlot* next_of_account = nullptr;
  const SlotEntry* entry = nullptr;  // which it is, and its value
  const u256* before = nullptr;      // its value before the block
  bool superseded = false;

  /// `newest`: of the same slot, or nullptr.
  void put_on(const CommittedSlot* newest) noexcept {
    // Its owner is whoever commits, like everything that is not found through `next`.
    older = const_cast<CommittedSlot*>(newest);
    before = older != nullptr ? older->before : &entry->base;
  }
};

/// Thread safety: any number of readers beside one who adds; the rest while nobody is active.
class CommittedSegments final : public ExecutedState {
 public:
  /// What locations of neighbouring hashes have become. The filter tells nearly always that a location is not among
  /// them, without a look at nodes that another core has written.
  template <class Node>
  struct alignas(16) List {
    std::atomic<const Node*> head{nullptr};
    std::atomic<std::uint64_t> filter{0};  // the bits of all that are in the list
  };
  /// Where a location's values are.
  template <class Node>
  struct Spot {
    List<Node>* list = nullptr;
    std::uint64_t bit = 0;

    /// acquire: what is found was written before it was added.
    const Node* head() const noexcept { return list->head.load(std::memory_order_acquire); }
    /// Whether the location may be in the list that began with `head`, which was loaded before.
    bool may_hold() const noexcept { return (list->filter.load(std::memory_order_relaxed) & bit) != 0; }
  };

  /// Empty, with room for about so many locations. `hash_bits`: of a location's hash, that choose its list; tests use
  /// few.
  void reset(std::size_t expected_accounts, std::size_t expected_slots, unsigned hash_bits);

  Spot<CommittedAccount> spot_of(const Address& address) const noexcept;
  Spot<CommittedSlot> spot_of(const Address& address, const u256& slot) const noexcept;

  /// The newest value in the list at `spot`, which began with `head`, or nullptr.
  static const CommittedAccount* find(const Spot<CommittedAccount>& spot, const CommittedAccount* head,
                                      const Address& address) noexcept {
    if (head == nullptr || !spot.may_hold()) return nullptr;
    while (head != nullptr && head->entry->address != address) head = head->next;
    return head;
  }
  static const CommittedSlot* find(const Spot<CommittedSlot>& spot, const CommittedSlot* head, const Address& address,
                                   const u256& slot) noexcept {
    if (head == nullptr || !spot.may_hold()) return nullptr;
    while (head != nullptr && (head->entry->slot != slot || head->entry->account->address != address))
      head = head->next;
    return head;
  }

  /// Adds in front. `node` must stay where it is. One caller at a time.
  template <class Node>
  static void add(const Spot<Node>& spot, Node& node) noexcept {
    node.next = spot.list->head.load(std::memory_order_relaxed);
    // The filter first: whoever finds the node finds its bit too. relaxed: the release below orders it.
    spot.list->filter.store(spot.list->filter.load(std::memory_order_relaxed) | spot.bit, std::memory_order_relaxed);
    // release: who finds the node reads it, and what it points to.
    spot.list->head.store(&node, std::memory_order_release);
  }

  /// The accounts of a segment, all of its nodes set; in the order of the block.
  void add_segment(std::span<const CommittedAccount> accounts) { segments_.push_back(accounts); }

  void adopt(const Address& address, Journal& journal) const override;
  void append_others(const Journal& journal, WorkerPool& pool, StateDiff& diff) const override;

 private:
  template <class Node>
  struct Table {
    std::unique_ptr<List<Node>[]> lists;
    std::size_t size = 0;
    std::size_t mask = 0;

    void reset(std::size_t wanted, unsigned hash_bits);
  };

  mutable Table<CommittedAccount> accounts_;
  mutable Table<CommittedSlot> slots_;
  std::vector<std::span<const CommittedAccount>> segments_;
};

}  // namespace hocket
