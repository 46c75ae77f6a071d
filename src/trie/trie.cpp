#include "trie/trie.hpp"

#include "base/assert.hpp"
#include "core/account.hpp"

namespace hocket {

using namespace trie;  // NOLINT: the nodes are this class's own

/// The edges from the root to where a change happens, all of which become stale by it.
class Trie::Trail {
 public:
  struct Step {
    Edge* edge;
    std::size_t depth;
  };

  void push(Edge& edge, std::size_t depth) noexcept { steps_[size_++] = {&edge, depth}; }
  std::size_t size() const noexcept { return size_; }
  /// `i` steps back from the last one.
  const Step& back(std::size_t i) const noexcept { return steps_[size_ - 1 - i]; }
  void mark_stale() const noexcept {
    for (std::size_t i = 0; i < size_; ++i) steps_[i].edge->reference_size = 0;
  }

 private:
  std::array<Step, kMaxTrieDepth + 1> steps_;  // each node but the last takes a nibble or more
  std::size_t size_ = 0;
};

namespace {

void put_in_branch(Branch& branch, const PackedPath& key, std::size_t depth, std::size_t key_end, NodePtr leaf) {
  if (depth == key_end)
    branch.value = std::move(as_leaf(*leaf).value);
  else
    branch.children[nibble_at(key, depth)].set_node(std::move(leaf));
}

/// Puts a branch at `depth` behind an extension over [from, depth) if there is such a stretch.
NodePtr extend(const PackedPath& key, std::size_t from, std::size_t depth, NodePtr branch) {
  if (from == depth) return branch;
  Edge child;
  child.set_node(std::move(branch));
  return make_extension(key, depth, std::move(child));
}

/// Replaces the leaf behind `edge` by a branch that holds it and the new one.
void split_leaf(Edge& edge, std::size_t depth, std::size_t fork, const PackedPath& key, std::size_t key_end,
                Bytes value) {
  NodePtr branch = make_branch();
  const PackedPath old_key = as_leaf(*edge.node).key;
  const std::size_t old_end = as_leaf(*edge.node).key_end;
  put_in_branch(as_branch(*branch), old_key, fork, old_end, std::move(edge.node));
  put_in_branch(as_branch(*branch), key, fork, key_end, make_leaf(key, key_end, std::move(value)));
  edge.set_node(extend(key, depth, fork, std::move(branch)));
}

/// Replaces the extension behind `edge` by a branch at `fork` that holds what is left of it and the new leaf.
void split_extension(Edge& edge, std::size_t depth, std::size_t fork, const PackedPath& key, std::size_t key_end,
                     Bytes value) {
  NodePtr branch = make_branch();
  Extension& old = as_extension(*edge.node);
  Edge& slot = as_branch(*branch).children[nibble_at(old.key, fork)];
  if (fork + 1 == old.key_end)
    slot = std::move(old.child);
  else
    slot.set_node(std::move(edge.node));
  put_in_branch(as_branch(*branch), key, fork, key_end, make_leaf(key, key_end, std::move(value)));
  edge.set_node(extend(key, depth, fork, std::move(branch)));
}

/// The branch's only entry besides `gone` (a child's index, or kValue); kNone if there are more.
constexpr int kValue = 16;
constexpr int kNone = -1;
int only_other_entry(const Branch& branch, int gone) noexcept {
  int other = kNone;
  for (int i = 0; i < 16; ++i) {
    if (i == gone || branch.children[static_cast<std::size_t>(i)].is_empty()) continue;
    if (other != kNone) return kNone;
    other = i;
  }
  if (gone == kValue || branch.value.empty()) return other;
  return other == kNone ? kValue : kNone;
}

}  // namespace

Trie::Trie(const NodeSet& nodes, const Hash32& root) : nodes_(&nodes) {
  if (root != kEmptyTrieRoot) root_.set_hash(root);
}

Result<void> Trie::resolve(Edge& edge, const PackedPath& path, std::size_t depth, Below below) const {
  if (!edge.is_unresolved()) return {};
  HOCKET_TRY(const NodeView view, read_node(nodes_, edge.reference_view(), path, depth, below));
  if (view.kind == NodeKind::branch) {
    NodePtr branch = make_branch();
    for (std::size_t i = 0; i < view.children.size(); ++i)
      as_branch(*branch).children[i].set_reference(view.children[i]);
    as_branch(*branch).value.assign(view.value.begin(), view.value.end());
    edge.node = std::move(branch);
    return {};
  }
  PackedPath key = path;
  for (std::size_t i = 0; i < view.prefix_nibbles; ++i) set_nibble(key, depth + i, view.prefix_nibble(i));
  const std::size_t key_end = depth + view.prefix_nibbles;
  if (view.kind == NodeKind::leaf) {
    edge.node = make_leaf(key, key_end, to_bytes(view.value));
    return {};
  }
  Edge child;
  child.set_reference(view.children[0]);
  edge.node = make_extension(key, key_end, std::move(child));
  return {};
}

Result<std::optional<BytesView>> Trie::get(BytesView key_bytes) const {
  HOCKET_ASSERT(key_bytes.size() <= kMaxTrieKeySize);
  const PackedPath key = pack(key_bytes);
  const std::size_t key_end = 2 * key_bytes.size();
  const Edge* edge = &root_;
  std::size_t depth = 0;
  Below below = Below::root_or_branch;
  for (;;) {
    if (edge->is_empty()) return std::nullopt;
    if (edge->is_unresolved()) return lookup(nodes_, edge->reference_view(), key, depth, key_end, below);
    switch (edge->node->kind) {
      case NodeKind::leaf: {
        const Leaf& leaf = as_leaf(*edge->node);
        if (leaf.key_end != key_end || first_difference(leaf.key, key, depth, key_end) != key_end) return std::nullopt;
        return leaf.value;
      }
      case NodeKind::extension: {
        const Extension& extension = as_extension(*edge->node);
        const std::size_t end = extension.key_end;
        if (end > key_end || first_difference(extension.key, key, depth, end) != end) return std::nullopt;
        edge = &extension.child;
        depth = end;
        below = Below::extension;
        break;
      }
      case NodeKind::branch: {
        const Branch& branch = as_branch(*edge->node);
        if (depth == key_end) {
          if (branch.value.empty()) return std::nullopt;
          return branch.value;
        }
        edge = &branch.children[nibble_at(key, depth++)];
        below = Below::root_or_branch;
        break;
      }
    }
  }
}

Result<void> Trie::put(BytesView key_bytes, BytesView value) {
  HOCKET_ASSERT(key_bytes.size() <= kMaxTrieKeySize && !value.empty());
  const PackedPath key = pack(key_bytes);
  const std::size_t key_end = 2 * key_bytes.size();
  Trail trail;
  Edge* edge = &root_;
  std::size_t depth = 0;
  Below below = Below::root_or_branch;
  for (bool done = false; !done;) {
    HOCKET_CHECK(resolve(*edge, key, depth, below));
    trail.push(*edge, depth);
    if (edge->is_empty()) {
      edge->set_node(make_leaf(key, key_end, to_bytes(value)));
      break;
    }
    switch (edge->node->kind) {
      case NodeKind::leaf: {
        Leaf& leaf = as_leaf(*edge->node);
        const std::size_t shorter = std::min<std::size_t>(leaf.key_end, key_end);
        const std::size_t fork = first_difference(leaf.key, key, depth, shorter);
        if (fork != leaf.key_end || fork != key_end)
          split_leaf(*edge, depth, fork, key, key_end, to_bytes(value));
        else if (equal(leaf.value, value))
          return {};
        else
          leaf.value.assign(value.begin(), value.end());
        done = true;
        break;
      }
      case NodeKind::extension: {
        Extension& extension = as_extension(*edge->node);
        const std::size_t shorter = std::min<std::size_t>(extension.key_end, key_end);
        const std::size_t fork = first_difference(extension.key, key, depth, shorter);
        if (fork == extension.key_end) {
          edge = &extension.child;
          depth = fork;
          below = Below::extension;
          break;
        }
        split_extension(*edge, depth, fork, key, key_end, to_bytes(value));
        done = true;
        break;
      }
      case NodeKind::branch: {
        Branch& branch = as_branch(*edge->node);
        if (depth == key_end) {
          branch.value.assign(value.begin(), value.end());
          done = true;
          break;
        }
        edge = &branch.children[nibble_at(key, depth++)];
        below = Below::root_or_branch;
        break;
      }
    }
  }
  trail.mark_stale();
  return {};
}

Result<void> Trie::erase(BytesView key_bytes) {
  HOCKET_ASSERT(key_bytes.size() <= kMaxTrieKeySize);
  const PackedPath key = pack(key_bytes);
  const std::size_t key_end = 2 * key_bytes.size();
  Trail trail;
  Edge* edge = &root_;
  std::size_t depth = 0;
  Below below = Below::root_or_branch;
  // Down to the leaf, or to the branch whose value goes.
  for (bool found = false; !found;) {
    HOCKET_CHECK(resolve(*edge, key, depth, below));
    if (edge->is_empty()) return {};
    trail.push(*edge, depth);
    switch (edge->node->kind) {
      case NodeKind::leaf: {
        const Leaf& leaf = as_leaf(*edge->node);
        if (leaf.key_end != key_end || first_difference(leaf.key, key, depth, key_end) != key_end) return {};
        found = true;
        break;
      }
      case NodeKind::extension: {
        Extension& extension = as_extension(*edge->node);
        const std::size_t end = extension.key_end;
        if (end > key_end || first_difference(extension.key, key, depth, end) != end) return {};
        edge = &extension.child;
        depth = end;
        below = Below::extension;
        break;
      }
      case NodeKind::branch: {
        Branch& branch = as_branch(*edge->node);
        if (depth == key_end) {
          if (branch.value.empty()) return {};
          found = true;
          break;
        }
        edge = &branch.children[nibble_at(key, depth++)];
        below = Below::root_or_branch;
        break;
      }
    }
  }
  return remove_last(trail, key);
}

Result<void> Trie::remove_last(const Trail& trail, const PackedPath& key) {
  const bool is_leaf = trail.back(0).edge->node->kind == NodeKind::leaf;
  if (is_leaf && trail.size() == 1) {
    root_ = Edge{};
    return {};
  }
  const std::size_t steps_to_branch = is_leaf ? 1 : 0;
  const auto [branch_edge, depth] = trail.back(steps_to_branch);
  Branch& branch = as_branch(*branch_edge->node);
  const int gone = is_leaf ? nibble_at(key, depth) : kValue;
  const int other = only_other_entry(branch, gone);

  // What is left alone in the branch moves up, and merges with what it meets: its node must be known before anything
  // changes.
  PackedPath other_path = key;
  if (other != kNone && other != kValue) {
    set_nibble(other_path, depth, static_cast<std::uint8_t>(other));
    HOCKET_CHECK(
        resolve(branch.children[static_cast<std::size_t>(other)], other_path, depth + 1, Below::root_or_branch));
  }

  trail.mark_stale();
  if (gone == kValue)
    branch.value.clear();
  else
    branch.children[static_cast<std::size_t>(gone)] = Edge{};
  if (other == kNone) return {};

  NodePtr rest;
  if (other == kValue) {
    rest = make_leaf(key, depth, std::move(branch.value));
  } else {
    Edge& child = branch.children[static_cast<std::size_t>(other)];
    if (child.node->kind == NodeKind::branch)
      rest = make_extension(other_path, depth + 1, std::move(child));
    else
      rest = std::move(child.node);
  }
  const bool below_extension =
      trail.size() > steps_to_branch + 1 && trail.back(steps_to_branch + 1).edge->node->kind == NodeKind::extension;
  trail.back(steps_to_branch + (below_extension ? 1 : 0)).edge->set_node(std::move(rest));
  return {};
}

void Trie::replace_branch(const PackedPath& path, std::size_t depth, Edge branch) noexcept {
  Edge* edge = &root_;
  for (std::size_t at = 0;;) {
    edge->reference_size = 0;
    if (edge->node->kind == NodeKind::extension) {
      at = as_extension(*edge->node).key_end;
      edge = &as_extension(*edge->node).child;
      continue;
    }
    HOCKET_ASSERT(edge->node->kind == NodeKind::branch && at <= depth);
    if (at == depth) break;
    edge = &as_branch(*edge->node).children[nibble_at(path, at++)];
  }
  *edge = std::move(branch);
}

}  // namespace hocket
