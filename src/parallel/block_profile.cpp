#include "parallel/block_profile.hpp"

#include "base/assert.hpp"
#include "parallel/adopt.hpp"
#include "parallel/mv_view.hpp"
#include "parallel/overlay_view.hpp"
#include "parallel/write_history.hpp"
#include "state/forwarding_view.hpp"
#include "transition/execute_transaction.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

namespace hocket {
namespace {

using Clock = std::chrono::steady_clock;

/// Remembers when its reads came.
class TimedView final : public ForwardingView {
 public:
  using ForwardingView::ForwardingView;

  void begin() {
    begun_ = Clock::now();
    accounts_.clear();
    slots_.clear();
  }
  std::chrono::nanoseconds elapsed() const { return Clock::now() - begun_; }
  std::chrono::nanoseconds account_read_at(std::size_t i) const { return accounts_[i]; }
  std::chrono::nanoseconds slot_read_at(std::size_t i) const { return slots_[i]; }

  StateRead<std::optional<Account>> account(const Address& address) const override {
    accounts_.push_back(elapsed());
    return ForwardingView::account(address);
  }
  StateRead<u256> storage(const Address& address, const u256& slot) const override {
    slots_.push_back(elapsed());
    return ForwardingView::storage(address, slot);
  }

 private:
  Clock::time_point begun_;
  mutable std::vector<std::chrono::nanoseconds> accounts_;
  mutable std::vector<std::chrono::nanoseconds> slots_;
};

/// What of an account, or a slot, is a location.
enum class Part : std::uint8_t { balance, nonce, code, existence, death, storage, cleared, slot };

class Profiler {
 public:
  Profiler(const BlockEnvironment& block, const StateView& base, std::size_t transactions, ProgramCache& programs)
      : block_(block), evm_(programs), view_(memory_), timed_(view_), journal_(timed_) {
    memory_.reset(base, 8 * transactions, 1);
    evm_.begin_block(*block.spec, block.context);
  }

  std::optional<TransactionFailure> add(TxnIndex txn, const Transaction& transaction, BlockProfile& profile) {
    view_.begin(txn, reads_, 0, {.wait = false, .early_abort = false});
    journal_.reset(timed_);
    timed_.begin();
    const auto outcome = execute_transaction(transaction, block_, evm_, journal_);
    const std::chrono::nanoseconds duration = timed_.elapsed();
    if (!outcome) return outcome.error();
    view_.collect_reads(journal_);
    writes_.clear();
    view_.publish_writes(journal_, writes_);

    TransactionProfile made;
    made.cost = outcome->gas_used;
    if (const auto kind = TransactionKind::of(transaction)) {
      made.kind = kinds_.try_emplace({kind->target, kind->selector}, kinds_.size() + 1).first->second;
      TxnIndex& last = last_calls_[{transaction.sender, kind->target}];
      made.predecessor = std::exchange(last, txn + 1);
    }
    const auto at = [&](std::chrono::nanoseconds time) {
      return static_cast<std::uint64_t>(static_cast<double>(made.cost) * static_cast<double>(time.count()) /
                                        static_cast<double>(std::max<std::int64_t>(duration.count(), 1)));
    };
    for (std::size_t i = 0; i < reads_.accounts.size(); ++i)
      add_reads(reads_.accounts[i], transaction.sender, at(timed_.account_read_at(i)), made);
    for (std::size_t i = 0; i < reads_.slots.size(); ++i) {
      const std::uint64_t time = at(timed_.slot_read_at(i));
      made.reads.push_back({location(reads_.slot_stamps[i].at, Part::slot), time});
      made.reads.push_back({location(reads_.slot_stamps[i].at->account, Part::cleared), time});
    }
    std::ranges::sort(made.reads, {}, &TransactionProfile::Read::at);
    for (auto* account : writes_.accounts) add_writes(*account, txn, transaction.sender, made);
    for (auto* slot : writes_.slots) made.writes.push_back({location(slot, Part::slot), false});
    fold_writes(memory_, txn + 1, writes_, 0);
    profile.transactions.push_back(std::move(made));
    profile.durations.push_back(duration);
    return std::nullopt;
  }

