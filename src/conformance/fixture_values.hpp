// The parts that several fixture formats share: pre- and post-states, access lists, authorizations, blob schedules.
#pragma once

#include "conformance/fixture_json.hpp"
#include "core/receipt.hpp"
#include "core/transaction.hpp"
#include "protocol/chain_config.hpp"
#include "state/in_memory_state.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hocket {

/// {address: {balance, nonce, code, storage}}. Errors: a field is missing or malformed, an address or slot stands
/// twice.
Result<InMemoryState> decode_state(JsonObject accounts);

/// [{address, storageKeys}].
Result<std::vector<AccessListEntry>> decode_access_list(JsonArray entries);

/// [{chainId, address, nonce, v or yParity, r, s}] (EIP-7702).
Result<std::vector<Authorization>> decode_authorization_list(JsonArray entries);

/// The network that a fixture runs on, and what its `config` says differently.
/// Empty optional: the network is out of scope (see `is_out_of_scope`). Errors: nobody knows the network.
Result<std::optional<ChainConfig>> decode_network(std::string_view name, std::optional<JsonObject> config);

/// True for networks of forks that Hocket does not execute: Amsterdam, and transitions to it.
bool is_out_of_scope(std::string_view network) noexcept;

/// The first account, field or slot in which the two differ, for a person; nothing if they are equal.
/// Code is compared by its hash; `code_of` is not needed for that.
std::optional<std::string> first_difference(const InMemoryState& found, const InMemoryState& expected);

/// keccak256 of the logs' RLP: how fixtures commit to them.
Hash32 logs_hash(std::span<const Log> logs);

}  // namespace hocket
