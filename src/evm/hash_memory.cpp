// hash_memory: what KECCAK256 gives, from what the worker remembers of hashes.
#include "crypto/keccak.hpp"
#include "evm/frame.hpp"
#include "evm/keccak_memo.hpp"

#include <algorithm>
#include <cstring>

namespace hocket {
namespace {

/// Whether 32 bytes look like an address: neither a hash nor an amount.
bool is_address_like(const std::uint8_t* word) noexcept {
  return (load_le64(word) | load_le32(word + 8)) == 0 && load_le64(word + 12) != 0;
}

/// What a contract that has hashed the key and the place of a mapping's entry is likely to hash soon: the same place
/// with the next argument of the call that looks like an address, as a transfer does with payer and payee. False: none.
bool guess_next_key(BytesView input, const std::uint8_t* hashed, std::uint8_t* next) noexcept {
  constexpr std::size_t kSelector = 4;
  constexpr std::size_t kMostArguments = 4;
  if (!is_address_like(hashed) || input.size() < kSelector + 32) return false;
  const std::size_t count = std::min((input.size() - kSelector) / 32, kMostArguments);
  const std::uint8_t* found = nullptr;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint8_t* argument = input.data() + kSelector + 32 * i;
    if (std::memcmp(argument, hashed, 32) == 0)
      found = nullptr;
    else if (found == nullptr && is_address_like(argument))
      found = argument;
  }
  if (found == nullptr) return false;
  std::memcpy(next, found, 32);
  std::memcpy(next + 32, hashed + 32, 32);
  return true;
}

}  // namespace

u256 hash_memory(const Frame& frame, const std::uint8_t* data, std::uint64_t size) noexcept {
  HashMemory& hashes = *frame.machine->hashes;
  using Pair = std::span<const std::uint8_t, 64>;
  if (size == 64) [[likely]]
    return hashes.of_64.hash(Pair(data, 64),
                             [&](std::uint8_t* next) { return guess_next_key(frame.input, data, next); });
  if (size == 32) return hashes.of_32.hash(std::span<const std::uint8_t, 32>(data, 32));
  return to_u256(keccak256({data, size}));
}

}  // namespace hocket
