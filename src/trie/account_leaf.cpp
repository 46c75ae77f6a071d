#include "trie/account_leaf.hpp"

#include "rlp/decode.hpp"
#include "rlp/encode.hpp"

namespace hocket {

Bytes encode(const AccountLeaf& leaf) {
  rlp::Writer out;
  out.begin_list().integer(leaf.nonce).integer(leaf.balance).string(leaf.storage_root).string(leaf.code_hash);
  return out.end_list().take();
}

Result<AccountLeaf> decode_account_leaf(BytesView rlp) {
  rlp::Reader reader(rlp);
  HOCKET_TRY(rlp::Reader fields, reader.list());
  HOCKET_CHECK(reader.end());
  AccountLeaf leaf;
  HOCKET_TRY(leaf.nonce, fields.integer64());
  HOCKET_TRY(leaf.balance, fields.integer256());
  HOCKET_TRY(leaf.storage_root, fields.fixed<Hash32>());
  HOCKET_TRY(leaf.code_hash, fields.fixed<Hash32>());
  HOCKET_CHECK(fields.end());
  return leaf;
}

}  // namespace hocket
