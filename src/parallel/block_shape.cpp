#include "parallel/block_shape.hpp"

#include "base/address_hash.hpp"
#include "base/endian.hpp"
#include "base/hash_seed.hpp"
#include "parallel/plain_transfer.hpp"

#include <algorithm>
#include <bit>

namespace hocket {
namespace {

/// One without data is nearly always a plain transfer.
constexpr std::uint64_t kPlainTransferNs = 300;
constexpr std::uint64_t kCallNs = 1'000;
constexpr std::uint64_t kGasPerNs = 8;
/// For each transaction, and at least, so that hardly any two addresses meet.
constexpr std::size_t kSenderBits = 16;
constexpr std::size_t kLeastSenderBits = 8192;

}  // namespace

std::uint64_t expected_time_ns(const Transaction& transaction) noexcept {
  return transaction.to && transaction.data.empty() ? kPlainTransferNs : kCallNs + transaction.gas_limit / kGasPerNs;
}

void TransfersInTurn::find(std::span<const Transaction> transactions, std::span<const std::uint64_t> ticks,
                           std::uint64_t most) {
  in_turn_.resize(transactions.size());
  // Who sends a later transaction that is executed ahead of its turn, which fails where its sender cannot pay: whoever
  // pays such a sender is not left to its turn either. A hash of each; one that errs costs little.
  senders_.assign(std::bit_ceil(std::max(kSenderBits * transactions.size(), kLeastSenderBits)), false);
  const auto bit_of = [&](const Address& address) { return (seeded_hash(address) >> 16) & (senders_.size() - 1); };
  for (std::size_t i = transactions.size(); i-- > 0;) {
    const Transaction& transaction = transactions[i];
    in_turn_[i] = may_be_plain_transfer(transaction) && ticks[i] <= most && !senders_[bit_of(*transaction.to)];
    if (in_turn_[i] == 0) senders_[bit_of(transaction.sender)] = true;
  }
}

void Predecessors::find(std::span<const Transaction> transactions) {
  predecessors_.assign(transactions.size(), 0);
  const HashSeed& seed = hash_seed();
  const std::size_t mask = std::bit_ceil(2 * transactions.size()) - 1;
  last_of_pair_.assign(mask + 1, 0);
  for (TxnIndex i = 0; i < transactions.size(); ++i) {
    const Transaction& transaction = transactions[i];
    if (!transaction.to || transaction.data.empty()) continue;
    std::size_t cell = fold_multiply(load_le64(transaction.sender.data()) ^ seed.words[0],
                                     load_le64(transaction.to->data()) ^ seed.words[1]) &
                       mask;
    for (;; cell = (cell + 1) & mask) {
      const TxnIndex last = last_of_pair_[cell];
      if (last == 0) break;
      const Transaction& other = transactions[last - 1];
      if (other.sender != transaction.sender || other.to != transaction.to) continue;
      predecessors_[i] = last;
      break;
    }
    last_of_pair_[cell] = i + 1;
  }
}

}  // namespace hocket
