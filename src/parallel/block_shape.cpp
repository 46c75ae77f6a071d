#include "parallel/block_shape.hpp"

#include "base/endian.hpp"
#include "base/hash_seed.hpp"

#include <algorithm>
#include <bit>

namespace hocket {
namespace {

/// One without data is nearly always a plain transfer.
constexpr std::uint64_t kPlainTransferNs = 300;
constexpr std::uint64_t kCallNs = 1'000;
constexpr std::uint64_t kGasPerNs = 8;
constexpr std::uint64_t kPlainTransferGas = 21'000;

/// The gas leaves nothing for code.
bool is_plain_transfer(const Transaction& transaction) noexcept {
  return transaction.gas_limit == kPlainTransferGas && transaction.to && transaction.data.empty();
}

}  // namespace

std::uint64_t expected_time_ns(const Transaction& transaction) noexcept {
  return transaction.to && transaction.data.empty() ? kPlainTransferNs : kCallNs + transaction.gas_limit / kGasPerNs;
}

void make_units(std::span<const Transaction> transactions, TxnIndex longest, std::vector<TxnIndex>& firsts) {
  const auto count = static_cast<TxnIndex>(transactions.size());
  firsts.clear();
  for (TxnIndex begin = 0; begin < count;) {
    firsts.push_back(begin);
    TxnIndex end = begin + 1;
    if (is_plain_transfer(transactions[begin]))
      while (end < count && end - begin < longest && is_plain_transfer(transactions[end])) ++end;
    begin = end;
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
