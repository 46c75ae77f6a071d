// StateView: the one virtual seam between the engine and wherever state lives. It is read on a transaction's first
// touch of a location only; after that the Journal answers.
#pragma once

#include "base/bytes.hpp"
#include "core/account.hpp"

#include <expected>
#include <optional>
#include <string>

namespace hocket {

/// Why a read could not be answered. A fault ends the execution that met it; it is never taken for an empty value.
enum class StateFault : std::uint8_t {
  missing_node,  // a witness does not hold what was asked
  io_error,      // the backing store failed
  interrupted,   // the execution was told to stop (stale or cancelled)
  waiting,       // the value is still being produced: the execution can go on once it is there
};

/// What a read gives: a value or a fault.
template <class T>
using StateRead = std::expected<T, StateFault>;

/// Thread safety: concurrent reads are allowed. Two reads of one location give the same value.
/// What cannot be read is a fault and no exception: within the EVM's instructions one ends the program, except in
/// parallel execution, which ends the block with it.
class StateView {
 public:
  virtual ~StateView() = default;

  /// Empty optional: the account does not exist.
  virtual StateRead<std::optional<Account>> account(const Address& address) const = 0;
  /// Zero where the slot, or the account, does not exist.
  virtual StateRead<u256> storage(const Address& address, const u256& slot) const = 0;
  /// The code with this hash (never asked for kEmptyCodeHash). The bytes stay valid as long as the view.
  virtual StateRead<BytesView> code(const Address& address, const Hash32& code_hash) const = 0;
  /// Hash of the ancestor `number`; zero where it is unknown. Asked only for the 256 most recent.
  virtual StateRead<Hash32> block_hash(std::uint64_t number) const = 0;
  /// After a fault: which location, and why, for a person.
  virtual std::string fault_message() const { return "state read failed"; }
};

}  // namespace hocket
