// TransactionTests, the part that needs no fork's rules: what decodes, its hash and its sender, and that the message of
// what does not decode tells the fixtures' exceptions apart. Intrinsic gas and each fork's own rules are the
// transition's suites.
#include "base/hex.hpp"
#include "core/codec.hpp"
#include "crypto/secp256k1.hpp"
#include "support/fixtures.hpp"

#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

namespace hocket {
namespace {

using nlohmann::json;
using ::testing::MatchesRegex;

/// Broken in a transaction that decodes.
const std::set<std::string> kRuleExceptions = {"EC_RECOVERY_FAIL",       "GASLIMIT_PRICE_PRODUCT_OVERFLOW",
                                               "INITCODE_SIZE_EXCEEDED", "INTRINSIC_GAS_TOO_LOW",
                                               "NONCE_TOO_BIG",          "PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS_2"};

/// A fork's rule about something that, taken further, no longer decodes.
const std::set<std::string> kRuleOrDecoding = {"INVALID_CHAINID", "INVALID_SIGNATURE_VRS", "TYPE_NOT_SUPPORTED"};

/// What decoding says.
const std::map<std::string, const char*> kMessages = {
    {"ADDRESS_TOO_LONG", "to: .*expected 20 bytes or none, found .*"},
    {"ADDRESS_TOO_SHORT", "to: .*expected 20 bytes or none, found .*"},
    {"GASLIMIT_OVERFLOW", "gasLimit: .*integer .*"},
    {"GASPRICE_OVERFLOW", "(gasPrice|maxFeePerGas): .*at most 32 bytes, found 33"},
    {"NONCE_OVERFLOW", "nonce: .*at most 8 bytes, found .*"},
    {"PRIORITY_OVERFLOW", "maxPriorityFeePerGas: .*at most 32 bytes, found 33"},
    {"VALUE_OVERFLOW", "value: .*at most 32 bytes, found 33"},
    {"RLP_ERROR_EOF", "byte 0: expected a legacy transaction or one of type 1 to 4, found type 184"},
    {"RLP_ERROR_SIZE", "(byte .*: RLP item goes beyond .*|byte .*: expected the end, .*|to: .*expected 20 bytes .*)"},
    {"RLP_ERROR_SIZE_LEADING_ZEROS", "byte 0: RLP length with a leading zero byte"},
    {"RLP_INVALID_ACCESS_LIST_ADDRESS_TOO_LONG", "accessList 0: address: .*expected .* 20 bytes.*"},
    {"RLP_INVALID_ACCESS_LIST_ADDRESS_TOO_SHORT", "accessList 0: address: .*expected .* 20 bytes.*"},
    {"RLP_INVALID_ACCESS_LIST_STORAGE_TOO_LONG", "accessList 0: storageKeys 0: .*expected .* 32 bytes.*"},
    {"RLP_INVALID_ACCESS_LIST_STORAGE_TOO_SHORT", "accessList 0: storageKeys 0: .*expected .* 32 bytes.*"},
    {"RLP_INVALID_DATA", "data: .*expected a string, found a list"},
    {"RLP_INVALID_GASLIMIT", "gasLimit: .*expected an integer, found a list"},
    {"RLP_INVALID_HEADER", "byte 0: expected a legacy transaction or one of type 1 to 4, found type 184"},
    {"RLP_INVALID_NONCE", "nonce: .*expected an integer, found a list"},
    {"RLP_INVALID_SIGNATURE_R", "r: .*expected an integer, found a list"},
    {"RLP_INVALID_SIGNATURE_S", "s: .*expected an integer, found a list"},
    {"RLP_INVALID_TO", "to: .*expected a string, found a list"},
    {"RLP_LEADING_ZEROS_BASEFEE", "maxFeePerGas: .*integer with a leading zero byte"},
    {"RLP_LEADING_ZEROS_DATA_SIZE", "byte .*: RLP length with a leading zero byte"},
    {"RLP_LEADING_ZEROS_GASLIMIT", "gasLimit: .*integer with a leading zero byte"},
    {"RLP_LEADING_ZEROS_GASPRICE", "gasPrice: .*integer with a leading zero byte"},
    {"RLP_LEADING_ZEROS_NONCE", "nonce: .*integer with a leading zero byte"},
    {"RLP_LEADING_ZEROS_NONCE_SIZE", "byte 2: RLP header before a byte below 0x80.*"},
    {"RLP_LEADING_ZEROS_PRIORITY_FEE", "maxPriorityFeePerGas: .*integer with a leading zero byte"},
    {"RLP_LEADING_ZEROS_R", "r: .*integer with a leading zero byte"},
    {"RLP_LEADING_ZEROS_S", "s: .*integer with a leading zero byte"},
    {"RLP_LEADING_ZEROS_V", "v: .*integer with a leading zero byte"},
    {"RLP_LEADING_ZEROS_VALUE", "value: .*integer with a leading zero byte"},
    {"RLP_TOO_FEW_ELEMENTS", "byte .*: expected 9 legacy transaction fields, found 8"},
    {"RLP_TOO_MANY_ELEMENTS", "byte .*: expected 9 legacy transaction fields, found 10"},
};

std::optional<Address> sender_of(const Transaction& tx) {
  return recover_signer(signing_hash(tx), tx.signature.y_parity, tx.signature.r, tx.signature.s);
}

void check_valid(const Result<Transaction>& tx, const Bytes& bytes, const json& expected) {
  ASSERT_TRUE(tx) << tx.error().message;
  EXPECT_EQ(to_hex(encode(*tx)), to_hex(bytes));
  EXPECT_EQ(to_hex(hash_of(*tx)), expected.at("hash").get<std::string>());
  const auto sender = sender_of(*tx);
  ASSERT_TRUE(sender);
  EXPECT_EQ(to_hex(*sender), expected.at("sender").get<std::string>());
}

void check_exception(const Result<Transaction>& tx, const std::string& exception) {
  if (kRuleExceptions.contains(exception)) {
    ASSERT_TRUE(tx) << tx.error().message;
    if (exception == "EC_RECOVERY_FAIL") {
      EXPECT_FALSE(sender_of(*tx));
    }
    return;
  }
  if (kRuleOrDecoding.contains(exception)) return;
  ASSERT_FALSE(tx) << "decoded";
  const auto message = kMessages.find(exception);
  ASSERT_NE(message, kMessages.end()) << "unknown exception; message: " << tx.error().message;
  EXPECT_THAT(tx.error().message, MatchesRegex(message->second));
}

TEST(TransactionFixtures, DecodingHashesAndSenders) {
  HOCKET_FIXTURE_PACK_OR_SKIP(pack, "ethereum-tests");
  std::size_t results = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(pack / "TransactionTests")) {
    if (file.path().extension() != ".json") continue;
    std::ifstream stream(file.path());
    for (const auto& [name, test] : json::parse(stream).items()) {
      const auto bytes = from_hex(test.at("txbytes").get<std::string>());
      ASSERT_TRUE(bytes) << name;
      const Result<Transaction> tx = decode_transaction(*bytes);
      for (const auto& [fork, result] : test.at("result").items()) {
        SCOPED_TRACE(name + " " + fork);
        ++results;
        constexpr std::string_view kPrefix = "TransactionException.";
        if (const auto exception = result.value("exception", std::string(kPrefix)); exception == kPrefix)
          check_valid(tx, *bytes, result);
        else
          check_exception(tx, exception.substr(kPrefix.size()));
      }
    }
  }
  EXPECT_EQ(results, 2665u);
}

}  // namespace
}  // namespace hocket
