// PrestateView: the accounts that a bundle lists, with the ancestors' hashes that it lists. What is not listed: an
// account does not exist, a slot is zero, but an ancestor's hash is a fault, since every ancestor has one.
#pragma once

#include "state/in_memory_state.hpp"

#include <mutex>

namespace hocket {

/// Thread safety: all functions may run concurrently.
class PrestateView final : public StateView {
 public:
  PrestateView(InMemoryState accounts, std::unordered_map<std::uint64_t, Hash32> block_hashes)
      : accounts_(std::move(accounts)), block_hashes_(std::move(block_hashes)) {}

  StateRead<std::optional<Account>> account(const Address& address) const override {
    return accounts_.account(address);
  }
  StateRead<u256> storage(const Address& address, const u256& slot) const override {
    return accounts_.storage(address, slot);
  }
  StateRead<BytesView> code(const Address& address, const Hash32& code_hash) const override {
    return accounts_.code(address, code_hash);
  }
  StateRead<Hash32> block_hash(std::uint64_t number) const override {
    const auto it = block_hashes_.find(number);
    if (it != block_hashes_.end()) return it->second;
    const std::lock_guard lock(fault_mutex_);
    fault_message_ = "blockHashes: the hash of block " + std::to_string(number) + " is needed and missing";
    return std::unexpected(StateFault::missing_node);
  }
  std::string fault_message() const override {
    const std::lock_guard lock(fault_mutex_);
    return fault_message_;
  }

 private:
  InMemoryState accounts_;
  std::unordered_map<std::uint64_t, Hash32> block_hashes_;
  mutable std::mutex fault_mutex_;
  mutable std::string fault_message_;  // guarded by `fault_mutex_`
};

}  // namespace hocket
