#include "block/roots.hpp"

#include "core/codec.hpp"
#include "crypto/keccak.hpp"
#include "crypto/sha256.hpp"
#include "rlp/encode.hpp"
#include "trie/ordered_root.hpp"

namespace hocket {
namespace {

template <class T>
Hash32 root_of(std::span<const T> elements) {
  std::vector<Bytes> encodings;
  encodings.reserve(elements.size());
  for (const T& element : elements) encodings.push_back(encode(element));
  return ordered_trie_root(encodings);
}

}  // namespace

Hash32 transactions_root(std::span<const Transaction> transactions) { return root_of(transactions); }
Hash32 receipts_root(std::span<const Receipt> receipts) { return root_of(receipts); }
Hash32 withdrawals_root(std::span<const Withdrawal> withdrawals) { return root_of(withdrawals); }

Hash32 ommers_hash(std::span<const Header> ommers) {
  rlp::Writer out;
  out.begin_list();
  for (const Header& ommer : ommers) out.encoded(encode(ommer));
  return keccak256(out.end_list().take());
}

Hash32 requests_hash(std::span<const Bytes> requests) {
  Bytes hashes;
  for (const Bytes& request : requests)
    if (request.size() > 1) append(hashes, sha256(request));
  return sha256(hashes);
}

}  // namespace hocket
