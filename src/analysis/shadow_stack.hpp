// ShadowStack: beside an EVM stack, which slots its values come from, and how. What becomes of a slot's value decides
// whether the slot is only added to.
#pragma once

#include "base/uint256.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace hocket {

/// What one stack item depends on.
struct ShadowValue {
  enum Kind : std::uint8_t {
    plain,    // on no slot, as far as is followed
    sum,      // it is one slot's value as it was read, plus or minus plain values
    derived,  // on slots' values, by comparisons, differences, masks and shifts: a branch may depend on it, nothing
              // else
  };
  Kind kind = plain;
  std::vector<std::uint32_t> slots;  // numbers that the caller gave, ascending; one for a sum

  bool is_sum_of(std::uint32_t slot) const noexcept { return kind == sum && slots.front() == slot; }
};

/// What an instruction did with values that come from slots. Branches are not among it: whoever replaces a slot's value
/// can check that they are taken the same way.
struct ShadowEffect {
  /// Slots whose values went where they are not followed: products, sums of two slots, memory, logs, keys, other calls.
  std::vector<std::uint32_t> escaped;
  /// For SSTORE: what is stored.
  ShadowValue stored;
};

class ShadowStack {
 public:
  /// Follows one instruction from what the EVM's `stack` was before it. `loaded`: the number of the slot, for SLOAD.
  /// Requires: the instruction succeeds. `effect` is overwritten.
  void step(std::uint8_t opcode, std::span<const u256> stack, std::uint32_t loaded, ShadowEffect& effect);

 private:
  ShadowValue pop();
  void let_escape(std::size_t inputs, ShadowEffect& effect);
  void derive(std::size_t inputs);
  /// True: of the two items at the top one is plain, and the other took its place.
  bool keep_sum(bool top_may_be, bool below_may_be);

  std::vector<ShadowValue> values_;
};

}  // namespace hocket
