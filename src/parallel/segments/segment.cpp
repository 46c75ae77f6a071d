#include "parallel/segments/segment.hpp"

#include "base/assert.hpp"

namespace hocket {
namespace {

/// Whether what was looked at in `entry` holds for `account`, which exists. As `matches` for the reads of single
/// transactions; `changed` is set to what does not.
bool holds(const AccountEntry& entry, const Account& account, ConflictCause& changed) noexcept {
  const Account seen = entry.base.value_or(Account{});
  const auto differs = [&](bool differ, ConflictCause cause) {
    if (differ) changed = cause;
    return differ;
  };
  const auto observed = [&](std::uint8_t what) { return (entry.observed & what) != 0; };
  const bool was_dead = !entry.base || seen.is_empty();
  return !differs(account.code_hash != seen.code_hash, ConflictCause::code) &&
         !differs(observed(kObservedNonce) && account.nonce != seen.nonce, ConflictCause::nonce) &&
         !differs(
             observed(kObservedBalance) ? account.balance != seen.balance : account.balance < entry.observed_at_least,
             ConflictCause::balance) &&
         !differs(observed(kObservedExistence) && !entry.base, ConflictCause::balance) &&
         !differs(observed(kObservedNotEmpty) && account.is_empty(), ConflictCause::balance) &&
         !differs(observed(kObservedDeath) && account.is_empty() != was_dead, ConflictCause::balance) &&
         !differs(observed(kObservedStorage) && account.has_storage != seen.has_storage,
                  ConflictCause::cleared_storage);
}

}  // namespace

void Segment::execute(TxnIndex first, TxnIndex end, const Surroundings& of, const CommittedSegments& committed,
                      const StateView& base, const std::atomic<bool>* cancelled, bool predicts_nonces, Evm& evm,
                      unsigned worker) {
  first_ = first;
  end_ = end;
  gas_used_ = 0;
  failed_ = fit_ = false;
  view_.begin(committed, base, cancelled);
  journal_.reset(view_);
  std::uint64_t begun = RealSync::ticks();
  for (TxnIndex txn = first; txn < end; ++txn) {
    ActivityRecorder recorder(of.timeline, worker, txn, ActivityKind::execute);
    const Transaction& transaction = of.transactions[txn];
    if (predicts_nonces) view_.predict_nonce(transaction.sender, transaction.nonce);
    auto outcome = execution_.start(transaction, *of.block, evm, journal_, {.usage = {}, .defers_fee = false});
    if (!outcome) {
      failed_ = true;
      return;
    }
    gas_used_ += outcome->gas_used;
    of.receipts[txn] = make_receipt(transaction.type, *std::move(outcome), 0);
    const std::uint64_t now = RealSync::ticks();
    of.plan->note_cost(txn, now - begun, of.receipts[txn].logs.size());
    begun = now;
    recorder.end(ActivityEnd::done);
  }
  fit_ = prepare();
}

/// While everything is at hand: what it will add, if nothing changes. False: it is not fit.
bool Segment::prepare() {
  const SegmentView::Reads& reads = view_.reads();
  const std::size_t account_count = journal_.account_count();
  accounts_.clear();
  accounts_.reserve(account_count);  // nodes must not move
  account_spots_.clear();
  node_of_account_.assign(account_count, nullptr);
  for (std::size_t i = 0; i < account_count; ++i) {
    const AccountEntry& entry = journal_.account_entry(i);
    if (!entry.changed) continue;
    const Hash32& code_before = entry.base ? entry.base->code_hash : kEmptyCodeHash;
    if (entry.storage_epoch != 0 || entry.created_in != 0 || entry.code_hash != code_before) return false;
    if (!entry.exists) {
      if (entry.base) return false;
      continue;
    }
    CommittedAccount& node = accounts_.emplace_back();
    node_of_account_[i] = &node;
    node.entry = &entry;
    account_spots_.push_back(reads.accounts[i].spot);
    put_on(node, reads.accounts[i].found);
  }
  const std::size_t slot_count = journal_.slot_count();
  slots_.clear();
  slots_.reserve(slot_count);
  slot_spots_.clear();
  node_of_slot_.assign(slot_count, nullptr);
  for (std::size_t i = 0; i < slot_count; ++i) {
    const SlotEntry& entry = journal_.slot_entry(i);
    if (!entry.from_view) return false;
    if (entry.current == entry.base) continue;
    CommittedSlot& node = slots_.emplace_back();
    node_of_slot_[i] = &node;
    node.entry = &entry;
    node.put_on(reads.slots[i].found);
    slot_spots_.push_back(reads.slots[i].spot);
    CommittedAccount* account = node_of_account_[entry.account->index];
    HOCKET_ASSERT(account != nullptr);
    node.next_of_account = account->slots;
    account->slots = &node;
  }
  return true;
}

/// `older`: the newest of the same account, or nullptr. Others may have added to the balance and taken from it since
/// the entry was loaded.
void Segment::put_on(CommittedAccount& node, const CommittedAccount* older) const {
  const AccountEntry& entry = *node.entry;
  const Account seen = entry.base.value_or(Account{});
  const Account& before = older != nullptr ? older->now : seen;
  // Its owner is whoever commits, like everything that is not found through `next`.
  node.older = const_cast<CommittedAccount*>(older);
  node.first = older != nullptr ? older->first : &entry;
  node.now = {.nonce = entry.nonce_written ? entry.nonce : before.nonce,
              .balance = before.balance + (entry.balance - seen.balance),
              .code_hash = entry.code_hash,
              .has_storage = before.has_storage};
}

Segment::Verdict Segment::judge(const CommittedSegments& committed, ConflictCause& changed) {
  // Before anything is concluded from what the execution did: it may have seen what never was.
  const SegmentView::Reads& reads = view_.reads();
  newer_accounts_.clear();
  for (std::size_t i = 0; i < reads.accounts.size(); ++i) {
    const auto& read = reads.accounts[i];
    const bool was_foreseen = read.spot.list == nullptr;
    if (!was_foreseen && read.spot.head() == read.head) [[likely]]
      continue;
    const AccountEntry& entry = journal_.account_entry(i);
    const auto spot = was_foreseen ? committed.spot_of(entry.address) : read.spot;
    const CommittedAccount* now = CommittedSegments::find(spot, spot.head(), entry.address);
    if (now == read.found && !was_foreseen) continue;
    if (now == nullptr) {  // a nonce was foreseen, and nobody has raised it
      changed = ConflictCause::nonce;
      return Verdict::changed;
    }
    if (!holds(entry, now->now, changed)) return Verdict::changed;
    newer_accounts_.emplace_back(i, now);
  }
  newer_slots_.clear();
  // Slots of contracts that are being made have an entry and no read.
  const bool all_were_read = reads.slots.size() == journal_.slot_count();
  std::size_t next_entry = 0;
  std::size_t reads_before = 0;
  const auto entry_of_read = [&](std::size_t read) -> const SlotEntry& {
    if (all_were_read) [[likely]]
      return journal_.slot_entry(read);
    for (;;) {
      const SlotEntry& entry = journal_.slot_entry(next_entry++);
      if (entry.from_view && reads_before++ == read) return entry;
    }
  };
  for (std::size_t i = 0; i < reads.slots.size(); ++i) {
    const auto& read = reads.slots[i];
    const CommittedSlot* head = read.spot.head();
    if (head == read.head) [[likely]]
      continue;
    const SlotEntry& entry = entry_of_read(i);
    const CommittedSlot* now = CommittedSegments::find(read.spot, head, entry.account->address, entry.slot);
    if (now == read.found) continue;
    if (now->entry->current != entry.base) {
      changed = ConflictCause::slot;
      return Verdict::changed;
    }
    newer_slots_.emplace_back(i, now);
  }
  if (failed_) return Verdict::failed;
  return fit_ ? Verdict::holds : Verdict::unfit;
}

void Segment::commit(CommittedSegments& committed) {
  for (const auto& [i, newer] : newer_accounts_) {
    CommittedAccount* node = node_of_account_[i];
    if (node == nullptr) continue;
    put_on(*node, newer);
    account_spots_[static_cast<std::size_t>(node - accounts_.data())] = committed.spot_of(node->entry->address);
  }
  for (const auto& [i, newer] : newer_slots_)
    if (node_of_slot_[i] != nullptr) node_of_slot_[i]->put_on(newer);
  // Everything but the list is written before anybody finds it.
  for (std::size_t i = 0; i < accounts_.size(); ++i) {
    CommittedAccount& node = accounts_[i];
    if (node.older != nullptr) node.older->superseded = true;
    CommittedSegments::add(account_spots_[i], node);
  }
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    CommittedSlot& node = slots_[i];
    if (node.older != nullptr) node.older->superseded = true;
    CommittedSegments::add(slot_spots_[i], node);
  }
  committed.add_segment(accounts_);
}

}  // namespace hocket
