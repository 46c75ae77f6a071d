// Following: the slots of which an execution's operations are recorded, and what of that is done again at commitment,
// where others have changed them.
#pragma once

#include "evm/operation_log.hpp"
#include "parallel/read_set.hpp"

#include <vector>

namespace hocket {

enum class Redone : std::uint8_t {
  nothing,       // the slots are what they were
  values,        // what depends on them is another value now
  observed,      // and somebody above has looked at one
  not_possible,  // the execution would have taken another way
};

/// Thread safety: none; one transaction's.
class Following {
 public:
  OperationLog log;

  /// After an execution on `journal`, which was published in `writes`.
  void note_places(const Journal& journal, const WriteSet<>& writes);
  /// After one that came to nothing.
  void forget() noexcept;
  /// Requires: the turn of `txn` has come, and its other reads hold.
  Redone redo(MvMemory<>& memory, TxnIndex txn, ReadSet<>& reads, unsigned worker);
  /// Of the last time: which of the reads of slots had changed.
  std::span<const std::uint32_t> changed() const noexcept { return changed_; }

 private:
  struct Rewrite {
    SlotLocation<RealSync>* at;
    OperationLog::Value value;
  };

  std::vector<std::uint32_t> reads_of_loads_;  // for each load of the log, its number among the reads of slots
  std::vector<Rewrite> rewrites_;
  std::vector<std::uint32_t> changed_;
  std::vector<u256> now_;  // while something is done again: what each load gives
};

}  // namespace hocket