 private:
  std::uint32_t location(const void* at, Part part) {
    // A location's address is a multiple of 8: the part fits below.
    const auto key = reinterpret_cast<std::uintptr_t>(at) | static_cast<std::uintptr_t>(part);
    return locations_.try_emplace(key, static_cast<std::uint32_t>(locations_.size())).first->second;
  }

  void add_reads(const AccountRead<>& read, const Address& sender, std::uint64_t at, TransactionProfile& made) {
    const auto add = [&](Part part) { made.reads.push_back({location(read.at, part), at}); };
    add(Part::code);
    const u256& before = read.at->base.account.balance;
    if ((read.observed & kObservedBalance) || read.balance_at_least > before) add(Part::balance);
    const auto nonce_set_by = nonce_setters_.find(read.at);
    const bool predicted =
        read.at->address == sender && (nonce_set_by == nonce_setters_.end() || nonce_set_by->second == sender);
    if ((read.observed & kObservedNonce) && !predicted) add(Part::nonce);
    if (read.observed & kObservedExistence) add(Part::existence);
    if (read.observed & (kObservedDeath | kObservedNotEmpty)) add(Part::death);
    if (read.observed & kObservedStorage) add(Part::storage);
  }

  void add_writes(AccountLocation<RealSync>& at, TxnIndex txn, const Address& sender, TransactionProfile& made) {
    const auto add = [&](Part part, bool adds = false) { made.writes.push_back({location(&at, part), adds}); };
    const AccountVersion& version = *at.versions.find(txn);
    if (version.parts & kPartBalance) add(Part::balance, true);
    if (version.parts & kPartNonce) {
      add(Part::nonce);
      nonce_setters_[&at] = sender;
    }
    if (version.parts & kPartCode) add(Part::code);
    if (version.parts & kPartCleared) add(Part::cleared);
    AccountValue before;
    AccountValue after;
    const bool failed = memory_.read(at, txn, before, 0) || memory_.read(at, txn + 1, after, 0);
    HOCKET_ASSERT(!failed);  // it is loaded
    if (before.exists != after.exists) add(Part::existence);
    if (before.is_dead() != after.is_dead()) add(Part::death);
    if (before.account.has_storage != after.account.has_storage) add(Part::storage);
  }

  const BlockEnvironment& block_;
  Evm evm_;
  MvMemory<> memory_;
  MvView<> view_;
  TimedView timed_;
  Journal journal_;
  ReadSet<> reads_;
  WriteSet<> writes_;
  std::unordered_map<std::uintptr_t, std::uint32_t> locations_;
  std::map<std::pair<Address, std::uint32_t>, std::uint32_t> kinds_;  // by target and selector
  std::map<std::pair<Address, Address>, TxnIndex> last_calls_;        // index + 1 by sender and target
  /// The sender of the transaction that last set an account's nonce.
  std::unordered_map<const void*, Address> nonce_setters_;
};

}  // namespace

std::vector<TransactionProfile> BlockProfile::by_duration() const {
  std::vector<TransactionProfile> scaled = transactions;
  for (std::size_t i = 0; i < scaled.size(); ++i) {
    TransactionProfile& transaction = scaled[i];
    const auto duration = static_cast<std::uint64_t>(durations[i].count());
    for (auto& read : transaction.reads)
      read.at = static_cast<std::uint64_t>(static_cast<double>(read.at) * static_cast<double>(duration) /
                                           static_cast<double>(transaction.cost));
    transaction.cost = duration;
  }
  return scaled;
}

std::expected<ExecutedTransactions, BlockFailure> ProfilingExecutor::execute(
    const BlockEnvironment& block, std::span<const Transaction> transactions, Journal& journal,
    const IntermediateRoot& intermediate_root) {
  profile_ = {};
  const OverlayView base(journal.base(), journal.diff());
  {
    Profiler profiler(block, base, transactions.size(), programs_);
    for (std::size_t i = 0; i < transactions.size(); ++i)
      if (profiler.add(static_cast<TxnIndex>(i), transactions[i], profile_)) break;  // reported below
  }
  sequential_.evm().begin_block(*block.spec, block.context);
  return sequential_.execute(block, transactions, journal, intermediate_root);
}

}  // namespace hocket
