// LatentView: a state whose every read takes a while, as from a disk.
#pragma once

#include "state/forwarding_view.hpp"

#include <chrono>

namespace hocket::workloads {

/// Waits without giving up the processor, so that the time is exact; another worker runs on another core meanwhile.
class LatentView final : public ForwardingView {
 public:
  LatentView(const StateView& base, std::chrono::nanoseconds latency) : ForwardingView(base), latency_(latency) {}

  StateRead<std::optional<Account>> account(const Address& address) const override {
    wait();
    return ForwardingView::account(address);
  }
  StateRead<u256> storage(const Address& address, const u256& slot) const override {
    wait();
    return ForwardingView::storage(address, slot);
  }
  StateRead<BytesView> code(const Address& address, const Hash32& code_hash) const override {
    wait();
    return ForwardingView::code(address, code_hash);
  }

 private:
  void wait() const {
    const auto end = std::chrono::steady_clock::now() + latency_;
    while (std::chrono::steady_clock::now() < end) {
    }
  }

  std::chrono::nanoseconds latency_;
};

}  // namespace hocket::workloads
