// BlockWriter: writes cells to memory that is known to suffice, and works out what each block needs to be entered, at
// its start and at the JUMPDESTs within it.
#pragma once

#include "base/uint256.hpp"
#include "evm/cell.hpp"
#include "evm/opcode_info.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

namespace hocket {

/// A JUMPDEST that has been met: its place in the code, what it takes to go on there, and its first instruction's cell.
struct MetTarget {
  std::uint32_t pc = 0;
  std::uint32_t cell = 0;
  BlockNeeds needs = kNoNeeds;
};

/// What is between a block's start or a JUMPDEST within it, and the next JUMPDEST or the block's end.
struct BlockSegment {
  std::uint32_t gas = 0;
  int height = 0;  // of the stack at its end, relative to its start
  int required = 0;
  int growth = 0;
  std::uint32_t targets = 0;  // JUMPDESTs that it begins with; none: it is a block's start
  std::uint32_t index = 0;    // of the first jump target, or of the block's cell
};

/// What a translation writes to; used again and again. Thread safety: none.
struct TranslationSpace {
  std::unique_ptr<Cell[]> cells;
  std::size_t capacity = 0;
  std::vector<MetTarget> targets;
  std::vector<BlockSegment> segments;

  void reserve(std::size_t cell_count) {
    if (cell_count <= capacity) return;
    cells = std::make_unique_for_overwrite<Cell[]>(cell_count);
    capacity = cell_count;
  }
};

class BlockWriter {
 public:
  explicit BlockWriter(TranslationSpace& space)
      : cells_(space.cells.get()), next_(cells_), targets_(space.targets), segments_(space.segments) {
    targets_.clear();
    segments_.clear();
  }

  std::uint32_t position() const noexcept { return static_cast<std::uint32_t>(next_ - cells_); }
  bool is_open() const noexcept { return open_; }

  // --- cells ---------------------------------------------------------------------------------------------------------

  void put(std::uint16_t handler, std::uint32_t value = 0, int depth = 1) noexcept {
    put_sized(handler, value, static_cast<std::uint16_t>((depth - 1) * static_cast<int>(sizeof(u256))));
  }
  void put_sized(std::uint16_t handler, std::uint32_t value, std::uint16_t size) noexcept {
    last_ = next_;
    next_->handler = handler;
    next_->immediate.depth_bytes = size;
    next_->immediate.value = value;
    ++next_;
  }
  /// What follows a cell and is none itself.
  void put_raw(std::uint64_t limb) noexcept {
    std::memcpy(next_++, &limb, sizeof limb);
    last_ = nullptr;
  }
  /// The last cell, if it is an instruction's and every way to what comes next leads through it.
  Cell* last() noexcept { return last_; }
  bool last_is(std::uint16_t handler) const noexcept { return last_ != nullptr && last_->handler == handler; }
  void remove_last() noexcept {
    --next_;
    last_ = nullptr;
  }
  /// From here on what was written is not looked at any more.
  void forget_last() noexcept { last_ = nullptr; }

  // --- blocks --------------------------------------------------------------------------------------------------------

  /// Ends the open block, if any, and begins one that is entered from above through a cell of its own.
  void begin_block() noexcept {
    end_block();
    put(kHandlerBlock);
    forget_last();
    open_ = true;
    segment_ = {.gas = 0, .height = 0, .required = 0, .growth = 0, .targets = 0, .index = position() - 1};
  }

  /// What follows are `count` JUMPDESTs, the first at `pc`: of the open block, or of one that only jumps enter.
  /// Requires: room for their gas.
  void begin_targets(std::size_t pc, std::uint32_t count, const OpcodeInfo& jumpdest) {
    if (open_) segments_.push_back(segment_);
    forget_last();
    open_ = true;
    segment_ = {.gas = 0,
                .height = 0,
                .required = 0,
                .growth = 0,
                .targets = count,
                .index = static_cast<std::uint32_t>(targets_.size())};
    for (std::uint32_t i = 0; i < count; ++i)
      targets_.push_back({.pc = static_cast<std::uint32_t>(pc) + i, .cell = position(), .needs = kNoNeeds});
    jumpdest_gas_ = jumpdest.gas;
    add_gas(count * jumpdest_gas_);
  }

  void end_block() {
    if (!open_) return;
    open_ = false;
    forget_last();
    gas_ = 0;
    BlockSegment rest = segment_;
    set_needs(rest);
    while (!segments_.empty()) {
      const BlockSegment& first = segments_.back();
      rest = {.gas = first.gas + rest.gas,
              .height = 0,
              .required = std::max(first.required, rest.required - first.height),
              .growth = std::max(first.growth, first.height + rest.growth),
              .targets = first.targets,
              .index = first.index};
      set_needs(rest);
      segments_.pop_back();
    }
  }

  bool has_room_for(std::uint32_t gas) const noexcept { return gas_ + gas <= 0xffff; }
  /// An instruction of the open block. Requires: there is room for its gas.
  void add(const OpcodeInfo& info) noexcept {
    add_gas(info.gas);
    segment_.required = std::max(segment_.required, info.inputs - segment_.height);
    segment_.height += info.outputs - info.inputs;
    segment_.growth = std::max(segment_.growth, segment_.height);
  }
  void add_gas(std::uint32_t gas) noexcept {
    gas_ += gas;
    segment_.gas += gas;
  }

 private:
  static constexpr int kStackLimit = 1024;
  static constexpr int kItemBytes = sizeof(u256);

  void set_needs(const BlockSegment& rest) noexcept {
    const bool possible = rest.required + rest.growth <= kStackLimit;
    // An impossible block halts exceptionally at its start instead of somewhere inside.
    BlockNeeds needs{.gas = static_cast<std::uint16_t>(rest.gas),
                     .required_bytes = static_cast<std::uint16_t>(possible ? rest.required * kItemBytes : 0xffff),
                     .slack_bytes = static_cast<std::uint16_t>(
                         possible ? (kStackLimit - rest.required - rest.growth) * kItemBytes : 0)};
    if (rest.targets == 0) cells_[rest.index].block = needs;
    for (std::uint32_t i = 0; i < rest.targets; ++i) {
      targets_[rest.index + i].needs = needs;
      needs.gas = static_cast<std::uint16_t>(needs.gas - jumpdest_gas_);
    }
  }

  Cell* cells_;
  Cell* next_;
  Cell* last_ = nullptr;
  std::vector<MetTarget>& targets_;
  std::vector<BlockSegment>& segments_;  // of the open block, but for the one under way
  BlockSegment segment_;
  std::uint32_t gas_ = 0;  // of the open block
  std::uint32_t jumpdest_gas_ = 0;
  bool open_ = false;
};

}  // namespace hocket
