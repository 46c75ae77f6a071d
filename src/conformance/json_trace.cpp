#include "conformance/json_trace.hpp"

#include "base/hex.hpp"
#include "protocol/opcode.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <utility>

namespace hocket {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{1} << 16;

std::string name_of(std::uint8_t opcode) {
  if (opcode == OP_PREVRANDAO) return "DIFFICULTY";  // go-ethereum keeps the old name
  const auto name = kOpcodeTraits[opcode].name;
  return name.empty() ? fmt::format("opcode {:#x} not defined", opcode) : std::string(name);
}

bool is_call(std::uint8_t opcode) {
  return opcode == OP_CALL || opcode == OP_CALLCODE || opcode == OP_DELEGATECALL || opcode == OP_STATICCALL;
}

bool is_log(std::uint8_t opcode) { return opcode >= OP_LOG0 && opcode <= OP_LOG4; }

/// go-ethereum finds some failures in the function that computes an instruction's gas: they become kinds of "out of
/// gas", and the only cost that it knows then is the static one.
bool fails_while_pricing(const TraceStep& step) {
  switch (step.status) {
    case Status::out_of_gas:
      return is_call(step.opcode);
    case Status::static_mode_violation:
      return step.opcode != OP_TSTORE && !is_log(step.opcode);
    case Status::initcode_size_exceeded:
      return true;
    default:
      return false;
  }
}

/// Whether it finds the failure after it has logged the step: then there are two lines, the second one with the error.
bool fails_while_executing(const TraceStep& step) {
  switch (step.status) {
    case Status::success:
    case Status::stack_underflow:
    case Status::stack_overflow:
    case Status::out_of_gas:
      return false;
    default:
      return !fails_while_pricing(step);
  }
}

std::int64_t shown_cost(const TraceStep& step) {
  const bool is_static =
      step.status == Status::stack_underflow || step.status == Status::stack_overflow || fails_while_pricing(step);
  return is_static ? step.static_gas : step.gas_cost;
}

std::string step_error(const TraceStep& step) {
  constexpr int kStackLimit = 1024;
  switch (step.status) {
    case Status::stack_underflow:
      return fmt::format("stack underflow ({} <=> {})", step.stack.size(), kOpcodeTraits[step.opcode].inputs);
    case Status::stack_overflow: {
      const auto& traits = kOpcodeTraits[step.opcode];
      return fmt::format("stack limit reached {} ({})", step.stack.size(),
                         kStackLimit + traits.inputs - traits.outputs);
    }
    case Status::undefined_opcode:
    case Status::invalid_opcode:
      return "invalid opcode: " + name_of(step.opcode);
    default: {
      const std::string error = trace_error(step.status);
      return fails_while_pricing(step) ? "out of gas: " + error : error;
    }
  }
}

/// How much of the stack an instruction has taken when it finds that it fails.
std::size_t popped_before_failure(std::uint8_t opcode) {
  switch (opcode) {
    case OP_JUMP:
    case OP_JUMPI:
    case OP_RETURNDATACOPY:
    case OP_REVERT:
      return kOpcodeTraits[opcode].inputs;
    default:
      return 0;
  }
}

/// Size of the memory with the bytes that the instruction reads or writes.
std::uint64_t grown_memory_size(const TraceStep& step) {
  const auto reach = [&](std::size_t offset_at, std::size_t size_at) {
    const u256& size = step.stack[step.stack.size() - 1 - size_at];
    const u256 end = step.stack[step.stack.size() - 1 - offset_at] + size;
    return size.is_zero() ? 0 : (end.low64() + 31) / 32 * 32;  // it was paid for, so it is small
  };
  switch (step.opcode) {
    case OP_REVERT:
      return std::max(step.memory_size, reach(0, 1));
    case OP_RETURNDATACOPY:
      return std::max(step.memory_size, reach(0, 2));
    default:
      return step.memory_size;
  }
}

template <class... Args>
void append_format(std::string& to, fmt::format_string<Args...> format, Args&&... args) {
  fmt::format_to(std::back_inserter(to), format, std::forward<Args>(args)...);
}

}  // namespace

