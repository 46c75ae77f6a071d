#include "core/codec.hpp"
#include "core/element_codec.hpp"
#include "core/field_reader.hpp"
#include "crypto/keccak.hpp"

namespace hocket {
namespace {

// Number of fields with each fork's additions.
constexpr std::size_t kFrontierFields = 15;
constexpr std::size_t kLondonFields = 16;    // EIP-1559
constexpr std::size_t kShanghaiFields = 17;  // EIP-4895
constexpr std::size_t kCancunFields = 20;    // EIP-4844, 4788
constexpr std::size_t kPragueFields = 21;    // EIP-7685

}  // namespace

void write(rlp::Writer& out, const Header& h) {
  out.begin_list()
      .string(h.parent_hash)
      .string(h.ommers_hash)
      .string(h.beneficiary)
      .string(h.state_root)
      .string(h.transactions_root)
      .string(h.receipts_root)
      .string(h.logs_bloom)
      .integer(h.difficulty)
      .integer(h.number)
      .integer(h.gas_limit)
      .integer(h.gas_used)
      .integer(h.timestamp)
      .string(h.extra_data)
      .string(h.prev_randao)
      .string(h.nonce);
  if (h.base_fee_per_gas) out.integer(*h.base_fee_per_gas);
  if (h.withdrawals_root) out.string(*h.withdrawals_root);
  if (h.blob_gas_used) out.integer(*h.blob_gas_used);
  if (h.excess_blob_gas) out.integer(*h.excess_blob_gas);
  if (h.parent_beacon_block_root) out.string(*h.parent_beacon_block_root);
  if (h.requests_hash) out.string(*h.requests_hash);
  out.end_list();
}

Result<Header> read_header(rlp::Reader& from) {
  HOCKET_TRY(rlp::Reader list, from.list());
  HOCKET_TRY(const std::size_t count,
             count_fields(list, {kFrontierFields, kLondonFields, kShanghaiFields, kCancunFields, kPragueFields},
                          "15, 16, 17, 20 or 21 header"));
  FieldReader fields(list);
  Header h;
  HOCKET_CHECK(fields.read("parentHash", h.parent_hash));
  HOCKET_CHECK(fields.read("sha3Uncles", h.ommers_hash));
  HOCKET_CHECK(fields.read("miner", h.beneficiary));
  HOCKET_CHECK(fields.read("stateRoot", h.state_root));
  HOCKET_CHECK(fields.read("transactionsRoot", h.transactions_root));
  HOCKET_CHECK(fields.read("receiptsRoot", h.receipts_root));
  HOCKET_CHECK(fields.read("logsBloom", h.logs_bloom));
  HOCKET_CHECK(fields.read("difficulty", h.difficulty));
  HOCKET_CHECK(fields.read("number", h.number));
  HOCKET_CHECK(fields.read("gasLimit", h.gas_limit));
  HOCKET_CHECK(fields.read("gasUsed", h.gas_used));
  HOCKET_CHECK(fields.read("timestamp", h.timestamp));
  HOCKET_CHECK(fields.read("extraData", h.extra_data));
  HOCKET_CHECK(fields.read("mixHash", h.prev_randao));
  HOCKET_CHECK(fields.read("nonce", h.nonce));
  if (count >= kLondonFields) HOCKET_CHECK(fields.read("baseFeePerGas", h.base_fee_per_gas));
  if (count >= kShanghaiFields) HOCKET_CHECK(fields.read("withdrawalsRoot", h.withdrawals_root));
  if (count >= kCancunFields) {
    HOCKET_CHECK(fields.read("blobGasUsed", h.blob_gas_used));
    HOCKET_CHECK(fields.read("excessBlobGas", h.excess_blob_gas));
    HOCKET_CHECK(fields.read("parentBeaconBlockRoot", h.parent_beacon_block_root));
  }
  if (count >= kPragueFields) HOCKET_CHECK(fields.read("requestsHash", h.requests_hash));
  return h;
}

Bytes encode(const Header& header) {
  rlp::Writer out;
  write(out, header);
  return out.take();
}

Result<Header> decode_header(BytesView rlp) { return read_whole(rlp, read_header); }

Hash32 hash_of(const Header& header) { return keccak256(encode(header)); }

}  // namespace hocket
