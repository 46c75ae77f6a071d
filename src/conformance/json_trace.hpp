// JsonTrace: writes an execution as EIP-3155 lines, field by field as go-ethereum's JSON logger does, so that tools
// made for its output compare ours byte by byte.
#pragma once

#include "evm/tracer.hpp"

#include <cstdio>
#include <string>

namespace hocket {

struct JsonTraceOptions {
  bool stack = true;
  bool memory = false;
  bool return_data = false;
  /// A line at the end of every frame, not of the outermost one only (go-ethereum's `--trace.callframes`).
  bool inner_exits = false;
};

/// Lines go to a stream as they come, in large writes; `flush` and the destructor write the rest.
class JsonTrace final : public Tracer {
 public:
  /// Requires: `out` outlives the trace.
  JsonTrace(const JsonTraceOptions& options, std::FILE* out) : options_(options), out_(out) {}
  ~JsonTrace() override { flush(); }
  JsonTrace(const JsonTrace&) = delete;
  JsonTrace& operator=(const JsonTrace&) = delete;

  void on_step(const TraceStep& step) override;
  void on_exit(int depth, BytesView output, std::int64_t gas_used, Status status) override;
  /// A line that is not of the trace, in order with it.
  void write_line(std::string_view line);
  void flush();

 private:
  void write_step(const TraceStep& step, std::string_view error);
  /// The line that a failure adds to its step's: what is left on the stack, and no return data.
  void write_fault(TraceStep step, std::string_view error);

  JsonTraceOptions options_;
  std::FILE* out_;
  std::string buffer_;
  /// Of the last step that failed: what the exit of its frame says too.
  std::string frame_error_;
};

/// go-ethereum's words for an instruction's or a frame's failure.
std::string trace_error(Status status);

}  // namespace hocket
