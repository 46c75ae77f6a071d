// free_call: a transaction that costs its sender nothing, for what prepares a state and for what looks at one.
#pragma once

#include "base/bytes.hpp"
#include "evm/evm.hpp"
#include "state/in_memory_state.hpp"
#include "transition/block_environment.hpp"

#include <optional>

namespace hocket::workloads {

struct FreeCall {
  Address from;
  std::optional<Address> to;  // absent: creation
  u256 value;
  Bytes data;
};

struct FreeCallResult {
  Status status = Status::success;
  Bytes output;
  std::optional<Address> created;

  bool success() const noexcept { return status == Status::success; }
};

/// Requires: `evm.begin_block` was called with `free_environment()`, as `environment`; the state can be read.
FreeCallResult free_call(const FreeCall& call, const BlockEnvironment& environment, Evm& evm, Journal& journal);

/// Calls contracts on a state without changing it; what the calls change is seen by the calls after them.
/// Thread safety: none. Requires: the state outlives it.
class Probe {
 public:
  explicit Probe(const InMemoryState& state);

  /// Nothing: it reverted.
  std::optional<Bytes> call(const Address& from, const Address& to, Bytes data);
  /// The first word of what a call by nobody returns. Requires: the call succeeds.
  u256 word(const Address& contract, Bytes data);

 private:
  ProgramCache programs_;
  Evm evm_{programs_};
  BlockEnvironment environment_;
  Journal journal_;
};

}  // namespace hocket::workloads
