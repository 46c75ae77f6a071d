// EIP-7685: what a block asks of the consensus layer. Deposits from logs (EIP-6110), withdrawals (EIP-7002) and
// consolidations (EIP-7251) from system contracts.
#pragma once

#include "core/receipt.hpp"
#include "transition/system_call.hpp"

#include <expected>
#include <optional>
#include <span>
#include <variant>
#include <vector>

namespace hocket {

enum class RequestError : std::uint8_t {
  system_contract_empty,
  system_contract_call_failed,
  invalid_deposit_event_layout,
};

using RequestFailure = std::variant<RequestError, StateFault>;

/// The 192 bytes of a deposit from a DepositEvent's data: public key, withdrawal credentials, amount, signature, index.
/// Nothing: the data is not laid out as the deposit contract does. Thread safety: pure.
std::optional<Bytes> parse_deposit(BytesView event_data);

/// All deposits that `receipts` log at `deposit_contract`, one after the other. Requires: the receipts have their
/// blooms. Thread safety: pure.
std::expected<Bytes, RequestError> deposit_requests(std::span<const Receipt> receipts, const Address& deposit_contract);

/// The block's requests after its transactions, each a type byte and its data, ascending by type; types without data
/// are left out. Runs the system contracts on `journal`. Requires: as system_call, and as deposit_requests.
std::expected<std::vector<Bytes>, RequestFailure> collect_requests(std::span<const Receipt> receipts,
                                                                   const Address& deposit_contract,
                                                                   const BlockEnvironment& block, Evm& evm,
                                                                   Journal& journal);

}  // namespace hocket
