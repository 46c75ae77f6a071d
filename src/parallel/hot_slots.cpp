#include "parallel/hot_slots.hpp"

#include "base/endian.hpp"
#include "base/hash_seed.hpp"

#include <algorithm>
#include <mutex>

namespace hocket {

std::size_t HotSlots::KeyHash::operator()(const SlotKey& key) const noexcept {
  const HashSeed& seed = hash_seed();
  const std::uint8_t* p = key.account.data();
  const auto& limbs = key.slot.limbs;
  return fold_multiply(load_le64(p) ^ limbs[0] ^ seed.words[0], load_le64(p + 8) ^ limbs[1] ^ seed.words[1]) ^
         fold_multiply(load_le32(p + 16) ^ limbs[2] ^ seed.words[2], limbs[3] ^ seed.words[3]);
}

bool HotSlots::contains(const SlotKey& key) const {
  const std::size_t bit = KeyHash{}(key) % kFilterBits;
  if ((filter_[bit / 64].load(std::memory_order_relaxed) >> (bit % 64) & 1) == 0) return false;
  const std::lock_guard guard(lock_);
  const auto found = trust_.find(key);
  return found != trust_.end() && found->second > 0;
}

bool HotSlots::note(const SlotKey& key) {
  const std::lock_guard guard(lock_);
  if (trust_.size() >= kMaxSlots && !trust_.contains(key)) {
    trust_.clear();
    for (auto& word : filter_) word.store(0, std::memory_order_relaxed);
  }
  const std::size_t bit = KeyHash{}(key) % kFilterBits;
  filter_[bit / 64].fetch_or(std::uint64_t{1} << (bit % 64), std::memory_order_relaxed);
  int& trust = trust_[key];
  trust = std::min(trust + 1, kMaxTrust);
  return trust > 0;
}

bool HotSlots::judge(const SlotKey& key, bool redone) {
  const std::lock_guard guard(lock_);
  const auto found = trust_.find(key);
  if (found == trust_.end()) return false;
  // A whole execution is lost where it is not redone.
  int& trust = found->second;
  trust = std::min(trust + (redone ? 1 : -2), kMaxTrust);
  if (trust <= 0) trust = kLowestTrust;
  return trust > 0;
}

}  // namespace hocket
