// Tracer: receives every step of an execution. Tracing is a different analysis of the code (one check an instruction),
// so that it costs nothing when off.
#pragma once

#include "base/bytes.hpp"
#include "base/uint256.hpp"
#include "evm/message.hpp"

#include <cstdint>
#include <span>

namespace hocket {

/// One executed (or failed) instruction, in the terms of EIP-3155.
struct TraceStep {
  std::uint64_t pc = 0;
  std::uint8_t opcode = 0;
  std::int64_t gas = 0;         // before the instruction
  std::int64_t gas_cost = 0;    // of the instruction; for calls with the gas handed on, for creations without
  std::int64_t static_gas = 0;  // the part of it that is always the same
  std::uint64_t memory_size = 0;
  BytesView memory;             // before the instruction
  std::span<const u256> stack;  // before the instruction, bottom first
  BytesView return_data;
  int depth = 1;                    // 1 for the outermost frame
  std::int64_t refund = 0;          // before the instruction, but after an SSTORE's own change, as geth shows it
  Status status = Status::success;  // not success: the instruction failed so
};

class Tracer {
 public:
  virtual ~Tracer() = default;
  virtual void on_step(const TraceStep& step) = 0;
  /// A frame ended: a call or a creation, also one that ran no code or never began. `depth` as for its steps;
  /// `gas_used` of the gas that it was given.
  virtual void on_exit(int depth, BytesView output, std::int64_t gas_used, Status status) = 0;
};

}  // namespace hocket
