#include "parallel/segments/segment.hpp"

#include "base/assert.hpp"

#include <algorithm>

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
         !differs(account.balance.is_negative() && !seen.balance.is_negative(), ConflictCause::balance) &&
         !differs(observed(kObservedExistence) && !entry.base, ConflictCause::balance) &&
         !differs(observed(kObservedNotEmpty) && account.is_empty(), ConflictCause::balance) &&
         !differs(observed(kObservedDeath) && account.is_empty() != was_dead, ConflictCause::balance) &&
         !differs(observed(kObservedStorage) && account.has_storage != seen.has_storage,
                  ConflictCause::cleared_storage);
}

/// As the segment has met it.
const Hash32& code_before(const AccountEntry& entry) noexcept {
  return entry.base ? entry.base->code_hash : kEmptyCodeHash;
}

/// Transactions ahead whose memory is asked for, and that of their receipts: nobody has touched it lately.
constexpr TxnIndex kAhead = 2;

void ask_for(const Transaction& transaction) noexcept {
  const char* bytes = reinterpret_cast<const char*>(&transaction);
  for (std::size_t at = 0; at < sizeof(transaction); at += 64) __builtin_prefetch(bytes + at);
}
void ask_for(const Receipt& receipt) noexcept {
  const char* bytes = reinterpret_cast<const char*>(&receipt);
  for (std::size_t at = 0; at < sizeof(receipt); at += 64) __builtin_prefetch(bytes + at, 1);
}

}  // namespace

void Segment::execute(TxnIndex first, TxnIndex end, const Surroundings& of, LocationFilter& known,
                      const StateView& base, const std::atomic<bool>* cancelled, bool predicts_nonces, Evm& evm,
                      Arena& nodes, unsigned worker) {
  first_ = first;
  end_ = end;
  nodes_ = {};
  nodes_.worker = worker;
  gas_used_ = ticks_ = 0;
  failed_ = fit_ = false;
  known.catch_up();
  view_.begin(known, base, cancelled);
  journal_.reset(view_);
  std::uint64_t begun = RealSync::ticks();
  for (TxnIndex txn = first; txn < end; ++txn) {
    ActivityRecorder recorder(of.timeline, worker, txn, ActivityKind::execute);
    if (txn + kAhead < end) {
      ask_for(of.transactions[txn + kAhead]);
      ask_for(of.receipts[txn + kAhead]);
    }
    const Transaction& transaction = of.transactions[txn];
    if (predicts_nonces) view_.predict_nonce(transaction.sender, transaction.nonce);
    auto outcome = execution_.start(transaction, *of.block, evm, journal_, {.usage = {}, .defers_fee = false});
    if (!outcome) {
      failed_ = true;
      return;
    }
    gas_used_ += outcome->gas_used;
    fill_receipt(transaction.type, *std::move(outcome), 0, of.receipts[txn]);
    const std::uint64_t now = RealSync::ticks();
    of.plan->note_cost(txn, now - begun, of.receipts[txn].gas_used, of.receipts[txn].logs.size());
    ticks_ += now - begun;
    begun = now;
    recorder.end(ActivityEnd::done);
  }
  fit_ = prepare(known.committed(), nodes);
}

