// AccountLeaf: an account as the state trie holds it (YP section 4.1).
#pragma once

#include "base/result.hpp"
#include "core/account.hpp"

namespace hocket {

struct AccountLeaf {
  std::uint64_t nonce = 0;
  u256 balance;
  Hash32 storage_root = kEmptyTrieRoot;
  Hash32 code_hash = kEmptyCodeHash;

  friend bool operator==(const AccountLeaf&, const AccountLeaf&) = default;
};

Bytes encode(const AccountLeaf& leaf);
/// Errors: not exactly four fields of their sizes, or not canonical.
Result<AccountLeaf> decode_account_leaf(BytesView rlp);

}  // namespace hocket
