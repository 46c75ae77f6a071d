#include "protocol/chain_config.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace hocket {
namespace {

constexpr BlobParameters kCancunBlobs{.target = 3, .max = 6, .base_fee_update_fraction = 3'338'477};
constexpr BlobParameters kPragueBlobs{.target = 6, .max = 9, .base_fee_update_fraction = 5'007'716};
constexpr BlobParameters kBpo1Blobs{.target = 10, .max = 15, .base_fee_update_fraction = 8'346'193};
constexpr BlobParameters kBpo2Blobs{.target = 14, .max = 21, .base_fee_update_fraction = 11'684'671};
// Not scheduled anywhere; official fixtures use them.
constexpr BlobParameters kBpo3Blobs{.target = 21, .max = 32, .base_fee_update_fraction = 20'609'697};
constexpr BlobParameters kBpo4Blobs{.target = 14, .max = 21, .base_fee_update_fraction = 13'739'630};

constexpr Address kMainnetDepositContract{{0x00, 0x00, 0x00, 0x00, 0x21, 0x9a, 0xb5, 0x40, 0x35, 0x6c,
                                           0xbb, 0x83, 0x9c, 0xbe, 0x05, 0x30, 0x3d, 0x77, 0x05, 0xfa}};
constexpr Address kSepoliaDepositContract{{0x7f, 0x02, 0xc3, 0xe3, 0xc9, 0x8b, 0x13, 0x30, 0x55, 0xb8,
                                           0xb3, 0x48, 0xb2, 0xac, 0x62, 0x56, 0x69, 0xed, 0x29, 0x5d}};
constexpr Address kHoleskyDepositContract{{0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42,
                                           0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42}};

bool reached(const ChainConfig::Activation& activation, std::uint64_t at) noexcept {
  return activation.has_value() && at >= *activation;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return std::ranges::equal(a, b, [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
  });
}

/// When the timestamp forks of a network start, seconds.
struct Timestamps {
  std::uint64_t shanghai, cancun, prague, osaka, bpo1, bpo2;
};

void set_timestamps(ChainConfig& config, const Timestamps& at) {
  config.shanghai_time = at.shanghai;
  config.cancun_time = at.cancun;
  config.prague_time = at.prague;
  config.osaka_time = at.osaka;
  config.blob_schedule = {{"cancun", at.cancun, kCancunBlobs},
                          {"prague", at.prague, kPragueBlobs},
                          {"osaka", at.osaka, kPragueBlobs},
                          {"bpo1", at.bpo1, kBpo1Blobs},
                          {"bpo2", at.bpo2, kBpo2Blobs}};
}

ChainConfig mainnet() {
  ChainConfig config;
  config.name = "mainnet";
  config.chain_id = 1;
  config.homestead_block = 1'150'000;
  config.dao_fork_block = 1'920'000;
  config.tangerine_whistle_block = 2'463'000;
  config.spurious_dragon_block = 2'675'000;
  config.byzantium_block = 4'370'000;
  config.constantinople_block = 7'280'000;
  config.petersburg_block = 7'280'000;
  config.istanbul_block = 9'069'000;
  config.muir_glacier_block = 9'200'000;
  config.berlin_block = 12'244'000;
  config.london_block = 12'965'000;
  config.arrow_glacier_block = 13'773'000;
  config.gray_glacier_block = 15'050'000;
  config.merge_block = 15'537'394;
  config.terminal_total_difficulty = u256{58'750} * u256{1'000'000'000'000'000'000};
  set_timestamps(config, {.shanghai = 1681338455,
                          .cancun = 1710338135,
                          .prague = 1746612311,
                          .osaka = 1764798551,
                          .bpo1 = 1765290071,
                          .bpo2 = 1767747671});
  config.deposit_contract = kMainnetDepositContract;
  return config;
}

/// A test network that started with every proof-of-work fork.
ChainConfig test_network(std::string_view name, std::uint64_t chain_id, std::uint64_t merge_block,
                         const Address& deposit_contract, const Timestamps& timestamps) {
  ChainConfig config;
  config.name = name;
  config.chain_id = chain_id;
  for (ChainConfig::Activation* fork :
       {&config.homestead_block, &config.tangerine_whistle_block, &config.spurious_dragon_block,
        &config.byzantium_block, &config.constantinople_block, &config.petersburg_block, &config.istanbul_block,
        &config.muir_glacier_block, &config.berlin_block, &config.london_block})
    *fork = 0;
  config.merge_block = merge_block;
  config.terminal_total_difficulty = u256{};
  config.deposit_contract = deposit_contract;
  set_timestamps(config, timestamps);
  return config;
}

ChainConfig sepolia() {
  ChainConfig config = test_network("sepolia", 11'155'111, 1'450'409, kSepoliaDepositContract,
                                    {.shanghai = 1677557088,
                                     .cancun = 1706655072,
                                     .prague = 1741159776,
                                     .osaka = 1760427360,
                                     .bpo1 = 1761017184,
                                     .bpo2 = 1761607008});
  config.terminal_total_difficulty = u256{17'000'000'000'000'000};
  return config;
}

const std::array<ChainConfig, 4>& networks() {
  static const std::array<ChainConfig, 4> all = {mainnet(), sepolia(),
                                                 test_network("hoodi", 560'048, 0, kMainnetDepositContract,
                                                              {.shanghai = 0,
                                                               .cancun = 0,
                                                               .prague = 1742999832,
                                                               .osaka = 1761677592,
                                                               .bpo1 = 1762365720,
                                                               .bpo2 = 1762955544}),
                                                 test_network("holesky", 17'000, 0, kHoleskyDepositContract,
                                                              {.shanghai = 1696000704,
                                                               .cancun = 1707305664,
                                                               .prague = 1740434112,
                                                               .osaka = 1759308480,
                                                               .bpo1 = 1759800000,
                                                               .bpo2 = 1760389824})};
  return all;
}

}  // namespace

Revision ChainConfig::revision_at(std::uint64_t number, std::uint64_t timestamp, bool merged) const noexcept {
  if (merge_block)
    merged = number >= *merge_block;
  else
    merged = terminal_total_difficulty && (merged || terminal_total_difficulty->is_zero());
  if (merged) {
    if (reached(osaka_time, timestamp)) return Revision::osaka;
    if (reached(prague_time, timestamp)) return Revision::prague;
    if (reached(cancun_time, timestamp)) return Revision::cancun;
    if (reached(shanghai_time, timestamp)) return Revision::shanghai;
    return Revision::paris;
  }
  if (reached(london_block, number)) return Revision::london;
  if (reached(berlin_block, number)) return Revision::berlin;
  if (reached(istanbul_block, number)) return Revision::istanbul;
  if (reached(petersburg_block, number)) return Revision::petersburg;
  if (reached(constantinople_block, number)) return Revision::constantinople;
  if (reached(byzantium_block, number)) return Revision::byzantium;
  if (reached(spurious_dragon_block, number)) return Revision::spurious_dragon;
  if (reached(tangerine_whistle_block, number)) return Revision::tangerine_whistle;
  if (reached(homestead_block, number)) return Revision::homestead;
  return Revision::frontier;
}

BlobParameters ChainConfig::blob_parameters_at(std::uint64_t timestamp) const noexcept {
  if (!reached(cancun_time, timestamp)) return {};
  const auto later = std::ranges::upper_bound(blob_schedule, timestamp, {}, &BlobScheduleEntry::from_time);
  if (later != blob_schedule.begin()) return std::prev(later)->parameters;
  return reached(prague_time, timestamp) ? kPragueBlobs : kCancunBlobs;
}

bool ChainConfig::set_blob_parameters(std::string_view fork, const BlobParameters& parameters) {
  for (BlobScheduleEntry& entry : blob_schedule) {
    if (!equal_ignoring_case(entry.fork, fork)) continue;
    entry.parameters = parameters;
    return true;
  }
  return false;
}

std::uint64_t ChainConfig::bomb_delay_at(std::uint64_t number) const noexcept {
  if (reached(gray_glacier_block, number)) return 11'400'000;
  if (reached(arrow_glacier_block, number)) return 10'700'000;
  if (reached(london_block, number)) return 9'700'000;
  if (reached(muir_glacier_block, number)) return 9'000'000;
  if (reached(constantinople_block, number)) return 5'000'000;
  if (reached(byzantium_block, number)) return 3'000'000;
  return 0;
}

const ChainConfig* named_network(std::string_view name) noexcept {
  for (const ChainConfig& config : networks())
    if (config.name == name) return &config;
  return nullptr;
}

const ChainConfig* network_of_chain_id(std::uint64_t chain_id) noexcept {
  for (const ChainConfig& config : networks())
    if (config.chain_id == chain_id) return &config;
  return nullptr;
}

// --- the networks of fixtures ----------------------------------------------------------------------------------------

namespace {

/// The forks by the names of fixtures, in order; a network named after one has all up to it from the start.
constexpr std::string_view kForkNames[] = {
    "Frontier", "Homestead",   "EIP150", "EIP158", "Byzantium",    "Constantinople", "ConstantinopleFix",
    "Istanbul", "MuirGlacier", "Berlin", "London", "ArrowGlacier", "GrayGlacier",    "Paris",
    "Shanghai", "Cancun",      "Prague", "Osaka",  "BPO1",         "BPO2",           "BPO3",
    "BPO4",
};

struct Alias {
  std::string_view name;
  std::string_view fork;
};
constexpr Alias kAliases[] = {{"Merge", "Paris"},
                              {"Petersburg", "ConstantinopleFix"},
                              {"TangerineWhistle", "EIP150"},
                              {"SpuriousDragon", "EIP158"}};

std::optional<std::size_t> fork_index(std::string_view name) noexcept {
  for (const Alias& alias : kAliases)
    if (alias.name == name) name = alias.fork;
  const auto found = std::ranges::find(kForkNames, name);
  if (found == std::end(kForkNames)) return std::nullopt;
  return static_cast<std::size_t>(found - std::begin(kForkNames));
}

/// Starts the fork kForkNames[index] at a block or a time.
void activate(ChainConfig& config, std::size_t index, std::uint64_t at) {
  const std::string_view fork = kForkNames[index];
  struct Row {
    std::string_view fork;
    ChainConfig::Activation ChainConfig::* activation;
  };
  static constexpr Row kActivations[] = {
      {"Homestead", &ChainConfig::homestead_block},
      {"EIP150", &ChainConfig::tangerine_whistle_block},
      {"EIP158", &ChainConfig::spurious_dragon_block},
      {"Byzantium", &ChainConfig::byzantium_block},
      {"Constantinople", &ChainConfig::constantinople_block},
      {"ConstantinopleFix", &ChainConfig::petersburg_block},
      {"Istanbul", &ChainConfig::istanbul_block},
      {"MuirGlacier", &ChainConfig::muir_glacier_block},
      {"Berlin", &ChainConfig::berlin_block},
      {"London", &ChainConfig::london_block},
      {"ArrowGlacier", &ChainConfig::arrow_glacier_block},
      {"GrayGlacier", &ChainConfig::gray_glacier_block},
      {"Paris", &ChainConfig::merge_block},
      {"Shanghai", &ChainConfig::shanghai_time},
      {"Cancun", &ChainConfig::cancun_time},
      {"Prague", &ChainConfig::prague_time},
      {"Osaka", &ChainConfig::osaka_time},
  };
  static const BlobScheduleEntry kBlobs[] = {
      {"Cancun", 0, kCancunBlobs}, {"Prague", 0, kPragueBlobs}, {"Osaka", 0, kPragueBlobs}, {"BPO1", 0, kBpo1Blobs},
      {"BPO2", 0, kBpo2Blobs},     {"BPO3", 0, kBpo3Blobs},     {"BPO4", 0, kBpo4Blobs}};
  for (const Row& row : kActivations)
    if (row.fork == fork) config.*row.activation = at;
  for (const BlobScheduleEntry& blobs : kBlobs)
    if (blobs.fork == fork) config.blob_schedule.push_back({blobs.fork, at, blobs.parameters});
}

/// "5", "Time15k", "DiffC0000": the point of a transition.
struct TransitionPoint {
  enum class Kind : std::uint8_t { block, time, difficulty } kind;
  std::uint64_t value;
};

std::optional<std::uint64_t> parse(std::string_view digits, unsigned base) {
  if (digits.empty() || digits.size() > 12) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : digits) {
    const int lower = std::tolower(static_cast<unsigned char>(c));
    unsigned digit = base;
    if (lower >= '0' && lower <= '9') digit = static_cast<unsigned>(lower - '0');
    if (lower >= 'a' && lower <= 'f') digit = static_cast<unsigned>(lower - 'a') + 10;
    if (digit >= base) return std::nullopt;
    value = value * base + digit;
  }
  return value;
}

std::optional<TransitionPoint> parse_point(std::string_view text) {
  using Kind = TransitionPoint::Kind;
  if (text.starts_with("Diff")) {
    const auto value = parse(text.substr(4), 16);
    return value ? std::optional(TransitionPoint{Kind::difficulty, *value}) : std::nullopt;
  }
  const bool is_time = text.starts_with("Time");
  if (is_time) text.remove_prefix(4);
  const bool thousands = text.ends_with("k");
  if (thousands) text.remove_suffix(1);
  const auto value = parse(text, 10);
  if (!value) return std::nullopt;
  return TransitionPoint{is_time ? Kind::time : Kind::block, *value * (thousands ? 1000 : 1)};
}

}  // namespace

std::optional<ChainConfig> fixture_network(std::string_view name) {
  std::string_view from = name;
  std::string_view to;
  std::optional<TransitionPoint> point;
  if (const auto arrow = name.find("To"); arrow != std::string_view::npos) {
    const auto at = name.find("At", arrow + 2);
    if (at == std::string_view::npos) return std::nullopt;
    from = name.substr(0, arrow);
    to = name.substr(arrow + 2, at - arrow - 2);
    point = parse_point(name.substr(at + 2));
    if (!point) return std::nullopt;
  }

  const auto first = fork_index(from);
  if (!first) return std::nullopt;
  ChainConfig config;
  config.name = name;
  config.chain_id = 1;
  config.deposit_contract = kMainnetDepositContract;
  for (std::size_t i = 0; i <= *first; ++i) activate(config, i, 0);
  if (!point) return config;

  if (to == "Dao") {
    config.dao_fork_block = point->value;
    return config;
  }
  const auto last = fork_index(to);
  if (!last || *last <= *first) return std::nullopt;
  if (point->kind == TransitionPoint::Kind::difficulty) {
    if (kForkNames[*last] != "Paris") return std::nullopt;
    config.terminal_total_difficulty = u256{point->value};
    return config;
  }
  for (std::size_t i = *first + 1; i <= *last; ++i) activate(config, i, point->value);
  return config;
}

std::span<const std::string_view> fixture_fork_names() noexcept { return kForkNames; }

}  // namespace hocket
