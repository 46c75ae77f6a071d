#include "block/validate_body.hpp"

#include "base/hex.hpp"
#include "block/roots.hpp"
#include "core/codec.hpp"

#include <algorithm>

namespace hocket {
namespace {

constexpr std::size_t kMaxOmmers = 2;
constexpr std::uint64_t kMaxOmmerAge = 6;
constexpr std::size_t kAncestors = kMaxOmmerAge + 1;  // where the parent of an ommer can be

std::unexpected<InvalidBlock> invalid(BlockError code, std::string detail) {
  return std::unexpected(InvalidBlock{
      .code = code, .transaction_error = std::nullopt, .transaction_index = std::nullopt, .detail = std::move(detail)});
}

Verdict check_hash(std::string_view field, const Hash32& found, const Hash32& computed, BlockError code) {
  if (found == computed) return {};
  return invalid(code, std::string(field) + " " + to_hex(found) + ", computed " + to_hex(computed));
}

Verdict check_withdrawals(const Block& block, const Spec& spec) {
  if (block.withdrawals.has_value() != spec.withdrawals)
    return invalid(BlockError::incorrect_block_format, spec.withdrawals
                                                           ? "no withdrawals, expected a list from Shanghai on"
                                                           : "withdrawals, expected none before Shanghai");
  if (!spec.withdrawals) return {};
  if (!block.header.withdrawals_root)
    return invalid(BlockError::incorrect_block_format, "no withdrawalsRoot, expected one from Shanghai on");
  return check_hash("withdrawalsRoot", *block.header.withdrawals_root, withdrawals_root(*block.withdrawals),
                    BlockError::invalid_withdrawals_root);
}

/// YP section 11.1: an ommer is a valid header next to one of the six last generations, not yet included anywhere.
Verdict check_ommers(const Block& block, const ChainConfig& config, std::span<const Ancestor> ancestors) {
  if (block.ommers.empty()) return {};
  if (block.ommers.size() > kMaxOmmers)
    return invalid(BlockError::too_many_uncles,
                   std::to_string(block.ommers.size()) + " ommers, expected at most " + std::to_string(kMaxOmmers));
  ancestors = ancestors.first(std::min(ancestors.size(), kAncestors));
  const Hash32 block_hash = hash_of(block.header);

  for (std::size_t i = 0; i < block.ommers.size(); ++i) {
    const Header& ommer = block.ommers[i];
    const Hash32 hash = hash_of(ommer);
    const std::string name = "ommer " + std::to_string(i) + " " + to_hex(hash);
    if (i > 0 && hash == hash_of(block.ommers[0]))
      return invalid(BlockError::uncle_is_brother, name + " is there twice");
    for (const Ancestor& ancestor : ancestors) {
      if (hash == ancestor.hash) return invalid(BlockError::uncle_is_ancestor, name + " is an ancestor");
      for (const Header& included : ancestor.ommers)
        if (hash == hash_of(included))
          return invalid(BlockError::uncle_in_chain,
                         name + " was included by block " + std::to_string(ancestor.header->number));
    }
    if (hash == block_hash) return invalid(BlockError::uncle_is_ancestor, name + " is the block itself");

    const auto parent = std::ranges::find(ancestors, ommer.parent_hash, &Ancestor::hash);
    if (parent == ancestors.end()) {
      const bool is_old = ommer.number < block.header.number && block.header.number - ommer.number > kMaxOmmerAge;
      return invalid(is_old ? BlockError::uncle_parent_incorrect : BlockError::uncle_unknown_parent,
                     name + ": its parent is none of the last seven blocks");
    }
    if (parent == ancestors.begin())
      return invalid(BlockError::uncle_parent_incorrect, name + " has the block's own parent");
    if (auto valid = validate_header(ommer, *parent->header, config); !valid)
      return invalid(valid.error().code, name + ": " + valid.error().detail);
  }
  return {};
}

}  // namespace

Verdict validate_body(const Block& block, const ChainConfig& config, std::span<const Ancestor> ancestors) {
  const Spec& spec = config.spec_for(block.header);
  HOCKET_CHECK(check_hash("transactionsRoot", block.header.transactions_root, transactions_root(block.transactions),
                          BlockError::invalid_transactions_root));
  HOCKET_CHECK(
      check_hash("sha3Uncles", block.header.ommers_hash, ommers_hash(block.ommers), BlockError::invalid_uncles_hash));
  HOCKET_CHECK(check_withdrawals(block, spec));
  return check_ommers(block, config, ancestors);
}

Verdict validate_size(std::size_t rlp_size, const Spec& spec) {
  if (rlp_size <= spec.max_block_rlp_size) return {};
  return invalid(BlockError::rlp_block_limit_exceeded,
                 std::to_string(rlp_size) + " bytes, expected at most " + std::to_string(spec.max_block_rlp_size));
}

}  // namespace hocket
