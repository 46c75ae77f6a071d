// BlockBundle: one block with all that is needed to execute it alone. docs/bundles.md describes the files.
#pragma once

#include "core/block.hpp"
#include "protocol/chain_config.hpp"
#include "replay/input_files.hpp"
#include "replay/witness_state.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hocket {

struct BlockBundle {
  std::string name;  // of the document
  ChainConfig config;
  Block block;
  Hash32 block_hash;
  /// The bundle named the block's hash, and the header has it.
  bool block_hash_given = false;
  /// Encoding of the whole block, bytes.
  std::size_t rlp_size_bytes = 0;
  /// One for each transaction, where the bundle names its sender.
  std::vector<std::optional<Address>> senders;
  /// False: the block has ommers and the bundle holds only their hashes. Their rewards are then left out.
  bool has_ommers = true;
  /// Where the bundle holds its header; it is what the block's parent hash names.
  std::optional<Header> parent;

  /// The state after the parent: what the prestate lists, or what the witness proves.
  std::unique_ptr<const StateView> state;
  /// `state`, where it comes with a witness and so has roots.
  const WitnessState* witness = nullptr;
};

/// Errors: with the document's name, the place in it and what was expected there. Checked here: everything that the
/// bundle says twice (hashes, numbers, roots, the chain of ancestors).
Result<BlockBundle> decode_bundle(InputDocument document);

}  // namespace hocket
