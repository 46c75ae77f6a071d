#include "evm/translator.hpp"

#include "evm/frame.hpp"
#include "evm/fusion_rules.hpp"

namespace hocket {
namespace {

std::uint32_t small(const Operand& operand) noexcept { return static_cast<std::uint32_t>(operand.constant.low64()); }

std::uint16_t next_outcome(std::uint16_t handler, int by) noexcept { return static_cast<std::uint16_t>(handler + by); }

/// The program counter that a constant means.
std::uint32_t destination(const Operand& target) noexcept {
  constexpr std::uint32_t kNoTarget = 0xffff'ffff;  // beyond all code
  return target.is_small() ? small(target) : kNoTarget;
}

bool is_pushed(const Cell* cell) noexcept {
  return cell != nullptr && is_comparison(cell->handler) && (cell->handler - kHandlerIszero) % kOutcomes < 2;
}

}  // namespace

// --- operands --------------------------------------------------------------------------------------------------------

void Translator::put_operand(const Operand& operand, int above) noexcept {
  if (operand.is_constant()) {
    if (operand.is_small()) return out_.put(kHandlerPush32Bits, small(operand));
    const unsigned limbs = (operand.constant.bit_length() + 63) / 64;
    out_.put(static_cast<std::uint16_t>(kHandlerPush1Limb + limbs - 1));
    for (unsigned i = 0; i < limbs; ++i) out_.put_raw(operand.constant.limbs[i]);
    return;
  }
  const int depth = operand.depth + above;
  if (depth <= 16) return out_.put(static_cast<std::uint16_t>(OP_DUP1 + depth - 1));
  out_.put(kHandlerDup, 0, depth);
}

void Translator::put_operands(int kept) noexcept {
  const int flushed = queue_.size() - kept;
  for (int i = 0; i < flushed; ++i) put_operand(queue_[i], i);
  if (swapped_) out_.put(OP_SWAP1);
  swapped_ = false;
  Operand rest[OperandQueue::kCapacity];
  for (int i = 0; i < kept; ++i) {
    rest[i] = queue_.top(kept - 1 - i);
    if (!rest[i].is_constant()) rest[i].depth += flushed;
  }
  queue_.clear();
  for (int i = 0; i < kept; ++i) queue_.push(rest[i]);
}

void Translator::push(BytesView code, std::size_t pc, std::size_t size) noexcept {
  if (queue_.full() || swapped_) flush();
  if (size == 0) return queue_.push_constant(0);
  if (size <= 8 && pc + 9 <= code.size())
    return queue_.push_constant(load_be64(code.data() + pc + 1) >> (64 - 8 * size));
  // Code is followed by infinitely many zeros.
  std::uint8_t bytes[32] = {};
  const std::size_t available = std::min(size, code.size() - pc - 1);
  std::copy_n(code.data() + pc + 1, available, bytes + 32 - size);
  queue_.push_constant(load_be256(bytes));
}

void Translator::dup(int n) noexcept {
  if (queue_.full() || swapped_) flush();
  if (n > queue_.size()) return queue_.push_copy(n - queue_.size());
  const Operand operand = queue_.top(n - 1);
  if (!operand.is_constant() || operand.is_small()) return queue_.push(operand);
  flush();  // several large constants would need more cells than the code has bytes
  queue_.push_copy(n);
}

void Translator::swap(int n) noexcept {
  if (swapped_) flush();
  if (n < queue_.size()) return std::swap(queue_.top(), queue_.top(n));
  if (n == 1 && queue_.size() == 1 && queue_.top().is_constant()) {
    swapped_ = true;
    return;
  }
  flush();
  out_.put(static_cast<std::uint16_t>(OP_SWAP1 + n - 1));
}

void Translator::pop() noexcept {
  if (swapped_) flush();
  if (queue_.size() != 0) return queue_.pop();
  Cell* last = out_.last();
  if (last != nullptr && last->handler >= OP_SWAP1 && last->handler <= OP_SWAP16) {
    last->handler = static_cast<std::uint16_t>(kHandlerSwapPop + last->handler - OP_SWAP1);
  } else if (out_.last_is(OP_POP)) {
    last->handler = kHandlerDrop;
  } else if (last != nullptr && last->handler >= kHandlerDrop && last->handler < kHandlerDrop + kMaxDrop - 2) {
    ++last->handler;
  } else {
    out_.put(OP_POP);
  }
}

// --- jumps -----------------------------------------------------------------------------------------------------------

void Translator::put_jump_cell(std::uint16_t handler, std::uint32_t pc) noexcept {
  out_.put(handler, pc);
  out_.put_raw(0);  // the target's address
}

void Translator::jump() noexcept {
  if (queue_.size() != 0 && queue_.top().is_constant() && !swapped_) {
    const Operand target = queue_.top();
    queue_.pop();
    flush();
    return put_jump_cell(kHandlerJumpConst, destination(target));
  }
  flush();
  if (out_.last_is(OP_SWAP1)) {
    out_.last()->handler = kHandlerSwapJump;
    return;
  }
  out_.put(OP_JUMP);
}

void Translator::jumpi() noexcept {
  if (queue_.size() == 0 || !queue_.top().is_constant() || swapped_) {
    flush();
    return out_.put(OP_JUMPI);
  }
  const Operand target = queue_.top();
  queue_.pop();
  flush();
  if (Cell* last = out_.last(); is_pushed(last))
    last->handler = next_outcome(last->handler, 2);
  else
    out_.put(kHandlerJumpiConst);
  put_jump_cell(kHandlerJumpConst, destination(target));
}

// --- all others ------------------------------------------------------------------------------------------------------

void Translator::plain(std::uint8_t opcode) noexcept {
  if (queue_.size() != 0) {
    if (swapped_ ? fuse_swapped(opcode) : fuse(opcode)) return;
    flush();
  }
  put_plain(opcode);
}

/// An instruction whose operands are all on the stack.
void Translator::put_plain(std::uint8_t opcode) noexcept {
  const FusionRule rule = kFusionRules[opcode];
  switch (rule.kind) {
    case FusionRule::iszero:
      if (Cell* last = out_.last(); is_pushed(last)) {
        last->handler = static_cast<std::uint16_t>(kHandlerIszero + ((last->handler - kHandlerIszero) ^ 1));
        return;
      }
      return out_.put(kHandlerIszero);
    case FusionRule::comparison: {
      auto comparison = static_cast<Comparison>(rule.number);
      if (out_.last_is(OP_SWAP1)) {
        out_.remove_last();
        comparison = mirrored(comparison);
      }
      return out_.put(comparison_handler(comparison, Operands::stack));
    }
    default:
      if (rule.commutes && out_.last_is(OP_SWAP1)) out_.remove_last();
      return out_.put(opcode);
  }
}

void Translator::put_shift(std::uint16_t first_handler, unsigned bits, int depth) noexcept {
  out_.put(static_cast<std::uint16_t>(first_handler + bits / 64), bits % 64, depth);
}

/// Requires: at least one operand is held back. False: it has to be on the stack, all is as before or is there.
bool Translator::fuse(std::uint8_t opcode) noexcept {
  switch (kFusionRules[opcode].kind) {
    case FusionRule::binary:
    case FusionRule::comparison:
    case FusionRule::div:
      return fuse_binary(opcode);
    case FusionRule::exp:
      return fuse_exp();
    case FusionRule::mstore:
      return fuse_mstore();
    case FusionRule::keccak:
      return fuse_keccak();
    case FusionRule::iszero:
    case FusionRule::negation:
    case FusionRule::mload:
    case FusionRule::calldataload:
    case FusionRule::sload:
      return fuse_unary(opcode);
    case FusionRule::none:
      break;
  }
  return false;
}

bool Translator::fuse_unary(std::uint8_t opcode) noexcept {
  const FusionRule::Kind kind = kFusionRules[opcode].kind;
  const Operand operand = queue_.top();
  if (operand.is_constant() && (kind == FusionRule::iszero || kind == FusionRule::negation)) {
    queue_.top().constant = kind == FusionRule::iszero ? u256{operand.constant.is_zero()} : ~operand.constant;
    return true;
  }
  std::uint16_t handler;
  if (operand.is_constant()) {
    if (!operand.is_small()) return false;
    if (kind == FusionRule::mload && operand.constant.low64() > kMaxMemory - 32) return false;
    handler = kind == FusionRule::mload          ? kHandlerMloadImmediate
              : kind == FusionRule::calldataload ? kHandlerCalldataloadImmediate
                                                 : kHandlerSloadImmediate;
  } else {
    if (kind != FusionRule::iszero && kind != FusionRule::mload) return false;
    handler = kind == FusionRule::iszero ? kHandlerIszeroDup : kHandlerMloadDup;
  }
  flush(1);
  const Operand& moved = queue_.top();
  if (moved.is_constant())
    out_.put(handler, small(moved));
  else
    out_.put(handler, 0, moved.depth);
  queue_.pop();
  return true;
}

bool Translator::fuse_mstore() noexcept {
  const auto is_offset = [](const Operand& operand) {
    return operand.is_small() && operand.constant.low64() <= kMaxMemory - 32;
  };
  if (queue_.size() >= 2) {
    const bool immediate_dup = is_offset(queue_.top()) && !queue_.top(1).is_constant();
    const bool dup_immediate = !queue_.top().is_constant() && queue_.top(1).is_small();
    if (immediate_dup || dup_immediate) {
      flush(2);
      const Operand &offset = queue_.top(), &value = queue_.top(1);
      if (immediate_dup)
        out_.put(kHandlerMstoreImmediateDup, small(offset), value.depth);
      else
        out_.put(kHandlerMstoreDupImmediate, small(value), offset.depth);
      queue_.pop(2);
      return true;
    }
  }
  flush(1);
  const Operand& offset = queue_.top();
  if (is_offset(offset))
    out_.put(kHandlerMstoreImmediate, small(offset));
  else if (!offset.is_constant())
    out_.put(kHandlerMstoreDup, 0, offset.depth);
  else
    return false;
  queue_.pop();
  return true;
}

bool Translator::fuse_keccak() noexcept {
  if (queue_.size() < 2 || !queue_.top().is_small() || !queue_.top(1).is_small()) return false;
  const std::uint32_t offset = small(queue_.top()), size = small(queue_.top(1));
  if (size > 0xffff) return false;
  queue_.pop(2);
  flush();
  out_.put_sized(kHandlerKeccakImmediate, offset, static_cast<std::uint16_t>(size));
  return true;
}

bool Translator::fuse_exp() noexcept {
  if (queue_.size() < 2 || !queue_.top().is_constant() || !queue_.top(1).is_constant()) return false;
  const u256 &base = queue_.top().constant, &exponent = queue_.top(1).constant;
  const auto gas = static_cast<std::uint32_t>(spec_.exp_byte_gas) * exponent.byte_length();
  if (!out_.has_room_for(gas)) return false;
  out_.add_gas(gas);
  const u256 value = power(base, exponent);
  queue_.pop(2);
  queue_.push_constant(value);
  return true;
}

bool Translator::fuse_binary(std::uint8_t opcode) noexcept {
  if (queue_.size() >= 2) {
    const Operand &a = queue_.top(), &b = queue_.top(1);
    if (a.is_constant() && b.is_constant()) {
      if (const auto value = fold(opcode, a.constant, b.constant)) {
        queue_.pop(2);
        queue_.push_constant(*value);
        return true;
      }
    } else if (a.is_constant() != b.is_constant() && fuse_pair(opcode)) {
      return true;
    }
  }
  flush(1);
  return fuse_with_stack(opcode);
}

/// The two operands are a constant and a copy.
bool Translator::fuse_pair(std::uint8_t opcode) noexcept {
  const FusionRule rule = kFusionRules[opcode];
  const auto shift = [&](std::uint16_t handler, unsigned bits) {
    flush(2);
    put_shift(handler, bits, (queue_.top().is_constant() ? queue_.top(1) : queue_.top()).depth);
    queue_.pop(2);
    return true;
  };
  if (rule.commutes && !queue_.top().is_constant()) std::swap(queue_.top(), queue_.top(1));
  const bool constant_first = queue_.top().is_constant();
  const Operand constant = constant_first ? queue_.top() : queue_.top(1);
  if (constant_first && (opcode == OP_SHL || opcode == OP_SHR)) {
    if (constant.constant.clamp(256) < 256)
      return shift(opcode == OP_SHL ? kHandlerDupShlWords0 : kHandlerDupShrWords0,
                   static_cast<unsigned>(constant.constant.low64()));
    return false;
  }
  if (opcode == OP_MUL)
    if (const int bits = exponent_of(constant.constant); bits >= 0)
      return shift(kHandlerDupShlWords0, static_cast<unsigned>(bits));
  if (opcode == OP_DIV) {
    const int bits = constant_first ? -1 : exponent_of(constant.constant);
    return bits >= 0 && shift(kHandlerDupShrWords0, static_cast<unsigned>(bits));
  }
  if (!is_fusable(rule) || !constant.is_small()) return false;
  flush(2);
  if (constant_first)
    out_.put(handler_of(rule, Operands::immediate_dup), small(constant), queue_.top(1).depth);
  else
    out_.put(handler_of(rule, Operands::dup_immediate), small(constant), queue_.top().depth);
  queue_.pop(2);
  return true;
}

/// The queue's only operand is the first, the other one is on the stack.
bool Translator::fuse_with_stack(std::uint8_t opcode) noexcept {
  const FusionRule rule = kFusionRules[opcode];
  const Operand operand = queue_.top();
  const auto done = [&] {
    queue_.pop();
    return true;
  };
  if (!operand.is_constant()) {
    if (!is_fusable(rule)) return false;
    out_.put(handler_of(rule, Operands::dup), 0, operand.depth);
    return done();
  }
  const u256& constant = operand.constant;
  if ((opcode == OP_SHL || opcode == OP_SHR) && constant.clamp(256) < 256) {
    put_shift(opcode == OP_SHL ? kHandlerShlWords0 : kHandlerShrWords0, static_cast<unsigned>(constant.low64()), 1);
    return done();
  }
  if (opcode == OP_MUL) {
    if (const int bits = exponent_of(constant); bits >= 0) {
      put_shift(kHandlerShlWords0, static_cast<unsigned>(bits), 1);
      return done();
    }
  }
  if (opcode == OP_AND) {
    if (const unsigned bits = mask_bits(constant); bits != 0) {
      out_.put(static_cast<std::uint16_t>(kHandlerMaskLimb0 + (bits - 1) / 64), (bits - 1) % 64 + 1);
      return done();
    }
  }
  if (!is_fusable(rule) || !operand.is_small()) return false;
  out_.put(handler_of(rule, Operands::immediate), small(operand));
  return done();
}

/// The queue's only operand, a constant, is the second, and the first is on the stack.
bool Translator::fuse_swapped(std::uint8_t opcode) noexcept {
  const FusionRule rule = kFusionRules[opcode];
  const Operand operand = queue_.top();
  const auto done = [&] {
    queue_.clear();
    swapped_ = false;
    return true;
  };
  if (rule.commutes) {
    swapped_ = false;
    return fuse_with_stack(opcode);
  }
  if (opcode == OP_DIV) {
    const int bits = exponent_of(operand.constant);
    if (bits < 0) return false;
    put_shift(kHandlerShrWords0, static_cast<unsigned>(bits), 1);
    return done();
  }
  if (!operand.is_small()) return false;
  if (opcode == OP_SUB) {
    out_.put(kHandlerSubImmediate, small(operand));
    return done();
  }
  if (rule.kind == FusionRule::comparison) {
    out_.put(comparison_handler(mirrored(static_cast<Comparison>(rule.number)), Operands::immediate), small(operand));
    return done();
  }
  return false;
}

}  // namespace hocket
