// Translator: one walk over a region of code: from where it is entered to where nothing follows any more, which is an
// instruction that halts or jumps, the code's end, or a JUMPDEST that another walk has been at. What an instruction
// becomes depends on itself, on the operands that are held back, and on the cell before it.
#pragma once

#include "base/bytes.hpp"
#include "evm/block_writer.hpp"
#include "evm/operand_queue.hpp"

namespace hocket {

class Translator {
 public:
  Translator(const Spec& spec, BlockWriter writer) : spec_(spec), out_(writer) {}

  /// Most cells of a region of so many bytes. Most for its bytes has PUSH0 NOT: a push of four limbs for two. A traced
  /// instruction has a trace cell and two block cells besides.
  static std::size_t most_cells(std::size_t code_bytes, bool traced) noexcept {
    return (traced ? 6 : 3) * code_bytes + 16;
  }

  /// From the start of the code, through a block cell. Returns the number of cells. `is_translated(pc)`: whether
  /// another walk has been at the JUMPDEST.
  template <class IsTranslated>
  std::size_t from_start(BytesView code, bool traced, IsTranslated&& is_translated) {
    out_.begin_block();
    return run(code, 0, traced, is_translated);
  }
  /// The same from a JUMPDEST that no walk has been at.
  template <class IsTranslated>
  std::size_t from_jumpdest(BytesView code, std::size_t pc, bool traced, IsTranslated&& is_translated) {
    return run(code, pc, traced, is_translated);
  }

 private:
  template <class IsTranslated>
  std::size_t run(BytesView code, std::size_t pc, bool traced, IsTranslated& is_translated);

  void push(BytesView code, std::size_t pc, std::size_t size) noexcept;
  void dup(int n) noexcept;
  void swap(int n) noexcept;
  void pop() noexcept;
  void jump() noexcept;
  void jumpi() noexcept;
  void plain(std::uint8_t opcode) noexcept;

  bool fuse(std::uint8_t opcode) noexcept;
  bool fuse_swapped(std::uint8_t opcode) noexcept;
  bool fuse_binary(std::uint8_t opcode) noexcept;
  bool fuse_pair(std::uint8_t opcode) noexcept;
  bool fuse_with_stack(std::uint8_t opcode) noexcept;
  bool fuse_unary(std::uint8_t opcode) noexcept;
  bool fuse_mstore() noexcept;
  bool fuse_keccak() noexcept;
  bool fuse_exp() noexcept;
  void put_plain(std::uint8_t opcode) noexcept;
  void put_shift(std::uint16_t first_handler, unsigned bits, int depth) noexcept;
  void put_jump_cell(std::uint16_t handler, std::uint32_t pc) noexcept;
  void put_operand(const Operand& operand, int above) noexcept;
  /// Puts the held operands on the stack, but for the `kept` last ones.
  void flush(int kept = 0) noexcept {
    if (queue_.size() > kept) put_operands(kept);
  }
  void put_operands(int kept) noexcept;

  const Spec& spec_;
  BlockWriter out_;
  OperandQueue queue_;
  /// The queue's only operand, a constant, is below the top of the stack: a SWAP1 has been seen.
  bool swapped_ = false;
};

template <class IsTranslated>
std::size_t Translator::run(BytesView code, std::size_t pc, bool traced, IsTranslated& is_translated) {
  const OpcodeInfos& infos = opcode_infos(spec_);
  const auto begin_traced = [&](std::size_t at, bool is_jumpdest) {
    flush();
    out_.begin_block();
    if (is_jumpdest) {
      out_.end_block();
      out_.begin_targets(at, 1, OpcodeInfo{});  // it is paid for behind its trace
      out_.end_block();
    }
    out_.put(kHandlerTrace, static_cast<std::uint32_t>(at));
    out_.begin_block();
  };
  constexpr std::uint32_t kMaxRun = 1024;
  while (pc < code.size()) {
    const std::uint8_t opcode = code[pc];
    const OpcodeInfo info = infos[opcode];
    const bool is_jumpdest = info.kind == OpcodeInfo::jumpdest;
    if (is_jumpdest && is_translated(pc)) {
      flush();
      out_.end_block();
      put_jump_cell(kHandlerJumpConst, static_cast<std::uint32_t>(pc));
      return out_.position();
    }
    if (traced) [[unlikely]] {
      begin_traced(pc, is_jumpdest);
    } else if (is_jumpdest) {
      flush();
      // Runs of them are rare but in code that is meant to cost much.
      std::uint32_t count = 1;
      while (count < kMaxRun && pc + count < code.size() && code[pc + count] == OP_JUMPDEST &&
             !is_translated(pc + count))
        ++count;
      if (out_.is_open() && !out_.has_room_for(count * info.gas)) out_.begin_block();
      out_.begin_targets(pc, count, info);
      pc += count;
      continue;
    } else if (!out_.is_open() || !out_.has_room_for(info.gas)) {
      flush();
      out_.begin_block();
    }
    out_.add(info);
    switch (info.kind) {
      case OpcodeInfo::plain:
        plain(opcode);
        break;
      case OpcodeInfo::push:
        push(code, pc, info.immediate_size);
        break;
      case OpcodeInfo::dup:
        dup(opcode - OP_DUP1 + 1);
        break;
      case OpcodeInfo::swap:
        swap(opcode - OP_SWAP1 + 1);
        break;
      case OpcodeInfo::pop:
        pop();
        break;
      case OpcodeInfo::jumpdest:  // traced; nothing is left to be done
        break;
      case OpcodeInfo::jump:
        jump();
        break;
      case OpcodeInfo::jumpi:
        jumpi();
        break;
      case OpcodeInfo::pc:
        if (queue_.full() || swapped_) flush();
        queue_.push_constant(pc);
        break;
      case OpcodeInfo::undefined:
        out_.put(kHandlerUndefined);
        break;
    }
    pc += 1 + info.immediate_size;
    if (info.ends_block) {
      flush();
      out_.begin_block();
    } else if (info.halts) {
      out_.end_block();
      return out_.position();
    }
  }
  // Running off the end is a STOP (YP 9.4.4). It needs no gas and no stack.
  flush();
  if (traced) begin_traced(code.size(), false);
  if (!out_.is_open()) out_.begin_block();
  out_.put(OP_STOP);
  out_.end_block();
  return out_.position();
}

}  // namespace hocket
