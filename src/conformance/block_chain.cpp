#include "conformance/block_chain.hpp"

#include "base/hex.hpp"
#include "block/recover_senders.hpp"
#include "conformance/seal.hpp"
#include "state/forwarding_view.hpp"

#include <ranges>

namespace hocket {
namespace {

InvalidBlock invalid(BlockError code, std::string detail) {
  InvalidBlock block;
  block.code = code;
  block.detail = std::move(detail);
  return block;
}

/// A block may break several rules. Fixtures name the one that execution-specs meets first, and it looks at the roots
/// of the body after the transactions; a client has no reason to wait.
bool is_checked_after_execution(BlockError error) {
  return error == BlockError::invalid_transactions_root || error == BlockError::invalid_withdrawals_root;
}

}  // namespace

/// The state after a block's parent, with the hashes of the block's own ancestors.
class BlockChain::View final : public ForwardingView {
 public:
  View(const InMemoryState& state, const Node& parent) : ForwardingView(state), parent_(parent) {}

  StateRead<Hash32> block_hash(std::uint64_t number) const override {
    for (const Node* node = &parent_; node != nullptr && node->header.number >= number; node = node->parent)
      if (node->header.number == number) return node->hash;
    return Hash32();
  }

 private:
  const Node& parent_;
};

Result<BlockChain> BlockChain::create(Setup setup, Executor& executor) {
  const Header& genesis = setup.genesis;
  BlockChain chain(setup.config, setup.checks_seals, executor);
  chain.genesis_state_ = std::move(setup.state);
  chain.state_ = chain.genesis_state_;
  chain.trie_ = StateTrie(chain.state_);
  if (const Hash32 root = chain.trie_.root(); root != genesis.state_root)
    return fail("genesis state root is " + to_hex(root) + ", the header says " + to_hex(genesis.state_root));
  auto node = std::make_unique<Node>();
  node->header = genesis;
  node->hash = hash_of(genesis);
  node->total_difficulty = genesis.difficulty;
  chain.head_ = chain.current_ = node.get();
  chain.nodes_.emplace(node->hash, std::move(node));
  return chain;
}

void BlockChain::go_to(const Node& node) {
  if (current_ == &node) return;
  std::vector<const Node*> path;
  const Node* ancestor = &node;
  for (; ancestor != nullptr && ancestor != current_; ancestor = ancestor->parent) path.push_back(ancestor);
  if (ancestor == nullptr) {
    state_ = genesis_state_;
    trie_ = StateTrie(state_);
  }
  for (const Node* step : path | std::views::reverse) {
    state_.apply(step->diff);
    (void)trie_.apply(step->diff);  // a whole trie has no errors
  }
  current_ = &node;
}

std::vector<Ancestor> BlockChain::ancestors_of(const Node& node) {
  // YP (section 11.1): an ommer is a sibling of one of six ancestors; its parent is one generation more.
  constexpr std::size_t kAncestors = 8;
  std::vector<Ancestor> ancestors;
  for (const Node* at = node.parent; at != nullptr && ancestors.size() < kAncestors; at = at->parent)
    ancestors.push_back({&at->header, at->hash, at->ommers});
  return ancestors;
}

std::expected<void, InvalidBlock> BlockChain::check(const Node& node, const Block& block, std::size_t rlp_size) const {
  HOCKET_CHECK(validate_size(rlp_size, config_->spec_for(node.header)));
  HOCKET_CHECK(validate_header(node.header, node.parent->header, *config_, node.parent->total_difficulty));
  if (!checks_seals_ || config_->spec_for(node.header).proof_of_stake) return {};
  if (!has_valid_seal(node.header)) return std::unexpected(invalid(BlockError::invalid_seal, "no proof of work"));
  for (const Header& ommer : block.ommers)
    if (!has_valid_seal(ommer))
      return std::unexpected(
          invalid(BlockError::invalid_seal, "ommer " + to_hex(hash_of(ommer)) + " has no proof of work"));
  return {};
}

std::expected<void, BlockFailure> BlockChain::import(BytesView rlp) {
  auto decoded = decode_block(rlp);
  if (!decoded)
    return std::unexpected(invalid(BlockError::rlp_structures_encoding, std::move(decoded).error().message));
  auto node = std::make_unique<Node>();
  node->header = decoded->header;
  node->hash = hash_of(decoded->header);
  if (nodes_.contains(node->hash)) return {};
  const auto parent = nodes_.find(node->header.parent_hash);
  if (parent == nodes_.end()) {
    const bool is_zero = node->header.parent_hash.is_zero();
    return std::unexpected(invalid(is_zero ? BlockError::unknown_parent_zero : BlockError::unknown_parent,
                                   "no block " + to_hex(node->header.parent_hash)));
  }
  node->parent = parent->second.get();

  if (auto valid = check(*node, *decoded, rlp.size()); !valid) return std::unexpected(std::move(valid).error());
  auto body = validate_body(*decoded, *config_, ancestors_of(*node));
  if (!body && !is_checked_after_execution(body.error().code)) return std::unexpected(std::move(body).error());

  node->ommers = decoded->ommers;
  auto recovered = recover_senders(*std::move(decoded), config_->spec_for(node->header), config_->chain_id);
  if (!recovered) return std::unexpected(std::move(recovered).error());
  if (auto executed = execute(*node, *recovered); !executed) return executed;
  if (!body) {
    current_ = nullptr;  // the node is not kept
    return std::unexpected(std::move(body).error());
  }
  node->total_difficulty = node->parent->total_difficulty + node->header.difficulty;
  choose_head(*node);
  nodes_.emplace(node->hash, std::move(node));
  return {};
}

std::expected<void, BlockFailure> BlockChain::execute(Node& node, const RecoveredBlock& block) {
  go_to(*node.parent);
  const View view(state_, *node.parent);
  const IntermediateRoot intermediate_root = [this](const StateDiff& since_parent) -> Result<Hash32> {
    InMemoryState state = state_;
    state.apply(since_parent);
    return state_root(state);
  };
  auto output = execute_block(block, *config_, view, *executor_, intermediate_root);
  if (!output) return std::unexpected(std::move(output).error());

  // The trie is at the parent. If the block turns out to be wrong it is built anew for the next one.
  const auto root = trie_.apply(output->diff);
  state_.apply(output->diff);
  current_ = nullptr;
  if (auto valid = verify(*output, node.header, *config_, *root); !valid) {
    go_to(*node.parent);
    return std::unexpected(std::move(valid).error());
  }
  node.diff = std::move(output->diff);
  current_ = &node;
  return {};
}

void BlockChain::choose_head(const Node& added) {
  // EIP-3675: under proof of stake the consensus layer says what the head is; fixtures mean the last block. Before it,
  // the heaviest chain wins, and the first of equals.
  const bool is_proof_of_stake = config_->spec_for(added.header).proof_of_stake;
  const bool was_proof_of_stake = config_->spec_for(head_->header).proof_of_stake && head_->parent != nullptr;
  if (is_proof_of_stake || (!was_proof_of_stake && added.total_difficulty > head_->total_difficulty)) head_ = &added;
}

const InMemoryState& BlockChain::head_state() {
  go_to(*head_);
  return state_;
}

}  // namespace hocket
