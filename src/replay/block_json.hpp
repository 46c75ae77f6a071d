// Blocks as JSON-RPC gives them (eth_getBlockByNumber with full transactions; execution-apis' schemas), every
// transaction type and every optional header field included.
#pragma once

#include "core/block.hpp"
#include "replay/json_reader.hpp"

#include <optional>
#include <vector>

namespace hocket {

/// A block, and what its source says about it that the block itself does not hold.
struct JsonBlock {
  /// Without ommers: JSON-RPC gives only their hashes.
  Block block;
  /// One for each transaction: its sender, where the source names it.
  std::vector<std::optional<Address>> senders;
};

/// Checked here: `hash` of the block, `hash`, `blockNumber` and `transactionIndex` of each transaction, where given.
/// Errors: a field that is missing, mistyped, too large or twice there, with its place; a hash that differs.
Result<JsonBlock> block_from_json(json::Element element);

/// A header, also as eth_getUncleByBlockHashAndIndex gives it. Checked: `hash`, where given.
Result<Header> header_from_json(json::Element element);

struct JsonTransaction {
  Transaction transaction;
  std::optional<Address> sender;  // `from`
};
/// A transaction of any type. Checked: `hash`, where given.
Result<JsonTransaction> transaction_from_json(json::Element element);

}  // namespace hocket
