// The contracts of the sample blocks, written for this project.
#pragma once

#include "base/bytes.hpp"
#include "base/fixed_bytes.hpp"
#include "base/uint256.hpp"

namespace hocket::samples {

/// A token with `transfer(address,uint256)` as ERC-20 has it: balances in a mapping at slot 0, a Transfer log, revert
/// if the sender has too little.
Bytes token_code();
/// Slot of `owner`'s balance.
u256 token_balance_slot(const Address& owner);
/// Calldata of `transfer`.
Bytes token_transfer(const Address& to, const u256& amount);

/// A pool of ether and `token` with constant product and 0.3 % fee: the value of a call buys tokens for the caller.
/// Slots: 0 the ether, 1 the tokens.
Bytes pool_code(const Address& token);

/// Adds one to `count` slots from `first` on; calldata: first, count.
Bytes storage_loop_code();
/// So many rounds of MULMOD, XOR and Keccak-256, the result into slot 0; calldata: rounds.
Bytes arithmetic_loop_code();
/// Creates a contract by CREATE2 and calls it; calldata: salt.
Bytes factory_code();
/// Calls the precompiles of ecrecover, SHA-256, RIPEMD-160 and identity with its calldata.
Bytes precompile_caller_code();
/// Init code of a contract that answers 42.
Bytes answer_init_code();

/// The words one after the other, 32 bytes each.
Bytes words(std::initializer_list<u256> values);

}  // namespace hocket::samples
