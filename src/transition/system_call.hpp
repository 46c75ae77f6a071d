// System calls: what a block itself calls in its system contracts (EIP-2935, 4788, 7002, 7251).
#pragma once

#include "base/fixed_bytes.hpp"
#include "evm/evm.hpp"
#include "transition/block_environment.hpp"

#include <expected>

namespace hocket {

extern const Address kSystemAddress;                 // 0xff..fe, the caller
extern const Address kBeaconRootsContract;           // EIP-4788
extern const Address kHistoryStorageContract;        // EIP-2935
extern const Address kWithdrawalRequestContract;     // EIP-7002
extern const Address kConsolidationRequestContract;  // EIP-7251

struct SystemCallResult {
  /// False: there is no code at the address, and nothing was done.
  bool has_code = false;
  Status status = Status::success;
  /// Valid until `evm` executes again.
  BytesView output;
};

/// Calls `contract` as kSystemAddress with 30,000,000 gas that nobody pays. Its changes stay in `journal`, its logs do
/// not. Requires: `evm.begin_block` was called; no transaction is under way. Errors: the journal is as before.
std::expected<SystemCallResult, StateFault> system_call(const Address& contract, BytesView input,
                                                        const BlockEnvironment& block, Evm& evm, Journal& journal);

}  // namespace hocket
