#include "conformance/seal.hpp"

#include "base/assert.hpp"
#include "core/codec.hpp"
#include "crypto/ethash.hpp"
#include "crypto/keccak.hpp"
#include "rlp/decode.hpp"
#include "rlp/encode.hpp"

namespace hocket {

Hash32 sealed_hash(const Header& header) {
  constexpr int kSealedFields = 13;  // up to extra data
  const Bytes encoded = encode(header);
  rlp::Reader outer(encoded);
  auto fields = outer.list();
  HOCKET_ASSERT(fields.has_value());
  rlp::Writer out;
  out.begin_list();
  for (int i = 0; i < kSealedFields; ++i) out.encoded(fields->item()->encoded);
  return keccak256(out.end_list().take());
}

bool has_valid_seal(const Header& header) {
  // Fixtures do not reach the second epoch, so one cache is enough to keep.
  static const EthashCache kFirstEpoch(0);
  const std::uint64_t epoch = header.number / EthashCache::kEpochLength;
  const auto proves = [&](const EthashCache& cache) {
    return cache.proves_work(sealed_hash(header), header.nonce.bytes, header.prev_randao, header.difficulty);
  };
  return epoch == 0 ? proves(kFirstEpoch) : proves(EthashCache(epoch));
}

}  // namespace hocket
