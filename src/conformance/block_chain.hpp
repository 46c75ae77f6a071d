// BlockChain: the blocks that a blockchain test imports, on any number of branches, and the head among them.
// One state is kept, that after the block executed last; going to another branch applies its differences from the
// genesis on. Fixtures are short, and blocks that stay on one branch cost nothing more.
#pragma once

#include "block/state_trie.hpp"
#include "block/verify.hpp"
#include "core/codec.hpp"
#include "evm/program_cache.hpp"
#include "state/in_memory_state.hpp"
#include "transition/executor.hpp"

#include <expected>
#include <memory>
#include <unordered_map>
#include <vector>

namespace hocket {

/// Thread safety: none.
class BlockChain {
 public:
  /// What the chain is made of. `checks_seals`: proof of work is verified too.
  struct Setup {
    const Header& genesis;
    InMemoryState state;
    const ChainConfig& config;
    bool checks_seals = false;
  };

  /// Requires: `executor` and the setup's config outlive the chain.
  /// Errors: the state's root is not the genesis header's.
  static Result<BlockChain> create(Setup setup, Executor& executor);

  /// Decodes, validates and executes a block, and chooses the head anew. A block that is there already is fine.
  std::expected<void, BlockFailure> import(BytesView rlp);

  const Header& head() const noexcept { return head_->header; }
  const Hash32& head_hash() const noexcept { return head_->hash; }
  /// State after the head; valid until the next import.
  const InMemoryState& head_state();

 private:
  struct Node {
    Header header;
    Hash32 hash;
    std::vector<Header> ommers;
    u256 total_difficulty;
    StateDiff diff;  // since the parent
    const Node* parent = nullptr;
  };
  class View;

  BlockChain(const ChainConfig& config, bool checks_seals, Executor& executor)
      : config_(&config), checks_seals_(checks_seals), executor_(&executor) {}

  static std::vector<Ancestor> ancestors_of(const Node& node);
  /// The rules of a block before it is executed. `rlp_size`: of the block.
  std::expected<void, InvalidBlock> check(const Node& node, const Block& block, std::size_t rlp_size) const;

  /// The state and its trie after `node`.
  void go_to(const Node& node);
  std::expected<void, BlockFailure> execute(Node& node, const RecoveredBlock& block);
  void choose_head(const Node& added);

  const ChainConfig* config_;
  bool checks_seals_;
  Executor* executor_;
  std::unordered_map<Hash32, std::unique_ptr<Node>, FixedBytesHash> nodes_;
  InMemoryState genesis_state_;
  const Node* head_ = nullptr;
  const Node* current_ = nullptr;  // whose state `state_` and `trie_` are
  InMemoryState state_;
  StateTrie trie_;
};

}  // namespace hocket
