// The roots and hashes that a header holds of a block's parts and of the state after it.
// Thread safety: all functions are pure.
#pragma once

#include "block/state_trie.hpp"
#include "core/block.hpp"
#include "core/receipt.hpp"

#include <span>

namespace hocket {

Hash32 transactions_root(std::span<const Transaction> transactions);
Hash32 receipts_root(std::span<const Receipt> receipts);
/// EIP-4895.
Hash32 withdrawals_root(std::span<const Withdrawal> withdrawals);
Hash32 ommers_hash(std::span<const Header> ommers);
/// EIP-7685: sha256 over the sha256 of each request list (its type byte, then its data); lists without data are left
/// out.
Hash32 requests_hash(std::span<const Bytes> requests);

}  // namespace hocket
