// Addresses of created contracts.

#include "crypto/keccak.hpp"
#include "evm/evm.hpp"

#include <algorithm>

namespace hocket {
namespace {

Address low_20_bytes(const Hash32& hash) noexcept { return Address::from(BytesView{hash}.subspan(12)); }

}  // namespace

Address create_address(const Address& sender, std::uint64_t nonce) {
  // rlp([sender, nonce]) is at most 1 + 21 + 9 bytes: written in place rather than through an encoder.
  std::uint8_t rlp[31];
  std::size_t size = 1;
  rlp[size++] = 0x80 + 20;
  std::copy_n(sender.data(), 20, rlp + size);
  size += 20;
  if (nonce == 0) {
    rlp[size++] = 0x80;
  } else if (nonce < 0x80) {
    rlp[size++] = static_cast<std::uint8_t>(nonce);
  } else {
    const int bytes = (71 - __builtin_clzll(nonce)) / 8;
    rlp[size++] = static_cast<std::uint8_t>(0x80 + bytes);
    for (int i = bytes - 1; i >= 0; --i) rlp[size++] = static_cast<std::uint8_t>(nonce >> (8 * i));
  }
  rlp[0] = static_cast<std::uint8_t>(0xc0 + size - 1);
  return low_20_bytes(keccak256({rlp, size}));
}

Address create2_address(const Address& sender, const Hash32& salt, const Hash32& init_code_hash) {
  std::uint8_t preimage[1 + 20 + 32 + 32];
  preimage[0] = 0xff;
  std::copy_n(sender.data(), 20, preimage + 1);
  std::copy_n(salt.data(), 32, preimage + 21);
  std::copy_n(init_code_hash.data(), 32, preimage + 53);
  return low_20_bytes(keccak256(preimage));
}

}  // namespace hocket
