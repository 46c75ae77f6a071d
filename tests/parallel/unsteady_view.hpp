// UnsteadyView: a StateView whose reads take a random time, so that few processors show many interleavings; and which
// can fail at one of its reads.
#pragma once

#include "base/random.hpp"
#include "state/state_view.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <thread>

namespace hocket::testing {

/// Thread safety: as the view below.
class UnsteadyView final : public StateView {
 public:
  /// `seed` 0: reads take no extra time.
  explicit UnsteadyView(const StateView& below, std::uint64_t seed = 0) : below_(&below), seed_(seed) {}

  /// The read with this number (from 1), and with `for_ever` all after it, give an io_error.
  void fail_at(std::uint64_t read, bool for_ever) {
    fail_at_ = read;
    fails_for_ever_ = for_ever;
  }
  /// Called before each read with its number.
  void call_at_reads(std::function<void(std::uint64_t)> called) { called_ = std::move(called); }

  std::uint64_t reads() const noexcept { return reads_.load(); }

  StateRead<std::optional<Account>> account(const Address& address) const override {
    if (!begin_read()) return std::unexpected(StateFault::io_error);
    return below_->account(address);
  }
  StateRead<u256> storage(const Address& address, const u256& slot) const override {
    if (!begin_read()) return std::unexpected(StateFault::io_error);
    return below_->storage(address, slot);
  }
  StateRead<BytesView> code(const Address& address, const Hash32& code_hash) const override {
    if (!begin_read()) return std::unexpected(StateFault::io_error);
    return below_->code(address, code_hash);
  }
  StateRead<Hash32> block_hash(std::uint64_t number) const override {
    if (!begin_read()) return std::unexpected(StateFault::io_error);
    return below_->block_hash(number);
  }
  std::string fault_message() const override { return "read " + std::to_string(fail_at_) + " fails"; }

 private:
  bool begin_read() const {
    const std::uint64_t read = reads_.fetch_add(1) + 1;
    if (called_) called_(read);
    if (seed_ != 0) {
      switch (Random(seed_ + read).below(12)) {
        case 0:
          std::this_thread::sleep_for(std::chrono::microseconds(20));
          break;
        case 1:
        case 2:
        case 3:
        case 4:
          std::this_thread::yield();
          break;
        default:
          break;
      }
    }
    return fail_at_ == 0 || (fails_for_ever_ ? read < fail_at_ : read != fail_at_);
  }

  const StateView* below_;
  std::uint64_t seed_;
  std::uint64_t fail_at_ = 0;
  bool fails_for_ever_ = false;
  std::function<void(std::uint64_t)> called_;
  mutable std::atomic<std::uint64_t> reads_{0};
};

}  // namespace hocket::testing
