// Following: the slots of which an execution's operations are recorded, and what of that is done again at commitment,
// where others have changed them. A template, because the simulator brings its own atomics.
#pragma once

#include "evm/operation_log.hpp"
#include "parallel/read_set.hpp"

#include <algorithm>
#include <span>
#include <vector>

namespace hocket {

enum class Redone : std::uint8_t {
  nothing,       // the slots are what they were
  values,        // what depends on them is another value now
  observed,      // and somebody above has looked at one
  not_possible,  // the execution would have taken another way
};

/// Thread safety: none; one transaction's.
template <class Sync = RealSync>
class Following {
 public:
  OperationLog log;

  /// After an execution on `journal`, which was published in `writes`.
  void note_places(const Journal& journal, const WriteSet<Sync>& writes);
  /// After one that came to nothing.
  void forget() noexcept;
  /// Requires: the turn of `txn` has come, and its other reads hold.
  Redone redo(MvMemory<Sync>& memory, TxnIndex txn, ReadSet<Sync>& reads, unsigned worker);
  /// Of the last time: which of the reads of slots had changed.
  std::span<const std::uint32_t> changed() const noexcept { return changed_; }

 private:
  struct Rewrite {
    SlotLocation<Sync>* at;
    OperationLog::Value value;
  };

  std::vector<std::uint32_t> reads_of_loads_;  // for each load of the log, its number among the reads of slots
  std::vector<Rewrite> rewrites_;
  std::vector<std::uint32_t> changed_;
  std::vector<u256> now_;  // while something is done again: what each load gives
};

template <class Sync>
void Following<Sync>::note_places(const Journal& journal, const WriteSet<Sync>& writes) {
  rewrites_.clear();
  reads_of_loads_.assign(log.loads().size(), ~std::uint32_t{0});
  for (std::uint32_t i = 0, read = 0; i < journal.slot_count(); ++i) {
    const SlotEntry& entry = journal.slot_entry(i);
    if (!entry.from_view) continue;
    const auto load = std::ranges::find(log.loads(), &entry, &OperationLog::Load::slot);
    if (load != log.loads().end()) reads_of_loads_[static_cast<std::size_t>(load - log.loads().begin())] = read;
    ++read;
  }
  for (std::size_t i = 0; i < log.stores().size(); ++i) {
    const auto& [slot, value] = log.stores()[i];
    if (value.made_by == OperationLog::kNone || !log.is_last_of_slot(i)) continue;
    // One that holds what it held before the transaction is not among them, and will not be: that decides its price.
    const auto at = std::ranges::find_if(writes.slots, [&](const auto* written) {
      return written->slot == slot->slot && written->account->address == slot->account->address;
    });
    if (at != writes.slots.end()) rewrites_.push_back({.at = *at, .value = value});
  }
}

template <class Sync>
void Following<Sync>::forget() noexcept {
  log.give_up();
  reads_of_loads_.clear();
  rewrites_.clear();
}

template <class Sync>
Redone Following<Sync>::redo(MvMemory<Sync>& memory, TxnIndex txn, ReadSet<Sync>& reads, unsigned worker) {
  now_.clear();
  changed_.clear();
  for (const std::uint32_t read : reads_of_loads_) now_.push_back(reads.slots[read]);
  bool all_loaded = true;
  for (const std::uint32_t read : reads.followed) {
    SlotValue now;
    if (memory.read(*reads.slot_stamps[read].at, txn, now, worker, false)) return Redone::not_possible;
    if (now.value == reads.slots[read]) continue;
    changed_.push_back(read);
    const auto load = std::ranges::find(reads_of_loads_, read);
    if (load == reads_of_loads_.end())
      all_loaded = false;
    else
      now_[static_cast<std::size_t>(load - reads_of_loads_.begin())] = now.value;
  }
  if (changed_.empty()) return Redone::nothing;
  if (!all_loaded || !log.redo(now_)) return Redone::not_possible;
  for (std::size_t i = 0; i < now_.size(); ++i) reads.slots[reads_of_loads_[i]] = now_[i];
  bool observed = false;
  for (const Rewrite& rewrite : rewrites_)
    observed |= memory.write(
        *rewrite.at, {.txn = txn, .kind = SlotVersionKind::value, .value = log.value_of(rewrite.value)}, worker);
  return observed ? Redone::observed : Redone::values;
}

}  // namespace hocket
