#include "block/verify.hpp"

#include "base/hex.hpp"
#include "block/roots.hpp"

namespace hocket {
namespace {

Verdict check(bool holds, BlockError code, std::string_view field, const auto& found, const auto& computed) {
  if (holds) return {};
  return std::unexpected(InvalidBlock{.code = code,
                                      .transaction_error = std::nullopt,
                                      .transaction_index = std::nullopt,
                                      .detail = std::string(field) + " " + found() + ", computed " + computed()});
}

Verdict check_number(std::string_view field, std::uint64_t found, std::uint64_t computed, BlockError code) {
  return check(
      found == computed, code, field, [&] { return std::to_string(found); }, [&] { return std::to_string(computed); });
}

Verdict check_bytes(std::string_view field, const auto& found, const auto& computed, BlockError code) {
  return check(found == computed, code, field, [&] { return to_hex(found); }, [&] { return to_hex(computed); });
}

}  // namespace

Verdict verify(const BlockOutput& output, const Header& header, const ChainConfig& config,
               const std::optional<Hash32>& state_root) {
  const Spec& spec = config.spec_for(header);
  HOCKET_CHECK(check_number("gasUsed", header.gas_used, output.gas_used, BlockError::invalid_gas_used));
  if (spec.blob_transactions)
    HOCKET_CHECK(check_number("blobGasUsed", header.blob_gas_used.value_or(0), output.blob_gas_used,
                              BlockError::incorrect_blob_gas_used));
  HOCKET_CHECK(check_bytes("logsBloom", header.logs_bloom, output.logs_bloom, BlockError::invalid_log_bloom));
  if (!output.lacks_intermediate_roots) {
    const Hash32 root = output.receipts_root ? *output.receipts_root : receipts_root(output.receipts);
    HOCKET_CHECK(check_bytes("receiptsRoot", header.receipts_root, root, BlockError::invalid_receipts_root));
  }
  if (spec.requests)
    HOCKET_CHECK(check_bytes("requestsHash", header.requests_hash.value_or(Hash32{}), requests_hash(output.requests),
                             BlockError::invalid_requests));
  if (state_root)
    HOCKET_CHECK(check_bytes("stateRoot", header.state_root, *state_root, BlockError::invalid_state_root));
  return {};
}

}  // namespace hocket
