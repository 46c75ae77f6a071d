#include "evm/program.hpp"

#include "base/arena.hpp"
#include "base/assert.hpp"
#include "evm/jump_destinations.hpp"
#include "evm/translator.hpp"

#include <algorithm>
#include <cstring>
#include <mutex>
#include <new>

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

/// Stands for the targets of groups of which none is translated. Never written to.
constinit JumpTarget no_targets[64];

/// A program's memory comes in pieces of this size: code takes two to ten times its size when all of it is translated.
std::size_t chunk_bytes(std::size_t code_bytes) noexcept { return std::clamp<std::size_t>(8 * code_bytes, 1024, 8192); }

}  // namespace

struct Program::Translation {
  Translation(std::size_t code_bytes, const Spec& rules, bool is_traced)
      : arena(chunk_bytes(code_bytes)), spec(rules), traced(is_traced) {}

  std::mutex mutex;  // guards the arena, and is held by whoever translates or resolves
  Arena arena;
  BytesView code;  // in the arena, between zeros
  const Spec& spec;
  const bool traced;
};

Program::Program(BytesView code, const Spec& spec, bool traced)
    : group_count_(code.size() / 64 + 1), translation_(std::make_unique<Translation>(code.size(), spec, traced)) {
  const std::size_t padded = kCodePaddingBefore + code.size() + kCodePaddingBehind;
  groups_ = static_cast<Group*>(translation_->arena.allocate(group_count_ * sizeof(Group) + padded, alignof(Group)));
  auto* bytes = reinterpret_cast<std::uint8_t*>(groups_ + group_count_);
  std::fill_n(bytes, kCodePaddingBefore, std::uint8_t{0});
  bytes += kCodePaddingBefore;
  std::copy_n(code.data(), code.size(), bytes);
  std::fill_n(bytes + code.size(), kCodePaddingBehind, std::uint8_t{0});
  translation_->code = {bytes, code.size()};
  find_jump_destinations(bytes, code.size(), [groups = groups_](std::size_t group, std::uint64_t bits) {
    ::new (groups + group) Group{.bits = bits, .targets = no_targets};
  });
}

Program::~Program() = default;

const Cell* Program::translate_start(TranslationSpace& space) const {
  const std::lock_guard lock(translation_->mutex);
  if (const Cell* cell = entry_.load(std::memory_order_relaxed); cell != nullptr) return cell;
  const Cell* cell = add_region(0, true, space);
  entry_.store(cell, std::memory_order_release);
  return cell;
}

const JumpTarget* Program::translate(std::uint64_t pc, TranslationSpace& space) const {
  if (jump_target(pc) == nullptr) return nullptr;
  const std::lock_guard lock(translation_->mutex);
  if (jump_target(pc)->cell.load(std::memory_order_relaxed) == nullptr) add_region(pc, false, space);
  return jump_target(pc);
}

void Program::make_targets(Group& group) const {
  if (group.targets.load(std::memory_order_relaxed) != no_targets) return;
  const auto count = static_cast<std::size_t>(std::popcount(group.bits));
  auto* targets =
      static_cast<JumpTarget*>(translation_->arena.allocate(count * sizeof(JumpTarget), alignof(JumpTarget)));
  std::uninitialized_default_construct_n(targets, count);
  group.targets.store(targets, std::memory_order_release);
}

const Cell* Program::add_region(std::size_t pc, bool is_start, TranslationSpace& space) const {
  Translation& t = *translation_;
  const std::size_t bound = Translator::most_cells(t.code.size() - pc, t.traced);
  space.reserve(bound);
  Translator translator(t.spec, BlockWriter(space));
  const auto is_translated = [this](std::size_t at) {
    const JumpTarget* target = jump_target(at);
    return target != nullptr && target->cell.load(std::memory_order_relaxed) != nullptr;
  };
  const std::size_t size = is_start ? translator.from_start(t.code, t.traced, is_translated)
                                    : translator.from_jumpdest(t.code, pc, t.traced, is_translated);
  HOCKET_ASSERT(size <= bound);

  Cell* cells = t.arena.allocate_array<Cell>(size);
  std::copy_n(space.cells.get(), size, cells);
  // What may fail comes before what others see.
  for (const MetTarget& met : space.targets) make_targets(groups_[met.pc / 64]);
  for (const MetTarget& met : space.targets) {
    JumpTarget* target = target_at(met.pc);
    HOCKET_ASSERT(target != nullptr);  // both walks agree about what is an instruction
    target->needs = met.needs;
    target->cell.store(cells + met.cell, std::memory_order_release);
  }
  return cells;
}

Program::Destination Program::destination_at(std::uint64_t pc, TranslationSpace& space) const {
  const JumpTarget* target = jump_target(pc);
  if (target == nullptr) return {.needs = kNoNeeds, .cell = &kBadJumpCell};
  if (target->cell.load(std::memory_order_relaxed) == nullptr) {
    add_region(pc, false, space);
    target = jump_target(pc);
  }
  return {.needs = target->needs, .cell = target->cell.load(std::memory_order_relaxed)};
}

void Program::resolve(const Cell* jump, TranslationSpace& space) const {
  constexpr int kMaxHops = 8;
  const std::lock_guard lock(translation_->mutex);
  if (target_of(jump) != nullptr) return;
  Destination destination = destination_at(jump->immediate.value, space);
  // Jumps to jumps are followed.
  for (int hop = 0; hop < kMaxHops && destination.cell != jump && destination.cell->handler == kHandlerJumpConst;
       ++hop) {
    const Cell* through = destination.cell;
    const Cell* end = target_of(through);
    const Destination next = end != nullptr ? Destination{.needs = through->block, .cell = end}
                                            : destination_at(through->immediate.value, space);
    if (next.cell == through || destination.needs.gas + next.needs.gas > 0xffff) break;
    destination = {.needs = both(destination.needs, next.needs), .cell = next.cell};
  }
  resolve_to(const_cast<Cell*>(jump), destination.needs, destination.cell);  // cells are not const where they are made
}

}  // namespace hocket
