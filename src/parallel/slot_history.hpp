// SlotHistory: which slots transactions of a kind (target and selector) have something to do with. One history holds
// what a kind has written, where that made others stale: it will probably write there again, and who reads the slot can
// wait for it instead of being executed twice. Another one holds what made the kind itself stale: such slots are
// followed (evm/operation_log.hpp). A history hints and never decides: a wrong prediction costs a wait, or some time.
#pragma once

#include "core/transaction.hpp"
#include "state/slot_key.hpp"

#include <array>
#include <atomic>
#include <mutex>
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
class SlotHistory {
 public:
  /// `memory`: how many notes it takes until a slot whose predictions were all wrong is predicted again.
  explicit SlotHistory(int memory = 1) : lowest_trust_(-memory) {}

  /// Appends the slots of this kind.
  void predict(const TransactionKind& kind, std::vector<SlotKey>& slots) const;
  /// It turned out that the slot is one of the kind's.
  void note(const TransactionKind& kind, const SlotKey& slot);
  /// Whether a prediction came true. One that seldom does is not made any more.
  void judge(const TransactionKind& kind, const SlotKey& slot, bool right);

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
  int lowest_trust_;          // below zero, where nothing is predicted
  mutable std::mutex mutex_;  // guards `kinds_`
  std::unordered_map<TransactionKind, std::vector<Entry>, KindHash> kinds_;
};

}  // namespace hocket
