// AccessTracer: follows one transaction's instructions and notes what they read and write, and when.
#pragma once

#include "analysis/block_trace.hpp"
#include "analysis/shadow_stack.hpp"
#include "evm/tracer.hpp"
#include "state/journal.hpp"

#include <functional>
#include <unordered_map>
#include <vector>

namespace hocket {

/// The locations of a block: their numbers, and back.
class LocationTable {
 public:
  explicit LocationTable(std::vector<Location>& locations) : locations_(&locations) {}
  std::uint32_t number(const Location& location);

 private:
  std::vector<Location>* locations_;
  std::unordered_map<Location, std::uint32_t, LocationHash> numbers_;
};

/// What one transaction has done with a location, while it runs.
struct PendingAccess {
  Access access;
  bool stored_plainly = false;  // a slot: some store was not of the form x +- c
  bool stored = false;
  u256 loaded;  // by the last SLOAD
};

class AccessTracer final : public Tracer {
 public:
  AccessTracer(LocationTable& locations, Journal& journal) : locations_(locations), journal_(journal) {}

  /// A transaction that calls, or creates, `recipient`.
  void begin(std::uint64_t gas_limit, const Address& recipient);

  void on_step(const TraceStep& step) override;
  void on_exit(int depth, BytesView output, std::int64_t gas_used, Status status) override;

  /// The access to `location`, made if there is none; `at`: when.
  PendingAccess& access(const Location& location, std::uint64_t at);
  std::vector<PendingAccess>& accesses() noexcept { return accesses_; }
  std::uint64_t steps() const noexcept { return steps_; }

 private:
  struct Frame {
    Address self;  // whose storage and balance it works on
    std::uint64_t used_before = 0;
    std::int64_t gas_at_begin = 0;
    ShadowStack stack;
  };
  /// The call or creation that the next frame belongs to.
  struct Call {
    Address self;
    bool is_create = false;
    Address creator;
    std::uint64_t used = 0;  // by the transaction when it began, without its own cost
    std::int64_t cost = 0;   // for a call with the gas handed on
    std::int64_t stipend = 0;
  };

  void enter_frame(const TraceStep& step);
  void note_call(const TraceStep& step, const Frame& frame, std::uint64_t used);
  void note_state_access(const TraceStep& step, const Frame& frame, std::uint64_t used);
  void read(LocationKind kind, const Address& address, std::uint64_t at);

  LocationTable& locations_;
  Journal& journal_;
  std::uint64_t gas_limit_ = 0;
  std::uint64_t steps_ = 0;
  std::vector<Frame> frames_;
  Call call_;
  ShadowEffect effect_;
  std::vector<PendingAccess> accesses_;
  std::unordered_map<std::uint32_t, std::uint32_t> index_;  // by location, into `accesses_`
};

}  // namespace hocket
