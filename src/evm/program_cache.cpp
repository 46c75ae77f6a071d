#include "evm/program_cache.hpp"

#include "evm/program.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace hocket {
namespace {

struct Key {
  Hash32 code_hash;
  Revision revision;
  bool traced;

  friend bool operator==(const Key&, const Key&) = default;
};

struct KeyHash {
  std::size_t operator()(const Key& k) const noexcept {
    return FixedBytesHash{}(k.code_hash) + static_cast<std::size_t>(k.revision) * 2 + k.traced;
  }
};

struct Entry {
  std::unique_ptr<Program> program;
  std::size_t size_bytes = 0;
  std::uint64_t last_used = 0;  // generation; a trim ends one
};

/// What an entry is reckoned to take however small its code is.
constexpr std::size_t kEntryBytes = 1024;

/// Workers that look up different contracts seldom meet on one lock.
constexpr std::size_t kShards = 16;

struct alignas(64) Shard {
  std::mutex mutex;  // guards the entries
  std::unordered_map<Key, Entry, KeyHash> entries;
};

}  // namespace

struct ProgramCache::Impl {
  std::size_t max_bytes;
  std::uint64_t generation = 1;  // written by `trim` only, while no execution runs
  Shard shards[kShards];
};

ProgramCache::ProgramCache(std::size_t max_code_bytes) : impl_(std::make_unique<Impl>()) {
  impl_->max_bytes = max_code_bytes;
}

ProgramCache::~ProgramCache() = default;

const Program& ProgramCache::get(const Hash32& code_hash, BytesView code, const Spec& spec, bool traced) {
  const Key key{code_hash, spec.revision, traced};
  Shard& shard = impl_->shards[code_hash.bytes[31] % kShards];
  const std::lock_guard lock(shard.mutex);
  Entry& entry = shard.entries[key];
  entry.last_used = impl_->generation;
  if (!entry.program) {
    entry.program = std::make_unique<Program>(code, spec, traced);
    entry.size_bytes = code.size() + kEntryBytes;
  }
  return *entry.program;
}

std::uint64_t ProgramCache::generation() const noexcept { return impl_->generation; }

void ProgramCache::trim() {
  struct Candidate {
    std::uint64_t last_used;
    std::size_t size_bytes;
    Shard* shard;
    Key key;
  };
  ++impl_->generation;
  std::size_t total = 0;
  for (Shard& shard : impl_->shards)
    for (const auto& [key, entry] : shard.entries) total += entry.size_bytes;
  if (total <= impl_->max_bytes) return;

  std::vector<Candidate> candidates;
  for (Shard& shard : impl_->shards)
    for (const auto& [key, entry] : shard.entries)
      candidates.push_back({entry.last_used, entry.size_bytes, &shard, key});
  std::ranges::sort(candidates, {}, &Candidate::last_used);
  for (const Candidate& candidate : candidates) {
    if (total <= impl_->max_bytes) break;
    candidate.shard->entries.erase(candidate.key);
    total -= candidate.size_bytes;
  }
}

}  // namespace hocket
