// Receipt and Log: what a transaction leaves behind for the receipts trie (YP section 4.3.1).
#pragma once

#include "core/header.hpp"
#include "core/topics.hpp"
#include "core/transaction.hpp"

#include <optional>
#include <vector>

namespace hocket {

struct Log {
  Address address;
  Topics topics;
  Bytes data;

  friend bool operator==(const Log&, const Log&) = default;
};

struct Receipt {
  TransactionType type = TransactionType::legacy;
  /// EIP-658: true for success. Meaningless where `intermediate_state_root` is set.
  bool success = false;
  /// Before Byzantium a receipt holds the state root after its transaction instead of a status.
  std::optional<Hash32> intermediate_state_root;
  std::uint64_t cumulative_gas_used = 0;
  /// Of this transaction alone; not part of the encoding.
  std::uint64_t gas_used = 0;
  Bloom logs_bloom;
  std::vector<Log> logs;

  friend bool operator==(const Receipt&, const Receipt&) = default;
};

}  // namespace hocket
