#include "evm/program.hpp"

#include "base/assert.hpp"
#include "base/uint256.hpp"

#include <algorithm>
#include <cstring>

namespace hocket {
namespace {

constexpr int kStackLimit = 1024;
constexpr std::uint32_t kMaxBlockGas = 0xffff;

/// What the translation needs of an opcode under one fork, in one load.
struct OpcodeInfo {
  std::uint16_t gas = 0;
  std::uint8_t inputs = 0;
  std::uint8_t outputs = 0;
  enum Kind : std::uint8_t { plain, undefined, push, jumpdest, jump, pc } kind = plain;
  bool ends_block = false;  // a jump, or an instruction that must see the exact gas left
  bool halts = false;       // what follows is reached through a JUMPDEST only
  std::uint8_t immediate_size = 0;
};
static_assert(sizeof(OpcodeInfo) == 8);

using OpcodeInfos = std::array<OpcodeInfo, 256>;

OpcodeInfos make_infos(const Spec& spec) {
  OpcodeInfos infos;
  for (int opcode = 0; opcode < 256; ++opcode) {
    const OpcodeTraits& traits = kOpcodeTraits[static_cast<std::size_t>(opcode)];
    const std::int16_t gas = spec.opcode_gas[static_cast<std::size_t>(opcode)];
    OpcodeInfo& info = infos[static_cast<std::size_t>(opcode)];
    info.immediate_size = traits.immediate_size;
    if (gas == Spec::kUndefined) {
      info.kind = OpcodeInfo::undefined;
      info.halts = true;
      continue;
    }
    info.gas = static_cast<std::uint16_t>(gas);
    info.inputs = traits.inputs;
    info.outputs = traits.outputs;
    if (opcode >= OP_PUSH0 && opcode <= OP_PUSH32) info.kind = OpcodeInfo::push;
    if (opcode == OP_JUMPDEST) info.kind = OpcodeInfo::jumpdest;
    if (opcode == OP_JUMP || opcode == OP_JUMPI) info.kind = OpcodeInfo::jump;
    if (opcode == OP_PC) info.kind = OpcodeInfo::pc;
  }
  for (const Opcode opcode :
       {OP_JUMPI, OP_GAS, OP_SSTORE, OP_CREATE, OP_CREATE2, OP_CALL, OP_CALLCODE, OP_DELEGATECALL, OP_STATICCALL})
    infos[opcode].ends_block = true;
  for (const Opcode opcode : {OP_JUMP, OP_STOP, OP_RETURN, OP_REVERT, OP_INVALID, OP_SELFDESTRUCT})
    infos[opcode].halts = true;
  return infos;
}

const OpcodeInfos& infos_of(const Spec& spec) {
  static const auto all = [] {
    std::array<OpcodeInfos, kRevisionCount> made;
    for (int i = 0; i < kRevisionCount; ++i)
      made[static_cast<std::size_t>(i)] = make_infos(spec_of(static_cast<Revision>(i)));
    return made;
  }();
  return all[static_cast<std::size_t>(spec.revision)];
}

/// Writes cells to memory that is known to suffice, and sums up what the open block needs.
class CellWriter {
 public:
  explicit CellWriter(Cell* cells) : cells_(cells), next_(cells) {}

  std::uint32_t position() const noexcept { return static_cast<std::uint32_t>(next_ - cells_); }
  Cell& last() noexcept { return next_[-1]; }

  void put(std::uint16_t handler, std::uint32_t value) noexcept {
    next_->handler = handler;
    next_->immediate.unused = 0;
    next_->immediate.value = value;
    ++next_;
  }
  void put_raw(std::uint64_t limb) noexcept { std::memcpy(next_++, &limb, sizeof limb); }

  /// Closes the open block and opens the next; returns its cell's index.
  std::uint32_t begin_block() noexcept {
    end_block();
    block_ = next_;
    gas_ = 0;
    height_ = required_ = growth_ = 0;
    put(kHandlerBlock, 0);
    return position() - 1;
  }

  void end_block() noexcept {
    if (block_ == nullptr) return;
    block_->block.gas = static_cast<std::uint16_t>(gas_);
    const bool possible = required_ + growth_ <= kStackLimit;
    // An impossible block halts exceptionally at its start instead of somewhere inside.
    block_->block.required = static_cast<std::uint16_t>(possible ? required_ : 0xffff);
    block_->block.slack = static_cast<std::uint16_t>(possible ? kStackLimit - required_ - growth_ : 0);
  }

  bool block_is_empty() const noexcept { return next_ == block_ + 1; }
  bool has_room_for(std::uint16_t gas) const noexcept { return gas_ + gas <= kMaxBlockGas; }
  void add(const OpcodeInfo& info) noexcept {
    gas_ += info.gas;
    required_ = std::max(required_, info.inputs - height_);
    height_ += info.outputs - info.inputs;
    growth_ = std::max(growth_, height_);
  }

