#include "parallel/transfer_block.hpp"

#include "base/address_hash.hpp"
#include "base/assert.hpp"
#include "parallel/plain_transfer.hpp"

#include <algorithm>
#include <bit>

namespace hocket {
namespace {

/// Transactions that are worth handing out together.
constexpr std::size_t kChunk = 1024;
constexpr std::size_t kShardsOfWorker = 4;
constexpr std::size_t kMaxShards = 256;

/// Hands `tasks` out to the pool's workers until one fails. False: one has.
template <class Task>
bool run_all(WorkerPool& pool, unsigned workers, std::size_t tasks, Task&& task) {
  std::atomic<std::size_t> next{0};
  std::atomic<bool> failed{false};
  // relaxed: the pool's end of the run orders everything.
  pool.run(workers, [&](unsigned worker) {
    while (!failed.load(std::memory_order_relaxed)) {
      const std::size_t taken = next.fetch_add(1, std::memory_order_relaxed);
      if (taken >= tasks) return;
      if (!task(taken, worker)) failed.store(true, std::memory_order_relaxed);
    }
  });
  return !failed.load(std::memory_order_relaxed);
}

}  // namespace

// --- accounts --------------------------------------------------------------------------------------------------------

void TransferBlock::Shard::clear(std::size_t expected_accounts) {
  accounts.clear();
  cells.assign(std::bit_ceil(2 * expected_accounts + 64), 0);
}

const TransferBlock::AccountState* TransferBlock::Shard::find(const Address& address,
                                                              std::uint32_t hash) const noexcept {
  const std::size_t mask = cells.size() - 1;
  for (std::size_t cell = hash & mask; cells[cell] != 0; cell = (cell + 1) & mask)
    if (accounts[cells[cell] - 1].address == address) return &accounts[cells[cell] - 1];
  return nullptr;
}

TransferBlock::AccountState* TransferBlock::Shard::find_or_load(const Address& address, std::uint32_t hash,
                                                                const StateView& base) {
  const std::size_t mask = cells.size() - 1;
  std::size_t cell = hash & mask;
  for (; cells[cell] != 0; cell = (cell + 1) & mask)
    if (accounts[cells[cell] - 1].address == address) return &accounts[cells[cell] - 1];
  const auto account = base.account(address);
  if (!account) return nullptr;
  AccountState& state = accounts.emplace_back();
  state.address = address;
  state.existed = account->has_value();
  if (*account) state.base = state.now = **account;
  cells[cell] = static_cast<std::uint32_t>(accounts.size());
  if (2 * accounts.size() > cells.size()) grow();
  return &accounts.back();
}

void TransferBlock::Shard::grow() {
  std::vector<std::uint32_t> larger(2 * cells.size());
  const std::size_t mask = larger.size() - 1;
  for (std::uint32_t i = 0; i < accounts.size(); ++i) {
    std::size_t cell = hash_of(accounts[i].address) & mask;
    while (larger[cell] != 0) cell = (cell + 1) & mask;
    larger[cell] = i + 1;
  }
  cells = std::move(larger);
}

std::uint32_t TransferBlock::hash_of(const Address& address) noexcept {
  return static_cast<std::uint32_t>(seeded_hash(address) >> 16);
}

// --- execution -------------------------------------------------------------------------------------------------------

bool TransferBlock::may_be(const BlockEnvironment& block, std::span<const Transaction> transactions) noexcept {
  return PlainTransfers::may_be_in(block) && std::ranges::all_of(transactions, may_be_plain_transfer);
}

std::optional<ExecutedTransactions> TransferBlock::execute(const BlockEnvironment& block,
                                                           std::span<const Transaction> transactions,
                                                           const StateView& base, WorkerPool& pool, unsigned workers,
                                                           const std::atomic<bool>* cancelled, Timeline* timeline) {
  block_ = &block;
  transactions_ = transactions;
  base_ = &base;
  const auto goes_on = [&] { return cancelled == nullptr || !cancelled->load(std::memory_order_relaxed); };
  const std::size_t count = transactions.size();
  hashes_.resize(count);
  const bool prepared = run_all(pool, workers, (count + kChunk - 1) / kChunk, [&](std::size_t chunk, unsigned worker) {
    const std::size_t begin = chunk * kChunk;
    const std::size_t end = std::min(begin + kChunk, count);
    ActivityRecorder recorder(timeline, worker, static_cast<TxnIndex>(begin), ActivityKind::check_transfers);
    if (!goes_on() || !prepare(begin, end)) return false;
    recorder.end_through(static_cast<TxnIndex>(end - 1));
    return true;
  });
  if (!prepared) return std::nullopt;

  shards_.resize(std::min(kShardsOfWorker * workers, kMaxShards));
  ExecutedTransactions executed;
  const bool applied = run_all(pool, workers, shards_.size() + 1, [&](std::size_t task, unsigned worker) {
    if (task != 0) {
      ActivityRecorder recorder(timeline, worker, 0, ActivityKind::apply_transfers);
      if (!goes_on() || !apply(task - 1)) return false;
      recorder.end_through(static_cast<TxnIndex>(count - 1));
      return true;
    }
    executed.receipts.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
      Receipt& receipt = executed.receipts[i];
      receipt.type = transactions[i].type;
      receipt.success = true;
      receipt.gas_used = kTransferGas;
      receipt.cumulative_gas_used = kTransferGas * (i + 1);
    }
    return true;
  });
  if (!applied) return std::nullopt;
  executed.gas_used = kTransferGas * count;
  return executed;
}

