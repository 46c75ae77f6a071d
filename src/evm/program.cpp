#include "evm/program.hpp"

#include "base/assert.hpp"
#include "evm/translator.hpp"

#include <algorithm>

namespace hocket {
namespace {

/// What it takes to enter one block and then another, if the first leaves the stack as it is.
BlockNeeds both(const BlockNeeds& first, const BlockNeeds& second) noexcept {
  const int low = std::max(first.required_bytes, second.required_bytes);
  const int high = std::min(first.required_bytes + first.slack_bytes, second.required_bytes + second.slack_bytes);
  return {.gas = static_cast<std::uint16_t>(first.gas + second.gas),
          .required_bytes = static_cast<std::uint16_t>(low <= high ? low : 0xffff),
          .slack_bytes = static_cast<std::uint16_t>(low <= high ? high - low : 0)};
}

}  // namespace

Program::Program() = default;
Program::~Program() = default;
Program::Program(Program&&) noexcept = default;
Program& Program::operator=(Program&&) noexcept = default;

void Program::translate(BytesView code, const Spec& spec, bool traced) {
  destinations_.assign(code.size() / 64 + 1, {});
  jumps_.clear();
  // Most cells for its bytes has PUSH0 NOT: a push of four limbs for two. A traced instruction has a trace cell and two
  // block cells besides.
  const std::size_t bound = (traced ? 6 : 3) * code.size() + 16;
  if (capacity_ < bound) {
    cells_ = std::make_unique_for_overwrite<Cell[]>(bound);
    capacity_ = bound;
  }
  Translator translator(spec, BlockWriter(cells_.get(), targets_, segments_), jumps_);
  size_ = translator.run(code, traced,
                         [&](std::size_t pc) { destinations_[pc / 64].bits |= std::uint64_t{1} << (pc % 64); });
  HOCKET_ASSERT(size_ <= bound);

  std::uint64_t before = 0;
  for (Destinations& group : destinations_) {
    group.before = before;
    before += static_cast<std::uint64_t>(std::popcount(group.bits));
  }
  for (const std::uint32_t index : jumps_) {
    const JumpTarget target = final_target(index);
    cells_[index + 1].block = target.needs;
    cells_[index].jump.distance = static_cast<std::int32_t>(target.cell) - static_cast<std::int32_t>(index);
  }
}

JumpTarget Program::final_target(std::uint32_t jump) const noexcept {
  constexpr int kMaxHops = 8;
  const auto target_of = [this](std::uint32_t index) {
    const JumpTarget* target = jump_target(cells_[index].immediate.value);
    return target == nullptr ? JumpTarget{} : *target;
  };
  JumpTarget target = target_of(jump);
  for (int hop = 0; hop < kMaxHops && target.cell != jump && cells_[target.cell].handler == kHandlerJumpConst; ++hop) {
    // Jumps in front of this one have their distances already.
    const std::uint32_t through = target.cell;
    const JumpTarget next = through < jump
                                ? JumpTarget{.needs = cells_[through + 1].block,
                                             .cell = static_cast<std::uint32_t>(static_cast<std::int32_t>(through) +
                                                                                cells_[through].jump.distance)}
                                : target_of(through);
    if (next.cell == through || target.needs.gas + next.needs.gas > 0xffff) break;
    target = {.needs = both(target.needs, next.needs), .cell = next.cell};
  }
  return target;
}

Program Program::compact() const {
  Program copy;
  copy.cells_ = std::make_unique_for_overwrite<Cell[]>(size_);
  std::copy_n(cells_.get(), size_, copy.cells_.get());
  copy.size_ = copy.capacity_ = size_;
  copy.destinations_ = destinations_;
  copy.targets_ = targets_;
  return copy;
}

}  // namespace hocket
