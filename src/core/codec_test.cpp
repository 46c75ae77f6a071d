#include "core/codec.hpp"

#include "base/hex.hpp"
#include "core/account.hpp"
#include "crypto/keccak.hpp"
#include "crypto/secp256k1.hpp"
#include "rlp/decode.hpp"
#include "rlp/encode.hpp"

#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hocket {
namespace {

using namespace hocket::literals;
using ::testing::HasSubstr;

constexpr TransactionType kTypes[] = {TransactionType::legacy, TransactionType::access_list,
                                      TransactionType::dynamic_fee, TransactionType::blob, TransactionType::set_code};

/// A transaction with every field of its type set, and with lists of two elements.
Transaction sample(TransactionType type) {
  Transaction tx;
  tx.type = type;
  tx.chain_id = 0xffffffffffffffff;
  tx.nonce = 0xfffffffffffffffe;
  tx.max_fee_per_gas = u256::max();
  tx.max_priority_fee_per_gas = type >= TransactionType::dynamic_fee ? u256{7} : tx.max_fee_per_gas;
  tx.gas_limit = 21000;
  tx.to = "00000000000000000000000000000000000000aa"_address;
  tx.value = u256{1} << 200;
  tx.data = Bytes(60, 0x00);
  tx.signature = {1, u256{3} << 100, u256{5}};
  const AccessListEntry entry{*tx.to, {to_hash32(1), to_hash32(u256::max())}};
  if (type != TransactionType::legacy) tx.access_list = {entry, {*tx.to, {}}};
  if (type == TransactionType::blob) {
    tx.max_fee_per_blob_gas = 9;
    tx.blob_versioned_hashes = {to_hash32(1), to_hash32(2)};
  }
  if (type == TransactionType::set_code)
    tx.authorization_list = {{u256::max(), *tx.to, ~0ull, {255, u256::max(), 0}}, {0, Address{}, 0, {0, 1, 2}}};
  return tx;
}

TEST(TransactionCodec, EveryTypeMakesTheRoundTrip) {
  for (const TransactionType type : kTypes) {
    Transaction tx = sample(type);
    EXPECT_EQ(decode_transaction(encode(tx)).value(), tx) << static_cast<int>(type);
    tx.data.clear();
    tx.access_list.clear();
    tx.value = 0;
    tx.signature.y_parity = 0;
    if (type < TransactionType::blob) tx.to.reset();
    EXPECT_EQ(decode_transaction(encode(tx)).value(), tx) << static_cast<int>(type);
    if (type != TransactionType::legacy) {
      EXPECT_EQ(encode(tx)[0], static_cast<std::uint8_t>(type));
    }
  }
}

TEST(TransactionCodec, LegacyVHoldsParityAndChainId) {
  const auto with_v = [](const u256& v) {
    rlp::Writer out;
    out.begin_list().integer(0).integer(1).integer(21000).string({}).integer(0).string({}).integer(v);
    return out.integer(1).integer(1).end_list().take();
  };
  const struct {
    u256 v;
    std::optional<std::uint64_t> chain_id;
    int y_parity;  // -1: an error
  } cases[] = {
      {0, {}, -1},
      {1, {}, -1},
      {26, {}, -1},
      {27, {}, 0},
      {28, {}, 1},
      {29, {}, -1},
      {34, {}, -1},
      {35, 0, 0},
      {36, 0, 1},
      {37, 1, 0},
      {38, 1, 1},
      {(u256{~0ull} << 1) + 35, ~0ull, 0},
      {(u256{~0ull} << 1) + 36, ~0ull, 1},
      {(u256{~0ull} << 1) + 37, {}, -1},
      {u256::max(), {}, -1},
  };
  for (const auto& c : cases) {
    const Bytes encoding = with_v(c.v);
    const auto tx = decode_transaction(encoding);
    ASSERT_EQ(tx.has_value(), c.y_parity >= 0) << to_decimal(c.v);
    if (!tx) {
      EXPECT_THAT(tx.error().message, HasSubstr("v: expected 27, 28, or 35 and more"));
      continue;
    }
    EXPECT_EQ(tx->chain_id, c.chain_id);
    EXPECT_EQ(tx->signature.y_parity, c.y_parity);
    EXPECT_EQ(encode(*tx), encoding);
  }
}

TEST(TransactionCodec, SigningHashOfTheExampleInEip155) {
  Transaction tx;
  tx.chain_id = 1;
  tx.nonce = 9;
  tx.max_fee_per_gas = tx.max_priority_fee_per_gas = 20'000'000'000;
  tx.gas_limit = 21000;
  tx.to = "3535353535353535353535353535353535353535"_address;
  tx.value = 1'000'000'000'000'000'000;
  EXPECT_EQ(signing_hash(tx), "daf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53"_hash32);
  const Hash32 secret = to_hash32(u256{0x46} * (u256::max() / 255));
  const auto signature = sign(signing_hash(tx), secret).value();
  tx.signature = {signature.y_parity, signature.r, signature.s};
  EXPECT_EQ(to_hex_bare(encode(tx)),
            "f86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025a028ef61340bd939bc"
            "2195fe537567866003e1a15d3c71ff63e1590620aa636276a067cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb196"
            "6a3b6d83");
}

TEST(TransactionCodec, SigningHashLeavesOutTheSignatureOnly) {
  for (const TransactionType type : kTypes) {
    const Transaction tx = sample(type);
    Transaction other = tx;
    other.signature = {0, 1, 1};
    EXPECT_EQ(signing_hash(other), signing_hash(tx));
    other = tx;
    other.value = 1;
    EXPECT_NE(signing_hash(other), signing_hash(tx));
    other = tx;
    other.chain_id = 1;
    EXPECT_NE(signing_hash(other), signing_hash(tx));
  }
  const Authorization authorization{1, "00000000000000000000000000000000000000aa"_address, 2, {0, 1, 1}};
  EXPECT_EQ(signing_hash(authorization), keccak256("05d70194"
                                                   "00000000000000000000000000000000000000aa02"_hex));
}

/// The sample's payload with item `index` replaced.
Bytes with_item(TransactionType type, std::size_t index, BytesView item) {
  const Bytes encoding = encode(sample(type));
  const std::size_t start = type == TransactionType::legacy ? 0 : 1;
  rlp::Reader payload(BytesView(encoding).subspan(start));
  rlp::Reader fields = payload.list().value();
  rlp::Writer out;
  out.begin_list();
  for (std::size_t i = 0; !fields.at_end(); ++i) {
    const rlp::Item original = fields.item().value();
    out.encoded(i == index ? item : original.encoded);
  }
  Bytes result(encoding.begin(), encoding.begin() + static_cast<std::ptrdiff_t>(start));
  append(result, out.end_list().take());
  return result;
}

TEST(TransactionCodec, ErrorsNameFieldAndExpectation) {
  const Bytes nine_bytes = "89010000000000000000"_hex;
  const Bytes leading_zero = "820001"_hex;
  Bytes too_large{0xa1, 1};
  too_large.resize(34);
  using enum TransactionType;
  const struct {
    TransactionType type;
    std::size_t index;
    Bytes item;
    const char* message;
  } cases[] = {
      {legacy, 0, nine_bytes, "nonce: byte 2: expected an integer of at most 8 bytes, found 9"},
      {legacy, 0, leading_zero, "nonce: byte 2: integer with a leading zero byte"},
      {legacy, 0, "c0"_hex, "nonce: byte 2: expected an integer, found a list"},
      {legacy, 1, too_large, "gasPrice: byte 11: expected an integer of at most 32 bytes, found 33"},
      {legacy, 2, nine_bytes, "gasLimit: "},
      {legacy, 3, "8101"_hex, "RLP header before a byte below 0x80"},
      {legacy, 3, "82aabb"_hex, "expected 20 bytes or none, found 2"},
      {legacy, 3, "c0"_hex, "to: "},
      {legacy, 4, too_large, "value: "},
      {legacy, 5, "c0"_hex, "data: "},
      {legacy, 6, leading_zero, "v: "},
      {legacy, 7, too_large, "r: "},
      {legacy, 8, leading_zero, "s: "},
      {access_list, 0, nine_bytes, "chainId: "},
      {access_list, 7, "80"_hex, "accessList: byte"},
      {access_list, 7, "c1c0"_hex, "accessList 0: byte 169: expected 2 access list entry fields, found 0"},
      {access_list, 7, "c3c281aa"_hex, "accessList 0: "},
      {access_list, 8, "02"_hex, "yParity: expected 0 or 1, found 2"},
      {dynamic_fee, 2, too_large, "maxPriorityFeePerGas: "},
      {dynamic_fee, 3, too_large, "maxFeePerGas: "},
      {blob, 5, "80"_hex, "expected 20 bytes: a blob transaction creates no contract"},
      {blob, 9, leading_zero, "maxFeePerBlobGas: "},
      {blob, 10, "c101"_hex, "blobVersionedHashes 0: byte"},
      {set_code, 5, "80"_hex, "expected 20 bytes: a set code transaction creates no contract"},
      {set_code, 9, "c1c0"_hex, "authorizationList 0: byte"},
  };
  for (const auto& c : cases) {
    const auto tx = decode_transaction(with_item(c.type, c.index, c.item));
    ASSERT_FALSE(tx) << c.message;
    EXPECT_THAT(tx.error().message, HasSubstr(c.message));
  }
}

TEST(TransactionCodec, AuthorizationPartsMayBeOutOfRangeButMustFit) {
  const auto authorization = [](auto&& write_parity) {
    rlp::Writer out;
    out.begin_list().begin_list().integer(u256::max()).string(Address{}).integer(1);
    write_parity(out);
    return out.integer(u256::max()).integer(0).end_list().end_list().take();
  };
  EXPECT_TRUE(decode_transaction(
      with_item(TransactionType::set_code, 9, authorization([](rlp::Writer& out) { out.integer(255); }))));
  const auto too_large = decode_transaction(
      with_item(TransactionType::set_code, 9, authorization([](rlp::Writer& out) { out.integer(256); })));
  EXPECT_THAT(too_large.error().message, HasSubstr("authorizationList 0: yParity: expected one byte, found 256"));
}

TEST(TransactionCodec, EnvelopeErrors) {
  const struct {
    const char* name;
    Bytes bytes;
    const char* message;
  } cases[] = {
      {"nothing", {}, "expected a transaction, found nothing"},
      {"type 0", "00c0"_hex, "expected a legacy transaction or one of type 1 to 4, found type 0"},
      {"type 5", "05c0"_hex, "found type 5"},
      {"type 0x7f", "7fc0"_hex, "found type 127"},
      {"a string", "b80201c0"_hex, "found type 184"},
      {"empty payload", "02"_hex, "byte 1: RLP item goes beyond"},
      {"payload is a string", "0280"_hex, "byte 1: expected a list"},
      {"too few fields", "02c0"_hex, "expected 12 dynamic fee transaction fields, found 0"},
      {"too few legacy fields", "c0"_hex, "expected 9 legacy transaction fields, found 0"},
  };
  for (const auto& c : cases) {
    const auto tx = decode_transaction(c.bytes);
    ASSERT_FALSE(tx) << c.name;
    EXPECT_THAT(tx.error().message, HasSubstr(c.message)) << c.name;
  }
  for (const TransactionType type : kTypes) {
    Bytes trailing = encode(sample(type));
    trailing.push_back(0x80);
    EXPECT_THAT(decode_transaction(trailing).error().message, HasSubstr("expected the end, found 1 more bytes"));
  }
}

Header sample_header() {
  Header h;
  h.parent_hash = to_hash32(1);
  h.ommers_hash = kEmptyListHash;
  h.beneficiary = "00000000000000000000000000000000000000aa"_address;
  h.logs_bloom.bytes[255] = 1;
  h.difficulty = u256{1} << 70;
  h.number = 123;
  h.gas_limit = 30'000'000;
  h.timestamp = ~0ull;
  h.extra_data = Bytes(40, 0x61);
  h.nonce.bytes[0] = 0x42;
  return h;
}

TEST(HeaderCodec, FieldsAppearWithTheirForks) {
  Header h = sample_header();
  const auto field_count = [](const Header& header) {
    const Bytes encoding = encode(header);
    return rlp::Reader(encoding).list().value().count().value();
  };
  const auto expect_round_trip = [&](std::size_t fields) {
    EXPECT_EQ(field_count(h), fields);
    EXPECT_EQ(decode_header(encode(h)).value(), h);
    EXPECT_EQ(hash_of(h), keccak256(encode(h)));
  };
  expect_round_trip(15);
  h.base_fee_per_gas = 0;
  expect_round_trip(16);
  h.withdrawals_root = kEmptyTrieRoot;
  expect_round_trip(17);
  h.blob_gas_used = 1;
  EXPECT_THAT(decode_header(encode(h)).error().message,
              HasSubstr("expected 15, 16, 17, 20 or 21 header fields, found 18"));
  h.excess_blob_gas = 0;
  EXPECT_FALSE(decode_header(encode(h)));
  h.parent_beacon_block_root = to_hash32(3);
  expect_round_trip(20);
  h.requests_hash = to_hash32(4);
  expect_round_trip(21);
}

TEST(BlockCodec, RoundTripAndPlacesOfErrors) {
  Block block;
  block.header = sample_header();
  for (const TransactionType type : kTypes) block.transactions.push_back(sample(type));
  block.ommers = {sample_header(), sample_header()};
  EXPECT_EQ(decode_block(encode(block)).value(), block);
  block.withdrawals.emplace();
  EXPECT_EQ(decode_block(encode(block)).value(), block);
  block.withdrawals->push_back({1, 2, block.header.beneficiary, ~0ull});
  EXPECT_EQ(decode_block(encode(block)).value(), block);

  const auto error_of = [](Bytes bytes) { return decode_block(bytes).error().message; };
  EXPECT_THAT(error_of("c0"_hex), HasSubstr("byte 1: expected 3 or 4 block fields, found 0"));
  EXPECT_THAT(error_of("c3c0c0c0"_hex), HasSubstr("header: byte 2: expected 15, 16, 17, 20 or 21 header fields"));
  const auto with_lists = [](std::string_view transactions, std::string_view ommers, std::string_view withdrawals) {
    rlp::Writer out;
    out.begin_list().encoded(encode(sample_header())).encoded(from_hex(transactions).value());
    return out.encoded(from_hex(ommers).value()).encoded(from_hex(withdrawals).value()).end_list().take();
  };
  EXPECT_THAT(error_of(with_lists("80", "c0", "c0")), HasSubstr("transaction: byte "));
  EXPECT_THAT(error_of(with_lists("c180", "c0", "c0")), HasSubstr("transaction 0: byte "));
  EXPECT_THAT(error_of(with_lists("c105", "c0", "c0")), HasSubstr("found type 5"));
  EXPECT_THAT(error_of(with_lists("c0", "c1c0", "c0")), HasSubstr("ommer 0: byte "));
  EXPECT_THAT(error_of(with_lists("c0", "c0", "c1c0")), HasSubstr("withdrawal 0: byte "));
  Bytes trailing = with_lists("c0", "c0", "c0");
  EXPECT_TRUE(decode_block(trailing));
  trailing.push_back(0);
  EXPECT_THAT(error_of(trailing), HasSubstr("expected the end"));
}

TEST(ReceiptCodec, StatusRootAndType) {
  Receipt receipt;
  receipt.cumulative_gas_used = 21000;
  const auto head = [&] {
    const Bytes encoding = encode(receipt);
    return to_hex_bare(BytesView(encoding).first(8));
  };
  EXPECT_EQ(head(), "f9010880825208b9");
  receipt.success = true;
  EXPECT_EQ(head(), "f9010801825208b9");
  receipt.type = TransactionType::blob;
  EXPECT_EQ(head(), "03f9010801825208");
  receipt.intermediate_state_root = to_hash32(u256::max());
  EXPECT_EQ(head(), "03f90128a0ffffff");
  receipt.logs = {{Address{}, {to_hash32(1), to_hash32(2)}, {0xaa, 0xbb}}};
  const Bytes encoding = encode(receipt);
  EXPECT_TRUE(rlp::validate(BytesView(encoding).subspan(1)));
}

}  // namespace
}  // namespace hocket
