// Blocks in the form in which JSON-RPC gives them: the inverse of block_json.hpp.
#pragma once

#include "core/block.hpp"

#include <nlohmann/json.hpp>

namespace hocket {

/// As eth_getBlockByNumber answers with full transactions. Requires: the transactions' senders are set.
nlohmann::ordered_json to_json(const Block& block);

/// As eth_getTransactionByHash answers, without the fields that say where the transaction stands.
nlohmann::ordered_json to_json(const Transaction& transaction);

}  // namespace hocket