 private:
  Cell* cells_;
  Cell* next_;
  Cell* block_ = nullptr;  // of the open block
  std::uint32_t gas_ = 0;
  int height_ = 0;  // of the stack, relative to the block's start
  int required_ = 0;
  int growth_ = 0;
};

/// The immediate of a PUSH; code is followed by infinitely many zeros.
u256 immediate_of(BytesView code, std::size_t at, std::size_t size) noexcept {
  std::uint8_t bytes[32] = {};
  const std::size_t available = std::min(size, code.size() - at);
  std::copy_n(code.data() + at, available, bytes + 32 - size);
  return load_be256(bytes);
}

void put_push(CellWriter& cells, const u256& value) noexcept {
  const unsigned limbs = (value.bit_length() + 63) / 64;
  cells.put(static_cast<std::uint16_t>(kHandlerPush1Limb + limbs - 1), 0);
  for (unsigned i = 0; i < limbs; ++i) cells.put_raw(value.limbs[i]);
}

}  // namespace

void Program::translate(BytesView code, const Spec& spec, bool traced) {
  const OpcodeInfos& infos = infos_of(spec);
  destinations_.assign(code.size() / 64 + 1, {});
  targets_.clear();
  // At most a block cell and a cell of its own an instruction; a wide push has as many bytes as it needs cells for.
  // A traced instruction has a trace cell and two more block cells.
  const std::size_t bound = (traced ? 5 : 2) * code.size() + 16;
  if (capacity_ < bound) {
    cells_ = std::make_unique_for_overwrite<Cell[]>(bound);
    capacity_ = bound;
  }
  CellWriter cells(cells_.get());
  cells.put(kHandlerUndefined, 0);  // index 0 means "no target"
  cells.begin_block();

  jumps_.clear();
  bool block_open = true;          // false: the next instruction starts a block
  bool last_was_constant = false;  // the previous cell pushes a 32-bit constant, in the same block
  std::size_t pc = 0;
  while (pc < code.size()) {
    const std::uint8_t opcode = code[pc];
    const OpcodeInfo info = infos[opcode];
    if (info.kind == OpcodeInfo::jumpdest) {
      destinations_[pc / 64].bits |= std::uint64_t{1} << (pc % 64);
      targets_.push_back(cells.begin_block());
      last_was_constant = false;
    } else if (!block_open || !cells.has_room_for(info.gas)) {
      cells.begin_block();
      last_was_constant = false;
    }
    block_open = true;
    if (traced) {
      if (!cells.block_is_empty()) cells.begin_block();
      cells.put(kHandlerTrace, static_cast<std::uint32_t>(pc));
      cells.begin_block();
      last_was_constant = false;
    }
    cells.add(info);
    switch (info.kind) {
      case OpcodeInfo::plain:
        cells.put(opcode, 0);
        last_was_constant = false;
        break;
      case OpcodeInfo::push: {
        const std::size_t size = info.immediate_size;
        std::uint64_t small = 0;
        if (size <= 4 && pc + 8 <= code.size()) {
          if (size != 0) small = load_be64(code.data() + pc) << 8 >> (64 - 8 * size);
        } else {
          const u256 value = immediate_of(code, pc + 1, size);
          if (value.bit_length() > 32) {
            put_push(cells, value);
            last_was_constant = false;
            break;
          }
          small = value.low64();
        }
        cells.put(kHandlerPush32Bits, static_cast<std::uint32_t>(small));
        last_was_constant = true;
        break;
      }
      case OpcodeInfo::jumpdest:  // the block cell is all there is to it
        break;
      case OpcodeInfo::jump:
        if (last_was_constant) {
          // The jump takes the place of the push; its target is known when all code has been seen.
          cells.last().handler = opcode == OP_JUMP ? kHandlerJumpConst : kHandlerJumpiConst;
          jumps_.push_back(cells.position() - 1);
        } else {
          cells.put(opcode, 0);
        }
        last_was_constant = false;
        break;
      case OpcodeInfo::pc:
        cells.put(kHandlerPc, static_cast<std::uint32_t>(pc));
        last_was_constant = false;
        break;
      case OpcodeInfo::undefined:
        cells.put(kHandlerUndefined, 0);
        break;
    }
    pc += 1 + info.immediate_size;
    if (info.ends_block) block_open = false;
    if (info.halts) {
      // Unreachable up to the next JUMPDEST.
      while (pc < code.size() && code[pc] != OP_JUMPDEST) pc += 1 + infos[code[pc]].immediate_size;
      block_open = false;
    }
  }
  // Running off the end is a STOP (YP 9.4.4). It needs no gas and no stack.
  if (!block_open) cells.begin_block();
  if (traced) {
    if (!cells.block_is_empty()) cells.begin_block();
    cells.put(kHandlerTrace, static_cast<std::uint32_t>(code.size()));
  }
  cells.put(OP_STOP, 0);
  cells.end_block();
  size_ = cells.position();

  std::uint64_t before = 0;
  for (Destinations& group : destinations_) {
    group.before = before;
    before += static_cast<std::uint64_t>(std::popcount(group.bits));
  }
  for (const std::uint32_t index : jumps_) {
    auto& immediate = cells_[index].immediate;
    immediate.value = target_index(immediate.value);
  }
}

void Program::shrink() {
  auto exact = std::make_unique_for_overwrite<Cell[]>(size_);
  std::copy_n(cells_.get(), size_, exact.get());
  cells_ = std::move(exact);
  capacity_ = size_;
  targets_.shrink_to_fit();
  jumps_ = {};
}

}  // namespace hocket
