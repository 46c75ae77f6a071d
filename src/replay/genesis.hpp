// Genesis files in geth's format: the network's configuration, its first state, its first header.
#pragma once

#include "core/block.hpp"
#include "protocol/chain_config.hpp"
#include "replay/json_reader.hpp"
#include "state/in_memory_state.hpp"

namespace hocket {

struct Genesis {
  ChainConfig config;
  InMemoryState state;
  /// Its state root is computed from `state`.
  Block block;
};

/// `config` of a genesis file: when each fork starts ("londonBlock", "cancunTime", ...), "chainId",
/// "terminalTotalDifficulty", "blobSchedule", "depositContractAddress".
/// Forks without an entry in "blobSchedule" get mainnet's parameters; a bpo fork must have one.
/// Errors: a fork that is not known, forks out of order, a mistyped field.
Result<ChainConfig> chain_config_from_json(json::Element element);

/// A whole file. `fallback` is the configuration where the file has none (mainnet's allocations come so).
/// Errors: as above; no configuration at all; a `stateRoot` that is not that of the allocations.
Result<Genesis> genesis_from_json(std::string text, const ChainConfig* fallback = nullptr);

}  // namespace hocket