std::string trace_error(Status status) {
  switch (status) {
    case Status::success:
      return "";
    case Status::revert:
      return "execution reverted";
    case Status::out_of_gas:
      return "out of gas";
    case Status::bad_jump_destination:
      return "invalid jump destination";
    case Status::static_mode_violation:
      return "write protection";
    case Status::returndata_out_of_bounds:
      return "return data out of bounds";
    case Status::call_depth_exceeded:
      return "max call depth exceeded";
    case Status::insufficient_balance:
      return "insufficient balance for transfer";
    case Status::nonce_overflow:
      return "nonce uint64 overflow";
    case Status::create_collision:
      return "contract address collision";
    case Status::code_size_exceeded:
      return "max code size exceeded";
    case Status::initcode_size_exceeded:
      return "max initcode size exceeded";
    case Status::invalid_code_prefix:
      return "invalid code: must not begin with 0xef";
    default:
      return std::string(to_string(status));
  }
}

void JsonTrace::write_step(const TraceStep& step, std::string_view error) {
  append_format(buffer_, R"({{"pc":{},"op":{},"gas":"{:#x}","gasCost":"{:#x}",)", step.pc, step.opcode, step.gas,
                shown_cost(step));
  if (options_.memory && !step.memory.empty()) append_format(buffer_, R"("memory":"{}",)", to_hex(step.memory));
  append_format(buffer_, R"("memSize":{},"stack":)", step.memory_size);
  if (options_.stack) {
    buffer_ += '[';
    for (std::size_t i = 0; i < step.stack.size(); ++i)
      append_format(buffer_, R"({}"{}")", i == 0 ? "" : ",", to_quantity(step.stack[i]));
    buffer_ += ']';
  } else {
    buffer_ += "null";
  }
  if (options_.return_data && !step.return_data.empty())
    append_format(buffer_, R"(,"returnData":"{}")", to_hex(step.return_data));
  append_format(buffer_, R"(,"depth":{},"refund":{},"opName":"{}")", step.depth, step.refund, name_of(step.opcode));
  if (!error.empty()) append_format(buffer_, R"(,"error":"{}")", error);
  buffer_ += "}\n";
  if (buffer_.size() >= kBufferBytes) flush();
}

void JsonTrace::write_fault(TraceStep step, std::string_view error) {
  step.memory_size = grown_memory_size(step);
  Bytes memory = to_bytes(step.memory);
  memory.resize(step.memory_size);
  step.memory = memory;
  step.stack = step.stack.first(step.stack.size() - popped_before_failure(step.opcode));
  step.return_data = {};
  write_step(step, error);
}

void JsonTrace::on_step(const TraceStep& step) {
  if (step.status == Status::success) {
    write_step(step, "");
    // To go-ethereum a reverting instruction is a failing one, and a self-destruct is a call that ends at once.
    if (step.opcode == OP_REVERT) write_fault(step, trace_error(Status::revert));
    if (step.opcode == OP_SELFDESTRUCT) on_exit(step.depth + 1, {}, 0, Status::success);
    return;
  }
  frame_error_ = step_error(step);
  if (!fails_while_executing(step)) return write_step(step, frame_error_);
  write_step(step, "");
  write_fault(step, frame_error_);
}

void JsonTrace::on_exit(int depth, BytesView output, std::int64_t gas_used, Status status) {
  const std::string frame_error = std::exchange(frame_error_, {});
  if (depth > 1 && !options_.inner_exits) return;
  append_format(buffer_, R"({{"output":"{}","gasUsed":"{:#x}")", to_hex_bare(output), gas_used);
  if (status != Status::success)
    append_format(buffer_, R"(,"error":"{}")", frame_error.empty() ? trace_error(status) : frame_error);
  buffer_ += "}\n";
  if (buffer_.size() >= kBufferBytes) flush();
}

void JsonTrace::write_line(std::string_view line) {
  buffer_ += line;
  buffer_ += '\n';
}

void JsonTrace::flush() {
  std::fwrite(buffer_.data(), 1, buffer_.size(), out_);
  std::fflush(out_);
  buffer_.clear();
}

}  // namespace hocket
