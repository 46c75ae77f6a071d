// ECRECOVER (YP (208) and following): the signer of a hash. A signature without a signer succeeds with no output.
#include "crypto/secp256k1.hpp"
#include "evm/precompiles/families.hpp"

namespace hocket::precompiles {

std::uint64_t ecrecover_gas(const Spec&, BytesView) noexcept { return 3000; }

bool ecrecover(const Spec&, BytesView input, Bytes& output) {
  std::uint8_t words[128];  // hash, v, r, s
  copy_padded(input, 0, words);
  const u256 v = load_be256(words + 32);
  if (v != u256{27} && v != u256{28}) return true;
  const auto y_parity = static_cast<std::uint8_t>(v.low64() - 27);
  const auto signer =
      recover_signer(Hash32::from({words, 32}), y_parity, load_be256(words + 64), load_be256(words + 96));
  if (!signer) return true;
  output.resize(12, 0);
  append(output, *signer);
  return true;
}

}  // namespace hocket::precompiles