/// What the state has no part in.
bool TransferBlock::prepare(std::size_t begin, std::size_t end) {
  const PlainTransfers transfers(*block_);
  for (std::size_t i = begin; i < end; ++i) {
    const Transaction& transaction = transactions_[i];
    if (!transfers.contain(transaction, {.gas = kTransferGas * i, .blob_gas = 0})) return false;
    hashes_[i] = {.sender = hash_of(transaction.sender), .recipient = hash_of(*transaction.to)};
  }
  return true;
}

/// Everything that happens to the accounts of a shard, in order.
bool TransferBlock::apply(std::size_t index) {
  const PlainTransfers transfers(*block_);
  Shard& shard = shards_[index];
  shard.clear(2 * transactions_.size() / shards_.size());
  const Address& beneficiary_address = block_->context.beneficiary;
  const std::uint32_t beneficiary_hash = hash_of(beneficiary_address);
  const bool has_beneficiary = shard_of(beneficiary_hash) == index;
  for (std::size_t i = 0; i < transactions_.size(); ++i) {
    const Hashes hashes = hashes_[i];
    if (shard_of(hashes.sender) == index && !pay(shard, i, transfers)) return false;
    if (shard_of(hashes.recipient) == index) {
      AccountState* recipient = shard.find_or_load(*transactions_[i].to, hashes.recipient, *base_);
      if (recipient == nullptr || !PlainTransfers::receive(transactions_[i], recipient->now)) return false;
      recipient->changed = true;
    }
    if (has_beneficiary) {
      AccountState* beneficiary = shard.find_or_load(beneficiary_address, beneficiary_hash, *base_);
      const u256 price = transfers.priority_price(transactions_[i]);
      // A fee of nothing is a touch, which may delete the account (EIP-161).
      if (beneficiary == nullptr || price.is_zero()) return false;
      beneficiary->now.balance += u256{kTransferGas} * price;
      beneficiary->changed = true;
    }
  }
  return true;
}

/// The sender's part. False: the transaction is invalid, or not simple.
bool TransferBlock::pay(Shard& shard, std::size_t index, const PlainTransfers& transfers) {
  AccountState* sender = shard.find_or_load(transactions_[index].sender, hashes_[index].sender, *base_);
  if (sender == nullptr || !transfers.pay(transactions_[index], sender->now)) return false;
  sender->changed = true;
  return true;
}

// --- results ---------------------------------------------------------------------------------------------------------

void TransferBlock::adopt(const Address& address, Journal& journal) const {
  const std::uint32_t hash = hash_of(address);
  const AccountState* state = shards_[shard_of(hash)].find(address, hash);
  if (state == nullptr || !state->changed) return;
  std::optional<Account> base;
  if (state->existed) base = state->base;
  journal.adopt_account(address, base, state->now, false, std::nullopt);
}

void TransferBlock::append_others(const Journal& journal, WorkerPool& pool, StateDiff& diff) const {
  std::vector<StateDiff> parts(shards_.size());
  run_all(pool, pool.size(), parts.size(), [&](std::size_t index, unsigned) {
    parts[index].reserve(shards_[index].accounts.size(), 0);
    for (const AccountState& state : shards_[index].accounts) {
      const bool differs = !state.existed || state.now != state.base;
      if (!state.changed || !differs || journal.knows(state.address)) continue;
      parts[index].add(state.address).account =
          Account{.nonce = state.now.nonce, .balance = state.now.balance, .code_hash = state.now.code_hash};
    }
    return true;
  });
  for (StateDiff& part : parts) diff.append(std::move(part));
}

}  // namespace hocket
