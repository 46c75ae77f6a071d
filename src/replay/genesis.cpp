#include "replay/genesis.hpp"

#include "base/hex.hpp"
#include "block/roots.hpp"
#include "core/account.hpp"
#include "replay/state_json.hpp"

#include <array>
#include <ranges>

namespace hocket {
namespace {

using json::Element;
using json::Object;

struct ForkKey {
  std::string_view key;
  ChainConfig::Activation ChainConfig::* activation;
  bool changes_the_bomb_only = false;  // no later fork implies it
};

// In the order in which they must be scheduled.
constexpr std::array kBlockForks{
    ForkKey{"homesteadBlock", &ChainConfig::homestead_block},
    ForkKey{"eip150Block", &ChainConfig::tangerine_whistle_block},
    ForkKey{"eip155Block", &ChainConfig::spurious_dragon_block},
    ForkKey{"byzantiumBlock", &ChainConfig::byzantium_block},
    ForkKey{"constantinopleBlock", &ChainConfig::constantinople_block},
    ForkKey{"petersburgBlock", &ChainConfig::petersburg_block},
    ForkKey{"istanbulBlock", &ChainConfig::istanbul_block},
    ForkKey{"muirGlacierBlock", &ChainConfig::muir_glacier_block, true},
    ForkKey{"berlinBlock", &ChainConfig::berlin_block},
    ForkKey{"londonBlock", &ChainConfig::london_block},
    ForkKey{"arrowGlacierBlock", &ChainConfig::arrow_glacier_block, true},
    ForkKey{"grayGlacierBlock", &ChainConfig::gray_glacier_block, true},
};
constexpr std::array kTimeForks{
    ForkKey{"shanghaiTime", &ChainConfig::shanghai_time},
    ForkKey{"cancunTime", &ChainConfig::cancun_time},
    ForkKey{"pragueTime", &ChainConfig::prague_time},
    ForkKey{"osakaTime", &ChainConfig::osaka_time},
};

// Keys that look like a fork's, and are either read elsewhere or change no rule of execution.
constexpr std::array<std::string_view, 6> kOtherScheduleKeys{
    "daoForkBlock", "eip158Block", "constantinopleFixBlock", "mergeNetsplitBlock", "frontierBlock", "muirGlacierTime"};

bool is_blob_parameter_fork_key(std::string_view key) {  // "bpo1Time"
  return key.size() == 8 && key.starts_with("bpo") && key[3] >= '1' && key[3] <= '9' && key.ends_with("Time");
}

// A fork that we do not know must not be taken for "nothing changes".
Result<void> refuse_unknown_forks(const Object& object) {
  for (const auto& [key, value] : object.members()) {
    if (!key.ends_with("Block") && !key.ends_with("Time")) continue;
    const auto names = [&](const ForkKey& fork) { return fork.key == key; };
    if (std::ranges::any_of(kBlockForks, names) || std::ranges::any_of(kTimeForks, names)) continue;
    if (std::ranges::find(kOtherScheduleKeys, key) != kOtherScheduleKeys.end()) continue;
    if (is_blob_parameter_fork_key(key) || value.is_null()) continue;
    return std::unexpected(json::in_key(key, Error{": a fork that is not known here, the last known is osakaTime"}));
  }
  return {};
}

// A fork builds on the one before: one that is left out starts with the next that is there (as in Besu's shorthand),
// or never. What is scheduled must not go backwards.
template <std::size_t N>
Result<void> order(const std::array<ForkKey, N>& forks, ChainConfig& config) {
  const ForkKey* last = nullptr;
  for (const ForkKey& fork : forks) {
    const auto& activation = config.*fork.activation;
    if (!activation) continue;
    if (last != nullptr && *(config.*last->activation) > *activation)
      return fail(std::string(fork.key) + ": " + std::to_string(*activation) + ", expected not less than " +
                  std::string(last->key));
    last = &fork;
  }
  ChainConfig::Activation next;
  for (const ForkKey& fork : forks | std::views::reverse) {
    auto& activation = config.*fork.activation;
    if (activation)
      next = activation;
    else if (!fork.changes_the_bomb_only)
      activation = next;
  }
  return {};
}

Result<void> read_forks(const Object& object, ChainConfig& config) {
  for (const ForkKey& fork : kBlockForks) {
    HOCKET_TRY(config.*fork.activation, object.optional(fork.key, json::u64_of));
  }
  for (const ForkKey& fork : kTimeForks) {
    HOCKET_TRY(config.*fork.activation, object.optional(fork.key, json::u64_of));
  }
  HOCKET_TRY(const auto eip158, object.optional("eip158Block", json::u64_of));
  if (eip158 != config.spurious_dragon_block)
    return fail("eip158Block: expected the same block as eip155Block: both are Spurious Dragon");
  // Besu's name; and without a block of its own Petersburg came with Constantinople.
  HOCKET_TRY(const auto constantinople_fix, object.optional("constantinopleFixBlock", json::u64_of));
  if (!config.petersburg_block) config.petersburg_block = constantinople_fix;
  if (!config.petersburg_block) config.petersburg_block = config.constantinople_block;
  HOCKET_TRY(const auto dao_support, object.optional("daoForkSupport", json::bool_of));
  HOCKET_TRY(const auto dao_block, object.optional("daoForkBlock", json::u64_of));
  if (dao_support.value_or(false)) config.dao_fork_block = dao_block;
  HOCKET_CHECK(order(kBlockForks, config));
  return order(kTimeForks, config);
}

Result<BlobParameters> blob_parameters_of(Element element) {
  HOCKET_TRY(const auto object, Object::from(element));
  BlobParameters parameters;
  HOCKET_TRY(const std::uint64_t target, object.required("target", json::u64_of));
  HOCKET_TRY(const std::uint64_t max, object.required("max", json::u64_of));
  HOCKET_TRY(parameters.base_fee_update_fraction, object.required("baseFeeUpdateFraction", json::u64_of));
  constexpr std::uint64_t kMostBlobs = 1 << 16;
  if (target > max || max > kMostBlobs)
    return fail("max: " + std::to_string(max) + ", expected at least the target and at most " +
                std::to_string(kMostBlobs));
  if (parameters.base_fee_update_fraction == 0) return fail("baseFeeUpdateFraction: 0, expected more");
  parameters.target = static_cast<std::uint32_t>(target);
  parameters.max = static_cast<std::uint32_t>(max);
  return parameters;
}

// EIP-4844, 7691: what a network has that says nothing else.
constexpr BlobParameters kCancunBlobs{.target = 3, .max = 6, .base_fee_update_fraction = 3338477};
constexpr BlobParameters kPragueBlobs{.target = 6, .max = 9, .base_fee_update_fraction = 5007716};

Result<void> read_blob_schedule(const Object& object, ChainConfig& config) {
  Object schedule;
  if (const Element* element = object.find("blobSchedule"); element != nullptr && !element->is_null()) {
    auto found = Object::from(*element);
    if (!found) return std::unexpected(json::in_key("blobSchedule", found.error()));
    schedule = std::move(*found);
  }
  const auto add = [&](const std::string& fork, ChainConfig::Activation time,
                       const std::optional<BlobParameters>& without_entry) -> Result<void> {
    if (!time) return {};
    const auto given = schedule.optional(fork, blob_parameters_of);
    if (!given) return std::unexpected(json::in_key("blobSchedule", given.error()));
    const auto parameters = *given ? *given : without_entry;
    if (!parameters) return fail("blobSchedule." + fork + ": missing, expected it because " + fork + "Time is there");
    // By time; of two at the same time the later fork counts.
    const auto place = std::ranges::upper_bound(config.blob_schedule, *time, {}, &BlobScheduleEntry::from_time);
    config.blob_schedule.insert(place, {fork, *time, *parameters});
    return {};
  };
  HOCKET_CHECK(add("cancun", config.cancun_time, kCancunBlobs));
  HOCKET_CHECK(add("prague", config.prague_time, kPragueBlobs));
  HOCKET_CHECK(add("osaka", config.osaka_time, kPragueBlobs));
  for (char digit = '1'; digit <= '9'; ++digit) {
    const std::string fork = std::string("bpo") + digit;
    HOCKET_TRY(const auto time, object.optional(fork + "Time", json::u64_of));
    HOCKET_CHECK(add(fork, time, std::nullopt));
  }
  return {};
}

// geth writes the terminal total difficulty as a bare integer of any size, and the JSON parser stops at 64 bits: such
// integers are put in quotes. Text inside strings stays as it is.
std::string quote_large_integers(std::string_view text) {
  constexpr std::size_t kSafeDigits = 18;
  std::string result;
  result.reserve(text.size() + 2 * simdjson::SIMDJSON_PADDING);
  bool in_string = false;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (in_string && c == '\\' && i + 1 < text.size()) {
      result.append(text.substr(i, 2));
      i += 2;
      continue;
    }
    if (c == '"') in_string = !in_string;
    std::size_t digits = 0;
    if (!in_string)
      while (i + digits < text.size() && text[i + digits] >= '0' && text[i + digits] <= '9') ++digits;
    if (digits == 0) {
      result += c;
      ++i;
      continue;
    }
    const char before = i == 0 ? ' ' : text[i - 1];
    const char after = i + digits < text.size() ? text[i + digits] : ' ';
    const bool is_integer = before != '-' && before != '.' && before != '+' && before != 'e' && before != 'E' &&
                            after != '.' && after != 'e' && after != 'E';
    const bool quote = digits > kSafeDigits && is_integer;
    if (quote) result += '"';
    result.append(text.substr(i, digits));
    if (quote) result += '"';
    i += digits;
  }
  return result;
}

Result<Bytes> extra_data_of(Element element) {
  HOCKET_TRY(const std::string_view text, json::text_of(element));
  return json::bytes_from(text, true);
}

BlockNonce nonce_from(std::uint64_t number) {
  BlockNonce nonce;
  store_be64(nonce.data(), number);
  return nonce;
}

Result<Header> header_of(const Object& object, const ChainConfig& config, const Hash32& computed_state_root) {
  constexpr std::uint64_t kDefaultGasLimit = 4'712'388;
  constexpr std::uint64_t kDefaultDifficulty = 131'072;
  constexpr std::uint64_t kInitialBaseFee = 1'000'000'000;  // EIP-1559
  Header h;
  HOCKET_TRY(const auto number, object.optional("number", json::u64_or_decimal_of));
  HOCKET_TRY(const auto gas_limit, object.optional("gasLimit", json::u64_or_decimal_of));
  HOCKET_TRY(const auto gas_used, object.optional("gasUsed", json::u64_or_decimal_of));
  HOCKET_TRY(const auto timestamp, object.optional("timestamp", json::u64_or_decimal_of));
  HOCKET_TRY(const auto difficulty, object.optional("difficulty", json::u256_or_decimal_of));
  HOCKET_TRY(const auto nonce, object.optional("nonce", json::u64_or_decimal_of));
  HOCKET_TRY(const auto extra_data, object.optional("extraData", extra_data_of));
  HOCKET_TRY(const auto parent_hash, object.optional("parentHash", json::fixed_of<Hash32>));
  HOCKET_TRY(const auto beneficiary, object.optional("coinbase", json::fixed_of<Address>));
  const char* mix_key = object.find("mixHash") != nullptr ? "mixHash" : "mixhash";
  HOCKET_TRY(const auto mix_hash, object.optional(mix_key, json::fixed_of<Hash32>));
  HOCKET_TRY(const auto state_root_given, object.optional("stateRoot", json::fixed_of<Hash32>));
  if (state_root_given && *state_root_given != computed_state_root)
    return fail("stateRoot: " + to_hex(*state_root_given) + ", but the allocations give " +
                to_hex(computed_state_root));
  h.number = number.value_or(0);
  h.gas_limit = gas_limit.value_or(kDefaultGasLimit);
  h.gas_used = gas_used.value_or(0);
  h.timestamp = timestamp.value_or(0);
  h.difficulty = difficulty.value_or(u256(kDefaultDifficulty));
  h.nonce = nonce_from(nonce.value_or(0));
  h.extra_data = extra_data.value_or(Bytes());
  h.parent_hash = parent_hash.value_or(Hash32());
  h.beneficiary = beneficiary.value_or(Address());
  h.prev_randao = mix_hash.value_or(Hash32());
  h.ommers_hash = kEmptyListHash;
  h.state_root = computed_state_root;
  h.transactions_root = h.receipts_root = kEmptyTrieRoot;

  const auto scheduled_at_start = [](const ChainConfig::Activation& at, std::uint64_t start) {
    return at.has_value() && *at <= start;
  };
  const bool shanghai =
      scheduled_at_start(config.shanghai_time, h.timestamp) && scheduled_at_start(config.london_block, h.number);
  HOCKET_TRY(const auto base_fee, object.optional("baseFeePerGas", json::u256_or_decimal_of));
  if (base_fee || scheduled_at_start(config.london_block, h.number))
    h.base_fee_per_gas = base_fee.value_or(u256(kInitialBaseFee));
  if (shanghai) h.withdrawals_root = kEmptyTrieRoot;
  if (shanghai && scheduled_at_start(config.cancun_time, h.timestamp)) {
    HOCKET_TRY(const auto blob_gas_used, object.optional("blobGasUsed", json::u64_or_decimal_of));
    HOCKET_TRY(const auto excess_blob_gas, object.optional("excessBlobGas", json::u64_or_decimal_of));
    h.blob_gas_used = blob_gas_used.value_or(0);
    h.excess_blob_gas = excess_blob_gas.value_or(0);
    h.parent_beacon_block_root = Hash32();
    if (scheduled_at_start(config.prague_time, h.timestamp)) h.requests_hash = requests_hash({});
  }
  return h;
}

}  // namespace

