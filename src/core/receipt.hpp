// Receipt and Log: what a transaction leaves behind for the receipts trie (YP section 4.3.1).
#pragma once

#include "base/slab_allocator.hpp"
#include "core/header.hpp"
#include "core/topics.hpp"
#include "core/transaction.hpp"

#include <optional>
#include <vector>

namespace hocket {

/// Made by whoever executes and destroyed, a block at a time, by whoever wanted the receipts: see SlabAllocator.
using LogData = std::vector<std::uint8_t, SlabAllocator<std::uint8_t>>;

struct Log {
  Address address;
  Topics topics;
  LogData data;

  friend bool operator==(const Log&, const Log&) = default;
};

using Logs = std::vector<Log, SlabAllocator<Log>>;

struct Receipt {
  TransactionType type = TransactionType::legacy;
  /// EIP-658: true for success. Meaningless where `intermediate_state_root` is set.
  bool success = false;
  std::uint64_t cumulative_gas_used = 0;
  /// Of this transaction alone; not part of the encoding.
  std::uint64_t gas_used = 0;
  Logs logs;
  /// Before Byzantium a receipt holds the state root after its transaction instead of a status.
  std::optional<Hash32> intermediate_state_root;
  Bloom logs_bloom;

  friend bool operator==(const Receipt&, const Receipt&) = default;
};

}  // namespace hocket
