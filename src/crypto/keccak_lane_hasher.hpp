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
  using Absorb = void (*)(InterleavedStates<N>&, unsigned, const Block (&)[N]) noexcept;

  LaneHasher(std::span<const BytesView> inputs, std::span<Hash32> out) noexcept : inputs_(inputs), out_(out) {}

  void run(Absorb absorb) noexcept {
    for (Lane& lane : lanes_) start_next(lane);
    while (busy_ != 0) {
      unsigned keep = 0;
      Block blocks[N];
      for (int n = 0; n < N; ++n) {
        if (!lanes_[n].is_first_block) keep |= 1u << n;
        blocks[n] = next_block(lanes_[n]);
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

  Block next_block(Lane& lane) noexcept {
    static constexpr std::uint8_t kNothing[kRateBytes] = {};
    if (!lane.is_busy) return {kNothing, kRateBytes};
    const Block block = {lane.rest.empty() ? kNothing : lane.rest.data(), std::min(lane.rest.size(), kRateBytes)};
    lane.rest = lane.rest.subspan(block.size);
    lane.is_last_block = block.size < kRateBytes;
    return block;
  }

  void finish(int n) noexcept {
    std::uint64_t words[4];
    for (int i = 0; i < 4; ++i) words[i] = states_.words[i][n];
    std::memcpy(out_[lanes_[n].index].data(), words, 32);
    --busy_;
    start_next(lanes_[n]);
  }

  InterleavedStates<N> states_;  // a state is set when its first block is absorbed
  Lane lanes_[N];
  std::span<const BytesView> inputs_;
  std::span<Hash32> out_;
  std::size_t next_ = 0;
  int busy_ = 0;
};

}  // namespace hocket::keccak
