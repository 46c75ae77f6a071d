#include "block/roots_meanwhile.hpp"

#include "core/codec.hpp"

#include <algorithm>

namespace hocket {
namespace {

template <class T>
std::vector<Bytes> encodings_of(std::span<const T> elements) {
  std::vector<Bytes> encodings;
  encodings.reserve(elements.size());
  for (const T& element : elements) encodings.push_back(encode(element));
  return encodings;
}

}  // namespace

static_assert(BlockCompanion::kGroup == OrderedTrie::kGroup);

void RootsMeanwhile::take_receipts(std::size_t first, std::span<const Receipt> receipts) {
  receipts_trie_.add(first, encodings_of(receipts));
}

bool RootsMeanwhile::work() {
  if (next_.load(std::memory_order_relaxed) >= transactions_.size()) return false;
  const std::size_t first = next_.fetch_add(kGroup, std::memory_order_relaxed);
  if (first >= transactions_.size()) return false;
  transactions_trie_.add(first,
                         encodings_of(transactions_.subspan(first, std::min(kGroup, transactions_.size() - first))));
  return true;
}

}  // namespace hocket
