#include "evm/program.hpp"

#include "base/assert.hpp"
#include "base/uint256.hpp"

#include <algorithm>
#include <cstring>

namespace hocket {
namespace {

constexpr int kStackLimit = 1024;
constexpr std::int32_t kMaxBlockGas = 0xffff;

bool ends_block(std::uint8_t opcode) noexcept {
  switch (opcode) {
    case OP_JUMP:
    case OP_JUMPI:
    case OP_GAS:
    case OP_SSTORE:
    case OP_CREATE:
    case OP_CREATE2:
    case OP_CALL:
    case OP_CALLCODE:
    case OP_DELEGATECALL:
    case OP_STATICCALL:
      return true;
    default:
      return false;
  }
}

bool halts(std::uint8_t opcode) noexcept {
  return opcode == OP_STOP || opcode == OP_RETURN || opcode == OP_REVERT || opcode == OP_INVALID ||
         opcode == OP_SELFDESTRUCT || opcode == OP_JUMP;
}

Cell block_cell() noexcept {
  Cell c{};
  c.handler = kHandlerBlock;
  return c;
}

Cell immediate_cell(std::uint16_t handler, std::uint32_t value) noexcept {
  Cell c{};
  c.handler = handler;
  c.immediate.value = value;
  return c;
}

Cell raw_cell(std::uint64_t limb) noexcept {
  Cell c;
  std::memcpy(&c, &limb, sizeof c);
  return c;
}

/// Gas and stack needs of the block that is being translated.
struct BlockSums {
  std::size_t cell = 0;  // index of its block cell
  std::int32_t gas = 0;
  int height = 0;  // relative to the block's start
  int required = 0;
  int growth = 0;

  void add(const OpcodeTraits& traits, std::int32_t instruction_gas) noexcept {
    gas += instruction_gas;
    required = std::max(required, traits.inputs - height);
    height += traits.outputs - traits.inputs;
    growth = std::max(growth, height);
  }

  void write(std::vector<Cell>& cells) const noexcept {
    auto& block = cells[cell].block;
    block.gas = static_cast<std::uint16_t>(gas);
    const bool possible = required + growth <= kStackLimit;
    // An impossible block halts exceptionally at its start instead of somewhere inside.
    block.required = static_cast<std::uint16_t>(possible ? required : 0xffff);
    block.slack = static_cast<std::uint16_t>(possible ? kStackLimit - required - growth : 0);
  }
};

}  // namespace

void Program::translate(BytesView code, const Spec& spec, bool traced) {
  cells_.clear();
  targets_.assign(code.size(), 0);
  cells_.reserve(code.size() + code.size() / 4 + 8);
  cells_.push_back(Cell{});
  cells_.push_back(block_cell());
  BlockSums sums{.cell = 1};
  const auto begin_block = [&] {
    sums.write(cells_);
    sums = {.cell = cells_.size()};
    cells_.push_back(block_cell());
  };

  /// Constant jumps, to be resolved when all targets are known; `value` holds the program counter until then.
  std::vector<std::size_t> constant_jumps;
  bool block_open = true;          // false: the next instruction starts a block
  bool reachable = true;           // false after a halting instruction, until a JUMPDEST
  bool last_was_constant = false;  // the previous cell pushes a 32-bit constant, in the same block
  std::size_t pc = 0;
  while (pc < code.size()) {
    const std::uint8_t opcode = code[pc];
    const OpcodeTraits& traits = kOpcodeTraits[opcode];
    const std::int16_t gas = spec.opcode_gas[opcode];
    const std::size_t next_pc = pc + 1 + traits.immediate_size;
    if (opcode == OP_JUMPDEST) {
      begin_block();
      targets_[pc] = static_cast<std::uint32_t>(sums.cell);
      reachable = true;
      block_open = true;
      last_was_constant = false;
    } else if (!reachable) {
      pc = next_pc;
      continue;
    } else if (!block_open || sums.gas + std::max<std::int32_t>(gas, 0) > kMaxBlockGas) {
      begin_block();
      block_open = true;
      last_was_constant = false;
    }
    if (traced) {
      if (opcode != OP_JUMPDEST && sums.cell + 1 != cells_.size()) begin_block();
      cells_.push_back(immediate_cell(kHandlerTrace, static_cast<std::uint32_t>(pc)));
      begin_block();
      last_was_constant = false;
    }
    if (gas == Spec::kUndefined) {
      cells_.push_back(immediate_cell(kHandlerUndefined, 0));
      reachable = false;
      block_open = false;
      pc = next_pc;
      continue;
    }
    sums.add(traits, gas);
    if (opcode == OP_JUMPDEST) {
      // The block cell is all there is to it.
    } else if (opcode >= OP_PUSH0 && opcode <= OP_PUSH32) {
      std::uint8_t bytes[32] = {};
      const std::size_t available = std::min<std::size_t>(traits.immediate_size, code.size() - pc - 1);
      // Code is followed by infinitely many zeros: a truncated immediate is padded on the right.
      std::copy_n(code.begin() + static_cast<std::ptrdiff_t>(pc) + 1, available, bytes + 32 - traits.immediate_size);
      const u256 value = load_be256(bytes);
      if (value.bit_length() <= 32) {
        cells_.push_back(immediate_cell(kHandlerPush32Bits, static_cast<std::uint32_t>(value.low64())));
        last_was_constant = true;
      } else {
        const unsigned limbs = (value.bit_length() + 63) / 64;
        cells_.push_back(immediate_cell(static_cast<std::uint16_t>(kHandlerPush1Limb + limbs - 1), 0));
        for (unsigned i = 0; i < limbs; ++i) cells_.push_back(raw_cell(value.limbs[i]));
        last_was_constant = false;
      }
      pc = next_pc;
      continue;
    } else if (opcode == OP_PC) {
      cells_.push_back(immediate_cell(kHandlerPc, static_cast<std::uint32_t>(pc)));
    } else if ((opcode == OP_JUMP || opcode == OP_JUMPI) && last_was_constant) {
      // The constant is still pushed before and dropped by the jump in no more than a pointer move: the push cell
      // is replaced by the jump.
      cells_.back().handler = opcode == OP_JUMP ? kHandlerJumpConst : kHandlerJumpiConst;
      constant_jumps.push_back(cells_.size() - 1);
    } else {
      cells_.push_back(immediate_cell(opcode, 0));
    }
    last_was_constant = false;
    if (halts(opcode)) reachable = false;
    if (ends_block(opcode) || !reachable) block_open = false;
    pc = next_pc;
  }
  // Running off the end is a STOP (YP 9.4.4). It needs no gas and no stack, so it may belong to any block.
  if (!block_open) begin_block();
  if (traced) {
    begin_block();
    cells_.push_back(immediate_cell(kHandlerTrace, static_cast<std::uint32_t>(code.size())));
  }
  cells_.push_back(immediate_cell(OP_STOP, 0));
  sums.write(cells_);

  for (const std::size_t index : constant_jumps) {
    auto& value = cells_[index].immediate.value;
    value = value < targets_.size() ? targets_[value] : 0;
  }
}

}  // namespace hocket