Result<ChainConfig> chain_config_from_json(Element element) {
  HOCKET_TRY(const auto object, Object::from(element));
  ChainConfig config;
  HOCKET_TRY(config.chain_id, object.required(object.find("chainID") != nullptr ? "chainID" : "chainId", json::u64_of));
  HOCKET_CHECK(refuse_unknown_forks(object));
  HOCKET_CHECK(read_forks(object, config));
  HOCKET_TRY(config.terminal_total_difficulty, object.optional("terminalTotalDifficulty", json::u256_or_decimal_of));
  HOCKET_CHECK(read_blob_schedule(object, config));
  HOCKET_TRY(const auto deposit_contract, object.optional("depositContractAddress", json::fixed_of<Address>));
  config.deposit_contract = deposit_contract.value_or(Address());
  return config;
}

Result<Genesis> genesis_from_json(std::string text, const ChainConfig* fallback) {
  text = quote_large_integers(text);
  HOCKET_TRY(const auto document, json::Document::parse(text));
  HOCKET_TRY(const auto object, Object::from(document.root()));
  Genesis genesis;
  HOCKET_TRY(const auto config, object.optional("config", chain_config_from_json));
  if (!config && fallback == nullptr) return fail("config: missing, expected the network's forks");
  genesis.config = config ? *config : *fallback;
  const Element* alloc = object.find("alloc");
  if (alloc == nullptr) return fail("alloc: missing");
  if (auto added = add_alloc(*alloc, genesis.state); !added)
    return std::unexpected(json::in_key("alloc", added.error()));
  HOCKET_TRY(genesis.block.header, header_of(object, genesis.config, state_root(genesis.state)));
  if (genesis.block.header.withdrawals_root) genesis.block.withdrawals.emplace();
  return genesis;
}

}  // namespace hocket
