// LatentView: a state whose every read takes a while, as from a disk.
#pragma once

#include "state/state_view.hpp"

#include <chrono>

namespace hocket::workloads {

/// Waits without giving up the processor, so that the time is exact; another worker runs on another core meanwhile.
/// Thread safety: that of the view behind it. Requires: that view outlives it.
class LatentView final : public StateView {
 public:
  LatentView(const StateView& base, std::chrono::nanoseconds latency) : base_(base), latency_(latency) {}

  StateRead<std::optional<Account>> account(const Address& address) const override {
    wait();
    return base_.account(address);
  }
  StateRead<u256> storage(const Address& address, const u256& slot) const override {
    wait();
    return base_.storage(address, slot);
  }
  StateRead<BytesView> code(const Address& address, const Hash32& code_hash) const override {
    wait();
    return base_.code(address, code_hash);
  }
  StateRead<Hash32> block_hash(std::uint64_t number) const override { return base_.block_hash(number); }
  std::string fault_message() const override { return base_.fault_message(); }

 private:
  void wait() const {
    const auto end = std::chrono::steady_clock::now() + latency_;
    while (std::chrono::steady_clock::now() < end) {
    }
  }

  const StateView& base_;
  std::chrono::nanoseconds latency_;
};

}  // namespace hocket::workloads
