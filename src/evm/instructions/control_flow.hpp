// Blocks, jumps, gas, logs and the ends of a frame: 0x00, 0x56 to 0x58, 0x5a, 0x5b, 0xa0 to 0xa4, 0xf3, 0xfd, 0xfe.
#pragma once

#include "evm/instructions/stack.hpp"

namespace hocket::instructions {

/// Charges and checks a basic block; `ip` is at its first instruction, or at the target of a jump that ends here.
[[gnu::always_inline]] inline Flow enter_block(Registers& r, BlockNeeds needs) noexcept {
  r.gas -= needs.gas;
  if (r.gas < 0) [[unlikely]]
    return halt(r, Status::out_of_gas);
  const auto height_bytes = static_cast<std::uint64_t>(reinterpret_cast<const char*>(r.sp + 1) -
                                                       reinterpret_cast<const char*>(r.frame->stack_base));
  if (height_bytes - needs.required_bytes > needs.slack_bytes) [[unlikely]]
    return halt(r, height_bytes < needs.required_bytes ? Status::stack_underflow : Status::stack_overflow);
  return Flow::next;
}

/// The same for the block whose cell is at `ip`, and goes on behind it.
[[gnu::always_inline]] inline Flow block(Registers& r) noexcept {
  const BlockNeeds needs = r.ip->block;
  ++r.ip;
  return enter_block(r, needs);
}

inline Flow enter(TopRegisters& r) noexcept { return block(r); }

/// Goes on at the JUMPDEST `destination`.
[[gnu::always_inline]] inline Flow go_to(Registers& r, const u256& destination) noexcept {
  const JumpTarget* target = destination.fits_u64() ? r.frame->program->jump_target(destination.low64()) : nullptr;
  const Cell* first = target != nullptr ? target->cell.load(std::memory_order_acquire) : nullptr;
  if (first == nullptr) [[unlikely]] {
    r.frame->destination = destination.fits_u64() ? destination.low64() : ~std::uint64_t{0};
    r.ip = &kArriveCell;
    return Flow::next;
  }
  r.ip = first;
  return enter_block(r, target->needs);
}

/// Goes on at the frame's `destination`, which is translated first, if it is a JUMPDEST.
inline Flow arrive(Registers& r) {
  Frame& frame = *r.frame;
  const JumpTarget* target = frame.program->translate(frame.destination, frame.machine->translation);
  if (target == nullptr) return halt(r, Status::bad_jump_destination);
  r.ip = target->cell.load(std::memory_order_acquire);
  return enter_block(r, target->needs);
}

inline Flow jump(TopRegisters& r) noexcept {
  const u256 destination = r.top;
  take(r, 1);
  return go_to(r, destination);
}

inline Flow jumpi(TopRegisters& r) noexcept {
  const bool taken = !r.sp[-1].is_zero();
  const u256 destination = r.top;
  take(r, 2);
  if (taken) return go_to(r, destination);
  ++r.ip;
  return block(r);
}

/// A block's last instruction: enters the next.
inline Flow gas(TopRegisters& r) noexcept {
  push(r, static_cast<std::uint64_t>(r.gas));
  return block(r);
}

template <int kTopics>
inline Flow log(Registers& r) {
  Frame& frame = *r.frame;
  if (frame.is_static) [[unlikely]]
    return halt(r, Status::static_mode_violation);
  const u256 &offset = r.sp[0], &size = r.sp[-1];
  if (!use_memory(r, offset, size)) [[unlikely]]
    return halt(r, Status::out_of_gas);
  r.gas -= 8 * static_cast<std::int64_t>(size.low64());
  if (r.gas < 0) [[unlikely]]
    return halt(r, Status::out_of_gas);
  Log entry{.address = frame.account->address, .topics = {}, .data = {}};
  for (int i = 0; i < kTopics; ++i) entry.topics.push_back(to_hash32(r.sp[-2 - i]));
  if (!size.is_zero()) {
    const std::uint8_t* data = frame.memory + offset.low64();
    entry.data.assign(data, data + size.low64());
  }
  frame.machine->journal->add_log(std::move(entry));
  r.sp -= 2 + kTopics;
  return next(r);
}

inline Flow stop(Registers& r) noexcept {
  r.frame->status = Status::success;
  r.frame->output = {};
  return Flow::leave;
}

template <Status kStatus>
inline Flow return_data(Registers& r) noexcept {
  Frame& frame = *r.frame;
  const u256 &offset = r.sp[0], &size = r.sp[-1];
  if (!use_memory(r, offset, size)) [[unlikely]]
    return halt(r, Status::out_of_gas);
  frame.status = kStatus;
  frame.output = size.is_zero() ? BytesView{} : BytesView{frame.memory + offset.low64(), size.low64()};
  return Flow::leave;
}

inline Flow invalid(Registers& r) noexcept { return halt(r, Status::invalid_opcode); }
inline Flow undefined(Registers& r) noexcept { return halt(r, Status::undefined_opcode); }

}  // namespace hocket::instructions