/// While everything is at hand: what it will add, if nothing changes. False: it is not fit.
bool Segment::prepare(const CommittedSegments& committed, Arena& nodes) {
  const SegmentView::Reads& reads = view_.reads();
  const std::size_t account_count = journal_.account_count();
  std::size_t count = 0;
  for (std::size_t i = 0; i < account_count; ++i) {
    const AccountEntry& entry = journal_.account_entry(i);
    if (!entry.changed) continue;
    if (entry.storage_epoch != 0) return false;
    if (entry.exists)
      ++count;
    else if (entry.base)
      return false;
  }
  nodes_.accounts = {nodes.allocate_array<CommittedAccount>(count), count};
  nodes_.account_hashes = {nodes.allocate_array<std::uint64_t>(count), count};
  node_of_account_.assign(account_count, nullptr);
  for (std::size_t i = 0, next = 0; next < count; ++i) {
    const AccountEntry& entry = journal_.account_entry(i);
    if (!entry.changed || !entry.exists) continue;
    nodes_.account_hashes[next] = reads.accounts[i].hash;
    CommittedAccount& node = *::new (&nodes_.accounts[next++]) CommittedAccount;
    node_of_account_[i] = &node;
    node.address = entry.address;
    if (entry.has_code() && entry.code_hash != code_before(entry)) {
      // The journal's own is gone with the segment.
      const std::span copy{nodes.allocate_array<std::uint8_t>(entry.code.size()), entry.code.size()};
      std::ranges::copy(entry.code, copy.begin());
      node.code = copy;
    }
    put_on(node, entry, reads.accounts[i].found);
  }

  const std::size_t slot_count = journal_.slot_count();
  count = 0;
  for (std::size_t i = 0; i < slot_count; ++i) {
    const SlotEntry& entry = journal_.slot_entry(i);
    if (entry.current != entry.base) ++count;
  }
  nodes_.slots = {nodes.allocate_array<CommittedSlot>(count), count};
  nodes_.slot_hashes = {nodes.allocate_array<std::uint64_t>(count), count};
  node_of_slot_.assign(reads.slots.size(), nullptr);
  for (std::size_t i = 0, next = 0, next_read = 0; next < count; ++i) {
    const SlotEntry& entry = journal_.slot_entry(i);
    // A contract that the segment has made has slots that nobody was asked for, and nobody has written before.
    const std::size_t read_number = entry.from_view ? next_read++ : reads.slots.size();
    if (entry.current == entry.base) continue;
    CommittedAccount* account = node_of_account_[entry.account->index];
    HOCKET_ASSERT(account != nullptr);
    CommittedSlot& node = *::new (&nodes_.slots[next]) CommittedSlot;
    node.account = account;
    node.slot = entry.slot;
    node.now = entry.current;
    node.before = entry.base;
    if (entry.from_view) {
      const auto& read = reads.slots[read_number];
      nodes_.slot_hashes[next] = read.hash;
      if (read.found != nullptr) node.put_on(*read.found);
      node_of_slot_[read_number] = &node;
    } else {
      nodes_.slot_hashes[next] = committed.hash_of(account->address, entry.slot);
    }
    ++next;
    node.next_of_account = account->slots;
    account->slots = &node;
  }
  return true;
}

/// `older`: the newest of the same account, or nullptr. Others may have added to the balance and taken from it since
/// the entry was loaded.
void Segment::put_on(CommittedAccount& node, const AccountEntry& entry, const CommittedAccount* older) {
  const Account seen = entry.base.value_or(Account{});
  const Account& newest = older != nullptr ? older->now : seen;
  // Its owner is whoever commits.
  node.older = const_cast<CommittedAccount*>(older);
  if (older != nullptr && entry.code_hash == code_before(entry)) node.code = older->code;
  node.before = older != nullptr ? older->before : entry.base;
  node.now = {.nonce = entry.nonce_written ? entry.nonce : newest.nonce,
              .balance = newest.balance + (entry.balance - seen.balance),
              .code_hash = entry.code_hash,
              .has_storage = newest.has_storage};
}

Segment::Verdict Segment::judge(LocationFilter& known, ConflictCause& changed) {
  // Before anything is concluded from what the execution did: it may have seen what never was.
  const SegmentView::Reads& reads = view_.reads();
  known.catch_up();
  newer_accounts_.clear();
  for (std::size_t i = 0; i < reads.accounts.size(); ++i) {
    const auto& read = reads.accounts[i];
    const bool may_be_there = known.may_hold_account(read.hash);
    if (!may_be_there && !read.foreseen) [[likely]]
      continue;
    const AccountEntry& entry = journal_.account_entry(i);
    const CommittedAccount* now = may_be_there ? known.committed().find(read.hash, entry.address) : nullptr;
    if (now == read.found && !read.foreseen) continue;
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
    if (!known.may_hold_slot(read.hash)) [[likely]]
      continue;
    const SlotEntry& entry = entry_of_read(i);
    const CommittedSlot* now = known.committed().find(read.hash, entry.account->address, entry.slot);
    if (now == read.found) continue;
    if (now->now != entry.base) {
      changed = ConflictCause::slot;
      return Verdict::changed;
    }
    newer_slots_.emplace_back(i, now);
  }
  if (failed_) return Verdict::failed;
  return fit_ ? Verdict::holds : Verdict::unfit;
}

void Segment::commit(CommittedSegments& committed) {
  for (const auto& [i, newer] : newer_accounts_)
    if (node_of_account_[i] != nullptr) put_on(*node_of_account_[i], journal_.account_entry(i), newer);
  for (const auto& [i, newer] : newer_slots_)
    if (node_of_slot_[i] != nullptr) node_of_slot_[i]->put_on(*newer);
  committed.add(nodes_);
}

}  // namespace hocket
