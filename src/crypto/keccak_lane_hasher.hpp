// Many inputs through a kernel that permutes N Keccak states at once.
#pragma once

#include "base/bytes.hpp"
#include "base/fixed_bytes.hpp"
#include "crypto/keccak_kernels.hpp"
#include "crypto/keccak_round.hpp"

#include <cstring>
#include <span>

namespace hocket::keccak {

/// Hashes inputs in N lanes: a lane that has finished its input takes the next one, so inputs of any lengths mix and
/// all lanes are busy until the last N inputs.
template <int N>
class LaneHasher {
 public:
  using Absorb = void (*)(keccak::InterleavedStates<N>&, unsigned, const std::uint8_t* const (&)[N]) noexcept;

  LaneHasher(std::span<const BytesView> inputs, std::span<Hash32> out) noexcept : inputs_(inputs), out_(out) {}

  void run(Absorb absorb) noexcept {
    for (Lane& lane : lanes_) start_next(lane);
    while (busy_ != 0) {
      unsigned keep = 0;
      const std::uint8_t* blocks[N];
      for (int n = 0; n < N; ++n) {
        if (!lanes_[n].is_first_block) keep |= 1u << n;
        blocks[n] = next_block(n);
      }
      absorb(states_, keep, blocks);
      for (int n = 0; n < N; ++n) {
        lanes_[n].is_first_block = false;
        if (lanes_[n].is_last_block) finish(n);
      }
    }
  }

 private:
  struct Lane {
    BytesView rest;
    std::size_t index = 0;
    bool is_busy = false;
    bool is_first_block = true;
    bool is_last_block = false;
  };

  void start_next(Lane& lane) noexcept {
    lane = {};
    if (next_ == inputs_.size()) return;
    lane.rest = inputs_[next_];
    lane.index = next_++;
    lane.is_busy = true;
    ++busy_;
  }

  const std::uint8_t* next_block(int n) noexcept {
    Lane& lane = lanes_[n];
    if (lane.rest.size() >= kRateBytes) {
      const std::uint8_t* const block = lane.rest.data();
      lane.rest = lane.rest.subspan(kRateBytes);
      return block;
    }
    // What an idle lane absorbs does not matter.
    lane.is_last_block = lane.is_busy;
    std::uint8_t* const block = padded_[n];
    std::memset(block, 0, kRateBytes);
    if (!lane.rest.empty()) std::memcpy(block, lane.rest.data(), lane.rest.size());
    block[lane.rest.size()] = 0x01;
    block[kRateBytes - 1] |= 0x80;
    return block;
  }

  void finish(int n) noexcept {
    std::uint64_t words[4];
    for (int i = 0; i < 4; ++i) words[i] = states_.words[i][n];
    std::memcpy(out_[lanes_[n].index].data(), words, 32);
    --busy_;
    start_next(lanes_[n]);
  }

  keccak::InterleavedStates<N> states_{};
  std::uint8_t padded_[N][kRateBytes];
  Lane lanes_[N];
  std::span<const BytesView> inputs_;
  std::span<Hash32> out_;
  std::size_t next_ = 0;
  int busy_ = 0;
};

}  // namespace hocket::keccak
