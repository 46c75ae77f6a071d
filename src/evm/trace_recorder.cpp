#include "evm/trace_recorder.hpp"

#include <algorithm>

namespace hocket {

void TraceRecorder::begin_step(const Registers& r, std::uint32_t pc) {
  const Frame& frame = *r.frame;
  if (pending_) end_step(r.gas, Status::success);
  memory_.assign(frame.memory, frame.memory + frame.memory_size);
  return_data_ = frame.machine->return_data;
  stack_.assign(frame.stack_base, r.sp + 1);
  const std::uint8_t opcode = pc < frame.code.size() ? frame.code[pc] : static_cast<std::uint8_t>(OP_STOP);
  step_ = {.pc = pc,
           .opcode = opcode,
           .gas = r.gas,
           .gas_cost = 0,
           .static_gas = std::max<std::int64_t>(frame.machine->spec->opcode_gas[opcode], 0),
           .memory_size = frame.memory_size,
           .memory = memory_,
           .stack = stack_,
           .return_data = return_data_,
           .depth = frame.depth + 1,
           .refund = frame.machine->journal->refund(),
           .status = Status::success};
  journal_ = frame.machine->journal;
  pending_ = true;
}

void TraceRecorder::end_step(std::int64_t gas_left, Status status) {
  if (!pending_) return;
  pending_ = false;
  step_.gas_cost = step_.gas - gas_left;
  step_.status = status;
  if (step_.opcode == OP_SSTORE) step_.refund = journal_->refund();
  tracer_.on_step(step_);
}

void TraceRecorder::end_frame(int depth, BytesView output, std::int64_t gas_used, Status status) {
  tracer_.on_exit(depth + 1, output, gas_used, status);
}

}  // namespace hocket
