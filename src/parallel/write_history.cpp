#include "parallel/write_history.hpp"

#include "base/endian.hpp"
#include "base/hash_seed.hpp"

#include <algorithm>
#include <mutex>

namespace hocket {

std::optional<TransactionKind> TransactionKind::of(const Transaction& transaction) noexcept {
  if (!transaction.to || transaction.data.empty()) return std::nullopt;
  TransactionKind kind{.target = *transaction.to, .selector = 0};
  for (std::size_t i = 0; i < 4 && i < transaction.data.size(); ++i)
    kind.selector = kind.selector << 8 | transaction.data[i];
  return kind;
}

std::size_t WriteHistory::KindHash::operator()(const TransactionKind& kind) const noexcept {
  const HashSeed& seed = hash_seed();
  const std::uint8_t* p = kind.target.data();
  return fold_multiply(load_le64(p) ^ seed.words[0], load_le64(p + 8) ^ seed.words[1]) ^
         fold_multiply(load_le32(p + 16) ^ seed.words[2], kind.selector ^ seed.words[3]);
}

void WriteHistory::predict(const TransactionKind& kind, std::vector<SlotKey>& slots) const {
  const std::size_t bit = KindHash{}(kind) % kFilterBits;
  if ((filter_[bit / 64].load(std::memory_order_relaxed) >> (bit % 64) & 1) == 0) return;
  const std::lock_guard guard(lock_);
  const auto found = kinds_.find(kind);
  if (found == kinds_.end()) return;
  for (const Entry& entry : found->second) slots.push_back(entry.slot);
}

void WriteHistory::note(const TransactionKind& kind, const SlotKey& slot) {
  const std::lock_guard guard(lock_);
  if (kinds_.size() >= kMaxKinds) kinds_.clear();
  std::vector<Entry>& entries = kinds_[kind];
  const auto known = std::ranges::find(entries, slot, &Entry::slot);
  if (known != entries.end()) {
    known->trust = std::min(known->trust + 1, kMaxTrust);
  } else {
    if (entries.size() >= kMaxSlots) entries.erase(std::ranges::min_element(entries, {}, &Entry::trust));
    entries.push_back({.slot = slot, .trust = 1});
  }
  const std::size_t bit = KindHash{}(kind) % kFilterBits;
  filter_[bit / 64].fetch_or(std::uint64_t{1} << (bit % 64), std::memory_order_relaxed);
}

void WriteHistory::judge(const TransactionKind& kind, const SlotKey& slot, bool written) {
  const std::lock_guard guard(lock_);
  const auto found = kinds_.find(kind);
  if (found == kinds_.end()) return;
  const auto known = std::ranges::find(found->second, slot, &Entry::slot);
  if (known == found->second.end()) return;
  if (written)
    known->trust = std::min(known->trust + 1, kMaxTrust);
  else if (--known->trust < 0)
    found->second.erase(known);
}

}  // namespace hocket
