// TraceRecorder: turns the interpreter's steps into TraceSteps. What an instruction costs is known only when it is
// done, so a step is held back until the next one begins or its frame ends.
#pragma once

#include "evm/frame.hpp"
#include "evm/tracer.hpp"

namespace hocket {

class TraceRecorder {
 public:
  explicit TraceRecorder(Tracer& tracer) : tracer_(tracer) {}

  /// An instruction is about to run.
  void begin_step(const Registers& r, std::uint32_t pc);
  /// The pending instruction, if any, has left this much gas (negative: so much was missing).
  void end_step(std::int64_t gas_left, Status status);
  /// A frame of this depth (0: outermost) ended.
  void end_frame(int depth, BytesView output, std::int64_t gas_used, Status status);

 private:
  Tracer& tracer_;
  const Journal* journal_ = nullptr;
  bool pending_ = false;
  TraceStep step_;
  Bytes memory_;
  Bytes return_data_;
  std::vector<u256> stack_;
};

}  // namespace hocket
