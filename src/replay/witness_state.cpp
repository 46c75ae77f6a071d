#include "replay/witness_state.hpp"

#include "base/hex.hpp"
#include "block/state_trie.hpp"
#include "crypto/keccak.hpp"
#include "rlp/decode.hpp"

namespace hocket {
namespace {

Result<u256> decode_slot_value(BytesView rlp) {
  rlp::Reader reader(rlp);
  HOCKET_TRY(const u256 value, reader.integer256());
  HOCKET_CHECK(reader.end());
  return value;
}

Account to_account(const AccountLeaf& leaf) {
  return {leaf.nonce, leaf.balance, leaf.code_hash, leaf.storage_root != kEmptyTrieRoot};
}

}  // namespace

WitnessState::WitnessState(std::vector<Bytes> nodes, std::vector<Bytes> codes, const Hash32& pre_state_root,
                           std::unordered_map<std::uint64_t, Hash32> block_hashes)
    : nodes_(std::move(nodes)), pre_state_root_(pre_state_root), block_hashes_(std::move(block_hashes)) {
  const std::vector<BytesView> views(codes.begin(), codes.end());
  std::vector<Hash32> hashes(codes.size());
  keccak256_many(views, hashes);
  for (std::size_t i = 0; i < codes.size(); ++i) codes_.emplace(hashes[i], std::move(codes[i]));
}

StateRead<std::optional<Account>> WitnessState::account(const Address& address) const {
  const StateRead<OptionalLeaf> found = leaf(address);
  if (!found) return std::unexpected(found.error());
  if (!*found) return std::nullopt;
  return to_account(**found);
}

StateRead<u256> WitnessState::storage(const Address& address, const u256& slot) const {
  const StateRead<OptionalLeaf> found = leaf(address);
  if (!found) return std::unexpected(found.error());
  if (!*found || (*found)->storage_root == kEmptyTrieRoot) return u256{};
  const auto place = [&] { return "account " + to_hex(address) + ": storage slot " + to_quantity(slot) + ": "; };
  const auto rlp = nodes_.get((*found)->storage_root, keccak256(to_hash32(slot)));
  if (!rlp) return fault(place() + rlp.error().message);
  if (!*rlp) return u256{};
  const auto value = decode_slot_value(**rlp);
  if (!value) return fault(place() + value.error().message);
  return *value;
}

StateRead<BytesView> WitnessState::code(const Address& address, const Hash32& code_hash) const {
  const auto it = codes_.find(code_hash);
  if (it == codes_.end())
    return fault("account " + to_hex(address) + ": code " + to_hex(code_hash) + " is missing from the witness");
  return BytesView(it->second);
}

StateRead<Hash32> WitnessState::block_hash(std::uint64_t number) const {
  const auto it = block_hashes_.find(number);
  if (it == block_hashes_.end())
    return fault("hash of ancestor block " + std::to_string(number) + " is missing from the witness");
  return it->second;
}

std::string WitnessState::fault_message() const {
  const std::lock_guard lock(fault_mutex_);
  return fault_message_;
}

Result<Hash32> WitnessState::post_state_root(const StateDiff& diff) const {
  return StateTrie(nodes_, pre_state_root_).apply(diff);
}

StateRead<WitnessState::OptionalLeaf> WitnessState::leaf(const Address& address) const {
  Shard& shard = shards_[address.bytes.back() % kShards];
  {
    const std::lock_guard lock(shard.mutex);
    if (const auto it = shard.leaves.find(address); it != shard.leaves.end()) return it->second;
  }
  const auto rlp = nodes_.get(pre_state_root_, keccak256(address));
  const auto place = [&] { return "account " + to_hex(address) + ": "; };
  if (!rlp) return fault(place() + rlp.error().message);
  OptionalLeaf leaf;
  if (*rlp) {
    auto decoded = decode_account_leaf(**rlp);
    if (!decoded) return fault(place() + decoded.error().message);
    leaf = *decoded;
  }
  const std::lock_guard lock(shard.mutex);
  shard.leaves.emplace(address, leaf);
  return leaf;
}

std::unexpected<StateFault> WitnessState::fault(std::string message) const {
  const std::lock_guard lock(fault_mutex_);
  fault_message_ = std::move(message);
  return std::unexpected(StateFault::missing_node);
}

}  // namespace hocket
