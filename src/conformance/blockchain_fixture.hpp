// BlockchainFixture: one blockchain test, as ethereum/tests and execution-spec-tests write it: a genesis, and blocks as
// RLP that a client is given one after the other; some must be refused. At the end the head and its state must be as
// the fixture says.
#pragma once

#include "conformance/fixture_values.hpp"

#include <optional>
#include <string>
#include <vector>

namespace hocket {

struct BlockchainFixture {
  struct BlockInput {
    Bytes rlp;
    bool must_be_refused = false;
    /// Names of the reasons to refuse it, separated by '|'; absent: any will do.
    std::optional<std::string> exception;
  };

  std::string name;
  std::string network;
  Header genesis;
  Hash32 genesis_hash;
  /// Blocks of `sealEngine` Ethash have proof of work that holds (or is meant not to).
  bool has_proof_of_work = false;
  InMemoryState pre;
  std::vector<BlockInput> blocks;
  Hash32 last_block_hash;
  /// One of the two is there.
  std::optional<InMemoryState> post;
  std::optional<Hash32> post_root;
  /// Empty: the network is out of scope.
  std::optional<ChainConfig> config;
};

/// Errors: what is missing or malformed, without the name. Where the network is out of scope nothing else is decoded.
Result<BlockchainFixture> decode_blockchain_fixture(std::string name, JsonValue value);

}  // namespace hocket
