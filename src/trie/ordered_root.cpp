#include "trie/ordered_root.hpp"

#include "base/assert.hpp"
#include "rlp/encode.hpp"
#include "trie/trie.hpp"

namespace hocket {

Hash32 ordered_trie_root(std::span<const Bytes> values) {
  Trie trie;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto put = trie.put(rlp::encode_integer(i), values[i]);
    HOCKET_ASSERT(put.has_value());  // nothing can be missing
  }
  return trie.root();
}

}  // namespace hocket
