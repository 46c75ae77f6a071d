#include "conformance/state_fixture.hpp"

#include "crypto/secp256k1.hpp"

namespace hocket {
namespace {

using Environment = StateFixture::Environment;
using Expectation = StateFixture::Expectation;

Result<Environment> decode_environment(JsonObject env) {
  Environment environment;
  HOCKET_TRY(environment.beneficiary, read_member<Address>(env, "currentCoinbase"));
  HOCKET_TRY(environment.number, read_member<std::uint64_t>(env, "currentNumber"));
  HOCKET_TRY(environment.gas_limit, read_member<std::uint64_t>(env, "currentGasLimit"));
  HOCKET_TRY(environment.timestamp, read_member<std::uint64_t>(env, "currentTimestamp"));
  HOCKET_TRY(const auto difficulty, read_optional_member<u256>(env, "currentDifficulty"));
  environment.difficulty = difficulty.value_or(u256());
  HOCKET_TRY(environment.random, read_optional_member<Hash32>(env, "currentRandom"));
  HOCKET_TRY(environment.base_fee, read_optional_member<u256>(env, "currentBaseFee"));
  HOCKET_TRY(environment.excess_blob_gas, read_optional_member<std::uint64_t>(env, "currentExcessBlobGas"));
  return environment;
}

/// The transaction has the combination that the expectation is about.
Result<void> check_indexes(const Expectation& expectation, JsonObject transaction) {
  const std::tuple<std::string_view, std::string_view, std::uint64_t> choices[] = {
      {"data", "data", expectation.data_index},
      {"gas", "gasLimit", expectation.gas_index},
      {"value", "value", expectation.value_index},
  };
  for (const auto& [index_key, list_key, index] : choices) {
    HOCKET_TRY(const JsonArray list, read_member<JsonArray>(transaction, list_key));
    if (index >= list.size())
      return fail("indexes: " + std::string(index_key) + ": " + std::to_string(index) +
                  ", but transaction: " + std::string(list_key) + " has " + std::to_string(list.size()) + " entries");
  }
  return {};
}

Result<Expectation> decode_expectation(std::string_view fork, JsonValue value, JsonObject transaction) {
  HOCKET_TRY(const JsonObject post, read_json<JsonObject>(value));
  Expectation expectation;
  expectation.fork = fork;
  HOCKET_TRY(const JsonObject indexes, read_member<JsonObject>(post, "indexes"));
  HOCKET_TRY(expectation.data_index, read_member<std::uint64_t>(indexes, "data"));
  HOCKET_TRY(expectation.gas_index, read_member<std::uint64_t>(indexes, "gas"));
  HOCKET_TRY(expectation.value_index, read_member<std::uint64_t>(indexes, "value"));
  HOCKET_CHECK(check_indexes(expectation, transaction));
  HOCKET_TRY(expectation.state_root, read_member<Hash32>(post, "hash"));
  HOCKET_TRY(expectation.logs_hash, read_member<Hash32>(post, "logs"));
  HOCKET_TRY(const auto exception, read_optional_member<std::string_view>(post, "expectException"));
  if (exception && !exception->empty()) expectation.exception = *exception;
  HOCKET_TRY(expectation.transaction_bytes, read_optional_member<Bytes>(post, "txbytes"));
  return expectation;
}

Result<std::vector<Expectation>> decode_expectations(JsonObject post, JsonObject transaction) {
  std::vector<Expectation> expectations;
  for (const auto [fork, value] : post) {
    auto entries = read_json<JsonArray>(value);
    if (!entries) return std::unexpected(std::move(entries).error().in(fork));
    std::size_t index = 0;
    for (const JsonValue entry : *entries) {
      auto expectation = decode_expectation(fork, entry, transaction);
      if (!expectation)
        return std::unexpected(
            std::move(expectation).error().in(std::string(fork) + ": entry " + std::to_string(index)));
      expectations.push_back(*std::move(expectation));
      ++index;
    }
  }
  if (expectations.empty()) return fail("expected the results of a fork, found none");
  return expectations;
}

/// Entry `index` of the list that member `key` is.
Result<JsonValue> choose(JsonObject object, std::string_view key, std::size_t index) {
  HOCKET_TRY(const JsonArray list, read_member<JsonArray>(object, key));
  JsonValue value;
  if (list.at(index).get(value) != simdjson::SUCCESS)
    return fail(std::string(key) + ": expected an entry " + std::to_string(index) + ", found " +
                std::to_string(list.size()) + " entries");
  return value;
}

template <class T>
Result<T> read_chosen(JsonObject object, std::string_view key, std::size_t index) {
  HOCKET_TRY(const JsonValue value, choose(object, key, index));
  auto read = read_json<T>(value);
  if (!read) return std::unexpected(std::move(read).error().in(key));
  return read;
}

/// The access list of the combination; absent: a transaction type without one. "accessLists" may hold null.
Result<std::optional<std::vector<AccessListEntry>>> decode_chosen_access_list(JsonObject tx, std::size_t index) {
  if (!member(tx, "accessLists")) return std::nullopt;
  HOCKET_TRY(const JsonValue value, choose(tx, "accessLists", index));
  if (value.is_null()) return std::nullopt;
  HOCKET_TRY(const JsonArray entries, read_json<JsonArray>(value));
  HOCKET_TRY(auto list, decode_access_list(entries));
  return list;
}

/// State tests do not say the type: the fields that are there do.
Result<void> decode_typed_fields(Transaction& transaction, JsonObject tx, std::size_t data_index) {
  HOCKET_TRY(auto access_list, decode_chosen_access_list(tx, data_index));
  if (access_list) {
    transaction.type = TransactionType::access_list;
    transaction.access_list = *std::move(access_list);
  }
  if (member(tx, "maxFeePerGas")) {
    transaction.type = TransactionType::dynamic_fee;
    HOCKET_TRY(transaction.max_fee_per_gas, read_member<u256>(tx, "maxFeePerGas"));
    HOCKET_TRY(transaction.max_priority_fee_per_gas, read_member<u256>(tx, "maxPriorityFeePerGas"));
  } else {
    HOCKET_TRY(transaction.max_fee_per_gas, read_member<u256>(tx, "gasPrice"));
    transaction.max_priority_fee_per_gas = transaction.max_fee_per_gas;
  }
  if (member(tx, "maxFeePerBlobGas") || member(tx, "blobVersionedHashes")) {
    transaction.type = TransactionType::blob;
    HOCKET_TRY(transaction.max_fee_per_blob_gas, read_member<u256>(tx, "maxFeePerBlobGas"));
    HOCKET_TRY(const JsonArray hashes, read_member<JsonArray>(tx, "blobVersionedHashes"));
    for (const JsonValue value : hashes) {
      HOCKET_TRY(const Hash32 hash, read_json<Hash32>(value));
      transaction.blob_versioned_hashes.push_back(hash);
    }
  }
  HOCKET_TRY(const auto authorizations, read_optional_member<JsonArray>(tx, "authorizationList"));
  if (authorizations) {
    transaction.type = TransactionType::set_code;
    HOCKET_TRY(transaction.authorization_list, decode_authorization_list(*authorizations));
  }
  return {};
}

Result<Address> decode_sender(JsonObject tx) {
  if (member(tx, "sender")) return read_member<Address>(tx, "sender");
  HOCKET_TRY(const Hash32 secret, read_member<Hash32>(tx, "secretKey"));
  const auto address = address_of(secret);
  if (!address) return fail("secretKey: expected a secp256k1 key");
  return *address;
}

}  // namespace

Result<Transaction> StateFixture::transaction(const Expectation& expectation) const {
  Transaction transaction;
  HOCKET_TRY(transaction.nonce, read_member<std::uint64_t>(transaction_, "nonce"));
  HOCKET_TRY(transaction.data, read_chosen<Bytes>(transaction_, "data", expectation.data_index));
  HOCKET_TRY(transaction.gas_limit, read_chosen<std::uint64_t>(transaction_, "gasLimit", expectation.gas_index));
  HOCKET_TRY(transaction.value, read_chosen<u256>(transaction_, "value", expectation.value_index));
  HOCKET_TRY(const std::string_view to, read_member<std::string_view>(transaction_, "to"));
  if (!to.empty()) {
    HOCKET_TRY(transaction.to, read_member<Address>(transaction_, "to"));
  }
  HOCKET_CHECK(decode_typed_fields(transaction, transaction_, expectation.data_index));
  HOCKET_TRY(transaction.sender, decode_sender(transaction_));
  return transaction;
}

Result<StateFixture> decode_state_fixture(std::string name, JsonValue value) {
  HOCKET_TRY(const JsonObject test, read_json<JsonObject>(value));
  StateFixture fixture;
  fixture.name = std::move(name);
  HOCKET_TRY(const JsonObject env, read_member<JsonObject>(test, "env"));
  auto environment = decode_environment(env);
  if (!environment) return std::unexpected(std::move(environment).error().in("env"));
  fixture.environment = *environment;
  HOCKET_TRY(const JsonObject accounts, read_member<JsonObject>(test, "pre"));
  auto pre = decode_state(accounts);
  if (!pre) return std::unexpected(std::move(pre).error().in("pre"));
  fixture.pre = *std::move(pre);
  HOCKET_TRY(fixture.transaction_, read_member<JsonObject>(test, "transaction"));
  HOCKET_TRY(fixture.config_, read_optional_member<JsonObject>(test, "config"));
  HOCKET_TRY(const JsonObject post, read_member<JsonObject>(test, "post"));
  auto expectations = decode_expectations(post, fixture.transaction_);
  if (!expectations) return std::unexpected(std::move(expectations).error().in("post"));
  fixture.expectations = *std::move(expectations);
  return fixture;
}

}  // namespace hocket
