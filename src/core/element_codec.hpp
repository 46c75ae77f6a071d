// Encoders and decoders of the parts that blocks and transactions are made of. Internal to core/.
#pragma once

#include "core/block.hpp"
#include "rlp/decode.hpp"
#include "rlp/encode.hpp"

namespace hocket {

void write(rlp::Writer& out, const Header& header);
Result<Header> read_header(rlp::Reader& from);

/// As an element of a block's list: a typed transaction is wrapped in a string (EIP-2718).
void write(rlp::Writer& out, const Transaction& transaction);
Result<Transaction> read_transaction(rlp::Reader& from);

}  // namespace hocket
