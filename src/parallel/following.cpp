#include "parallel/following.hpp"

#include <algorithm>

namespace hocket {

void Following::note_places(const Journal& journal, const WriteSet<>& writes) {
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

void Following::forget() noexcept {
  log.give_up();
  reads_of_loads_.clear();
  rewrites_.clear();
}

Redone Following::redo(MvMemory<>& memory, TxnIndex txn, ReadSet<>& reads, unsigned worker) {
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
