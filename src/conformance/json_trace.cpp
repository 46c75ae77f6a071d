#include "conformance/json_trace.hpp"

#include "base/hex.hpp"
#include "protocol/opcode.hpp"

#include <fmt/format.h>
#include <iterator>

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

std::string step_error(const TraceStep& step) {
  switch (step.status) {
    case Status::stack_underflow:
      return fmt::format("stack underflow ({} <=> {})", step.stack.size(), kOpcodeTraits[step.opcode].inputs);
    case Status::stack_overflow:
      return fmt::format("stack limit reached {} ({})", step.stack.size(), 1023);
    case Status::undefined_opcode:
    case Status::invalid_opcode:
      return "invalid opcode: " + name_of(step.opcode);
    case Status::out_of_gas:
      // Their gas function has to know what the caller keeps, and fails before the charge does.
      return is_call(step.opcode) ? "out of gas: out of gas" : "out of gas";
    default:
      return trace_error(step.status);
  }
}

/// What go-ethereum says that a step costs: of a call that cannot be paid it only knows the static part.
std::int64_t shown_cost(const TraceStep& step) {
  return step.status == Status::out_of_gas && is_call(step.opcode) ? step.static_gas : step.gas_cost;
}

/// Whether go-ethereum finds the failure after it has logged the step: then there are two lines, the second one with
/// the error.
bool fails_while_executing(const TraceStep& step) {
  switch (step.status) {
    case Status::stack_underflow:
    case Status::stack_overflow:
    case Status::out_of_gas:
      return false;
    default:
      return true;
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

void JsonTrace::on_step(const TraceStep& step) {
  if (step.status == Status::success) return write_step(step, "");
  frame_error_ = step_error(step);
  if (fails_while_executing(step)) write_step(step, "");
  write_step(step, frame_error_);
}

void JsonTrace::on_exit(int, BytesView output, std::int64_t gas_used, Status status) {
  append_format(buffer_, R"({{"output":"{}","gasUsed":"{:#x}")", to_hex_bare(output), gas_used);
  if (status != Status::success)
    append_format(buffer_, R"(,"error":"{}")", frame_error_.empty() ? trace_error(status) : frame_error_);
  buffer_ += "}\n";
  frame_error_.clear();
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
