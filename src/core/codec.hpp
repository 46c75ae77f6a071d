// Consensus encodings (RLP, EIP-2718) of the core types, their hashes, and the log bloom.
// Decoding is strict: canonical RLP, exact field counts and sizes, nothing left over.
// Errors name the field and what was expected ("transaction 3: gasLimit: integer with a leading zero byte").
// Thread safety: all functions are pure.
#pragma once

#include "base/result.hpp"
#include "core/block.hpp"
#include "core/receipt.hpp"

#include <span>

namespace hocket {

Bytes encode(const Header& header);
Result<Header> decode_header(BytesView rlp);
/// keccak256 of the encoding.
Hash32 hash_of(const Header& header);

/// EIP-2718: a list for a legacy transaction, else the type byte followed by the payload.
Bytes encode(const Transaction& transaction);
/// Blob transactions come without their sidecar.
Result<Transaction> decode_transaction(BytesView bytes);
Hash32 hash_of(const Transaction& transaction);
/// What the sender signed (EIP-155, 2718), and its hash.
Bytes signing_payload(const Transaction& transaction);
Hash32 signing_hash(const Transaction& transaction);
/// What the authority signed (EIP-7702), and its hash.
Bytes signing_payload(const Authorization& authorization);
Hash32 signing_hash(const Authorization& authorization);

Bytes encode(const Block& block);
Result<Block> decode_block(BytesView rlp);

Bytes encode(const Withdrawal& withdrawal);
Bytes encode(const Receipt& receipt);

/// Adds the bits of `other`.
void merge(Bloom& into, const Bloom& other) noexcept;

}  // namespace hocket
