// What goes into an EVM execution and what comes out of it (YP section 9).
#pragma once

#include "base/bytes.hpp"
#include "base/fixed_bytes.hpp"
#include "base/uint256.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace hocket {

/// The block as opcodes see it.
struct BlockContext {
  std::uint64_t number = 0;
  std::uint64_t timestamp = 0;
  std::uint64_t gas_limit = 0;
  Address beneficiary;
  u256 prev_randao;  // DIFFICULTY before Paris
  u256 base_fee;
  u256 blob_base_fee;
  std::uint64_t chain_id = 1;
};

/// The transaction as opcodes see it.
struct TransactionContext {
  Address origin;
  u256 gas_price;  // effective, wei per gas
  std::span<const Hash32> blob_hashes;
};

enum class CallKind : std::uint8_t { call, callcode, delegatecall, staticcall, create, create2 };

/// The outermost message of a transaction (or a system call). The engine makes the inner ones itself.
struct Message {
  CallKind kind = CallKind::call;  // call or create
  std::int64_t gas = 0;
  Address sender;
  /// Called account; for a creation the address of the new contract.
  Address recipient;
  u256 value;
  BytesView input;  // calldata, or init code
  /// False: a tracer does not see it. System calls are nobody's transaction.
  bool is_traced = true;
};

enum class Status : std::uint8_t {
  success,
  revert,
  out_of_gas,
  invalid_opcode,
  undefined_opcode,
  stack_underflow,
  stack_overflow,
  bad_jump_destination,
  static_mode_violation,
  returndata_out_of_bounds,
  call_depth_exceeded,
  insufficient_balance,
  nonce_overflow,
  create_collision,
  code_size_exceeded,
  initcode_size_exceeded,
  invalid_code_prefix,  // EIP-3541
  precompile_failure,
  // Not outcomes of the EVM:
  fault,      // the state could not be read, see Journal::fault
  suspended,  // a slot's value is still being produced: the execution can go on, see Evm::resume
};

std::string_view to_string(Status status) noexcept;

struct ExecutionResult {
  Status status = Status::success;
  std::int64_t gas_left = 0;
  /// RETURN or REVERT data; valid until the next execution.
  BytesView output;
};

}  // namespace hocket
