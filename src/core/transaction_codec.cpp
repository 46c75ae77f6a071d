#include "core/codec.hpp"
#include "core/element_codec.hpp"
#include "core/field_reader.hpp"
#include "crypto/keccak.hpp"

namespace hocket {
namespace {

// Number of fields of each type's payload, signature included.
constexpr std::size_t kFieldCounts[] = {
    9,   // legacy
    11,  // EIP-2930
    12,  // EIP-1559
    14,  // EIP-4844
    13,  // EIP-7702
};

std::string_view name_of(TransactionType type) noexcept {
  switch (type) {
    case TransactionType::legacy:
      return "legacy transaction";
    case TransactionType::access_list:
      return "access list transaction";
    case TransactionType::dynamic_fee:
      return "dynamic fee transaction";
    case TransactionType::blob:
      return "blob transaction";
    case TransactionType::set_code:
      return "set code transaction";
  }
  return "transaction";
}

constexpr bool has_access_list(TransactionType type) noexcept { return type != TransactionType::legacy; }
constexpr bool has_two_prices(TransactionType type) noexcept { return type >= TransactionType::dynamic_fee; }
/// EIP-4844, EIP-7702: there must be a recipient.
constexpr bool can_create(TransactionType type) noexcept { return type < TransactionType::blob; }

// --- encoding --------------------------------------------------------------------------------------------------------

void write_access_list(rlp::Writer& out, const std::vector<AccessListEntry>& access_list) {
  out.begin_list();
  for (const AccessListEntry& entry : access_list) {
    out.begin_list().string(entry.address).begin_list();
    for (const Hash32& key : entry.storage_keys) out.string(key);
    out.end_list().end_list();
  }
  out.end_list();
}

void write_authorization_list(rlp::Writer& out, const std::vector<Authorization>& authorizations) {
  out.begin_list();
  for (const Authorization& a : authorizations)
    out.begin_list()
        .integer(a.chain_id)
        .string(a.address)
        .integer(a.nonce)
        .integer(a.signature.y_parity)
        .integer(a.signature.r)
        .integer(a.signature.s)
        .end_list();
  out.end_list();
}

/// Everything that is signed, without the list around it and without EIP-155's trailing fields.
void write_unsigned_fields(rlp::Writer& out, const Transaction& tx) {
  if (tx.type != TransactionType::legacy) out.integer(tx.chain_id.value_or(0));
  out.integer(tx.nonce);
  if (has_two_prices(tx.type)) out.integer(tx.max_priority_fee_per_gas);
  out.integer(tx.max_fee_per_gas).integer(tx.gas_limit);
  out.string(tx.to ? BytesView(*tx.to) : BytesView()).integer(tx.value).string(tx.data);
  if (has_access_list(tx.type)) write_access_list(out, tx.access_list);
  if (tx.type == TransactionType::blob) {
    out.integer(tx.max_fee_per_blob_gas).begin_list();
    for (const Hash32& hash : tx.blob_versioned_hashes) out.string(hash);
    out.end_list();
  }
  if (tx.type == TransactionType::set_code) write_authorization_list(out, tx.authorization_list);
}

/// Legacy `v`: YP (321) and, with a chain id, EIP-155.
u256 legacy_v(const Transaction& tx) noexcept {
  if (!tx.chain_id) return u256{27} + tx.signature.y_parity;
  return u256{*tx.chain_id} + *tx.chain_id + 35 + tx.signature.y_parity;
}

void write_signed(rlp::Writer& out, const Transaction& tx) {
  out.begin_list();
  write_unsigned_fields(out, tx);
  out.integer(tx.type == TransactionType::legacy ? legacy_v(tx) : u256{tx.signature.y_parity});
  out.integer(tx.signature.r).integer(tx.signature.s).end_list();
}

Bytes with_type(TransactionType type, const Bytes& payload) {
  Bytes out;
  out.reserve(1 + payload.size());
  out.push_back(static_cast<std::uint8_t>(type));
  append(out, payload);
  return out;
}

// --- decoding --------------------------------------------------------------------------------------------------------

Result<void> read_recipient(FieldReader& fields, Transaction& tx) {
  const std::size_t offset = fields.reader().offset();
  Bytes to;
  HOCKET_CHECK(fields.read("to", to));
  if (to.size() == Address::kSize) {
    tx.to = Address::from(to);
    return {};
  }
  const std::string place = "to: byte " + std::to_string(offset) + ": ";
  if (to.empty() && can_create(tx.type)) return {};
  if (to.empty()) return fail(place + "expected 20 bytes: a " + std::string(name_of(tx.type)) + " creates no contract");
  return fail(place + "expected 20 bytes" + (can_create(tx.type) ? " or none" : "") + ", found " +
              std::to_string(to.size()));
}

Result<Hash32> read_hash(rlp::Reader& from) { return from.fixed<Hash32>(); }

Result<AccessListEntry> read_access_list_entry(rlp::Reader& from) {
  HOCKET_TRY(rlp::Reader list, from.list());
  HOCKET_CHECK(count_fields(list, {2}, "2 access list entry"));
  FieldReader fields(list);
  AccessListEntry entry;
  HOCKET_CHECK(fields.read("address", entry.address));
  HOCKET_CHECK(fields.read_list("storageKeys", entry.storage_keys, read_hash));
  return entry;
}

Result<Authorization> read_authorization(rlp::Reader& from) {
  HOCKET_TRY(rlp::Reader list, from.list());
  HOCKET_CHECK(count_fields(list, {6}, "6 authorization"));
  FieldReader fields(list);
  Authorization a;
  HOCKET_CHECK(fields.read("chainId", a.chain_id));
  HOCKET_CHECK(fields.read("address", a.address));
  HOCKET_CHECK(fields.read("nonce", a.nonce));
  std::uint64_t y_parity = 0;
  HOCKET_CHECK(fields.read("yParity", y_parity));
  if (y_parity > 0xff) return fail("yParity: expected one byte, found " + std::to_string(y_parity));
  a.signature.y_parity = static_cast<std::uint8_t>(y_parity);
  HOCKET_CHECK(fields.read("r", a.signature.r));
  HOCKET_CHECK(fields.read("s", a.signature.s));
  return a;
}

/// Splits a legacy `v` into parity and chain id.
Result<void> set_legacy_v(Transaction& tx, const u256& v) {
  const u256 kUnprotected{27};
  const u256 kProtected{35};
  if (v == kUnprotected || v == kUnprotected + 1) {
    tx.signature.y_parity = static_cast<std::uint8_t>((v - kUnprotected).low64());
    return {};
  }
  const u256 chain_id = (v - kProtected) >> 1;
  if (v < kProtected || !chain_id.fits_u64())
    return fail("v: expected 27, 28, or 35 and more with a chain id below 2^64, found " + to_decimal(v));
  tx.chain_id = chain_id.low64();
  tx.signature.y_parity = static_cast<std::uint8_t>((v - kProtected).low64() & 1);
  return {};
}

Result<void> read_signature(FieldReader& fields, Transaction& tx) {
  u256 v;
  if (tx.type == TransactionType::legacy) {
    HOCKET_CHECK(fields.read("v", v));
    HOCKET_CHECK(set_legacy_v(tx, v));
  } else {
    HOCKET_CHECK(fields.read("yParity", v));
    if (v > 1) return fail("yParity: expected 0 or 1, found " + to_decimal(v));
    tx.signature.y_parity = static_cast<std::uint8_t>(v.low64());
  }
  HOCKET_CHECK(fields.read("r", tx.signature.r));
  return fields.read("s", tx.signature.s);
}

/// The payload list of a transaction of this type.
Result<Transaction> read_payload(TransactionType type, rlp::Reader& from) {
  HOCKET_TRY(rlp::Reader list, from.list());
  const std::size_t expected = kFieldCounts[static_cast<std::size_t>(type)];
  HOCKET_CHECK(count_fields(list, {expected}, std::to_string(expected) + " " + std::string(name_of(type))));
  FieldReader fields(list);
  Transaction tx;
  tx.type = type;
  if (type != TransactionType::legacy) HOCKET_CHECK(fields.read("chainId", tx.chain_id));
  HOCKET_CHECK(fields.read("nonce", tx.nonce));
  if (has_two_prices(type)) {
    HOCKET_CHECK(fields.read("maxPriorityFeePerGas", tx.max_priority_fee_per_gas));
    HOCKET_CHECK(fields.read("maxFeePerGas", tx.max_fee_per_gas));
  } else {
    HOCKET_CHECK(fields.read("gasPrice", tx.max_fee_per_gas));
    tx.max_priority_fee_per_gas = tx.max_fee_per_gas;
  }
  HOCKET_CHECK(fields.read("gasLimit", tx.gas_limit));
  HOCKET_CHECK(read_recipient(fields, tx));
  HOCKET_CHECK(fields.read("value", tx.value));
  HOCKET_CHECK(fields.read("data", tx.data));
  if (has_access_list(type)) HOCKET_CHECK(fields.read_list("accessList", tx.access_list, read_access_list_entry));
  if (type == TransactionType::blob) {
    HOCKET_CHECK(fields.read("maxFeePerBlobGas", tx.max_fee_per_blob_gas));
    HOCKET_CHECK(fields.read_list("blobVersionedHashes", tx.blob_versioned_hashes, read_hash));
  }
  if (type == TransactionType::set_code)
    HOCKET_CHECK(fields.read_list("authorizationList", tx.authorization_list, read_authorization));
  HOCKET_CHECK(read_signature(fields, tx));
  return tx;
}

/// `offset`: where `bytes` lies in the whole input.
Result<Transaction> read_typed(BytesView bytes, std::size_t offset) {
  const std::string place = "byte " + std::to_string(offset) + ": ";
  if (bytes.empty()) return fail(place + "expected a transaction, found nothing");
  if (bytes[0] == 0 || bytes[0] >= std::size(kFieldCounts))
    return fail(place + "expected a legacy transaction or one of type 1 to 4, found type " + std::to_string(bytes[0]));
  rlp::Reader payload(bytes.subspan(1), offset + 1);
  HOCKET_TRY(Transaction tx, read_payload(static_cast<TransactionType>(bytes[0]), payload));
  HOCKET_CHECK(payload.end());
  return tx;
}

}  // namespace

void write(rlp::Writer& out, const Transaction& tx) {
  if (tx.type == TransactionType::legacy)
    write_signed(out, tx);
  else
    out.string(encode(tx));
}

Result<Transaction> read_transaction(rlp::Reader& from) {
  if (from.next_is_list()) return read_payload(TransactionType::legacy, from);
  HOCKET_TRY(const BytesView bytes, from.string());
  return read_typed(bytes, from.offset() - bytes.size());
}

Bytes encode(const Transaction& tx) {
  rlp::Writer out;
  write_signed(out, tx);
  return tx.type == TransactionType::legacy ? out.take() : with_type(tx.type, out.take());
}

Result<Transaction> decode_transaction(BytesView bytes) {
  rlp::Reader reader(bytes);
  if (!reader.next_is_list()) return read_typed(bytes, 0);
  return read_whole(bytes, [](rlp::Reader& from) { return read_payload(TransactionType::legacy, from); });
}

Hash32 hash_of(const Transaction& transaction) { return keccak256(encode(transaction)); }

Bytes signing_payload(const Transaction& tx) {
  rlp::Writer out;
  out.begin_list();
  write_unsigned_fields(out, tx);
  if (tx.type == TransactionType::legacy && tx.chain_id) out.integer(*tx.chain_id).string({}).string({});  // EIP-155
  Bytes payload = out.end_list().take();
  return tx.type == TransactionType::legacy ? payload : with_type(tx.type, payload);
}

Bytes signing_payload(const Authorization& authorization) {
  constexpr std::uint8_t kMagic = 0x05;  // EIP-7702
  rlp::Writer out;
  out.begin_list().integer(authorization.chain_id).string(authorization.address).integer(authorization.nonce);
  Bytes signed_bytes{kMagic};
  append(signed_bytes, out.end_list().take());
  return signed_bytes;
}

Hash32 signing_hash(const Transaction& tx) { return keccak256(signing_payload(tx)); }
Hash32 signing_hash(const Authorization& authorization) { return keccak256(signing_payload(authorization)); }

}  // namespace hocket
