// WriteHistory: which slots transactions of a kind (target and selector) have written, where that made others stale. A
// transaction of such a kind will probably write there again: who reads the slot can wait for it instead of being
// executed twice. It hints and never decides: a wrong prediction costs a wait.
#pragma once

#include "core/transaction.hpp"
#include "parallel/sync.hpp"
#include "state/slot_key.hpp"

#include <array>
#include <atomic>
#include <optional>
#include <unordered_map>
#include <vector>

namespace hocket {

/// What a transaction calls. Creations and plain transfers have no kind.
struct TransactionKind {
  Address target;
  std::uint32_t selector = 0;

  static std::optional<TransactionKind> of(const Transaction& transaction) noexcept;
  friend bool operator==(const TransactionKind&, const TransactionKind&) = default;
};

/// Kept from block to block. Thread safety: all functions may be called by any worker.
class WriteHistory {
 public:
  /// Appends the slots that a transaction of this kind will probably write.
  void predict(const TransactionKind& kind, std::vector<SlotKey>& slots) const;
  /// A transaction of this kind has written the slot, and somebody had read it before.
  void note(const TransactionKind& kind, const SlotKey& slot);
  /// Whether a prediction came true. One that seldom does is forgotten.
  void judge(const TransactionKind& kind, const SlotKey& slot, bool written);

 private:
  // Bounds: an attacker can only make us forget.
  static constexpr std::size_t kMaxKinds = 4096;
  static constexpr std::size_t kMaxSlots = 4;  // of a kind
  static constexpr int kMaxTrust = 4;
  static constexpr std::size_t kFilterBits = 4096;

  struct Entry {
    SlotKey slot;
    int trust = 1;
  };
  struct KindHash {
    std::size_t operator()(const TransactionKind& kind) const noexcept;
  };

  /// Says most of the time that nothing is known of a kind. relaxed: a missed hint is a missed hint.
  std::array<std::atomic<std::uint64_t>, kFilterBits / 64> filter_{};
  /// Guards what is below, for far less time than it takes to fall asleep and wake up.
  alignas(64) mutable SpinLock<RealSync> lock_;
  std::unordered_map<TransactionKind, std::vector<Entry>, KindHash> kinds_;
};

}  // namespace hocket
