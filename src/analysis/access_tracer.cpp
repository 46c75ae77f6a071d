#include "analysis/access_tracer.hpp"

#include "base/assert.hpp"
#include "crypto/keccak.hpp"
#include "evm/evm.hpp"
#include "protocol/opcode.hpp"

namespace hocket {
namespace {

constexpr std::int64_t kStipend = 2300;

/// `size` bytes of memory from `offset`, with zeros where it is not that large yet.
Bytes memory_part(BytesView memory, const u256& offset, const u256& size) {
  Bytes part(size.low64());
  if (size.is_zero() || offset.low64() >= memory.size()) return part;
  const BytesView there = memory.subspan(offset.low64());
  std::ranges::copy(there.first(std::min<std::size_t>(there.size(), part.size())), part.begin());
  return part;
}

}  // namespace

std::uint32_t LocationTable::number(const Location& location) {
  const auto [it, inserted] = numbers_.try_emplace(location, static_cast<std::uint32_t>(locations_->size()));
  if (inserted) locations_->push_back(location);
  return it->second;
}

void AccessTracer::begin(std::uint64_t gas_limit, const Address& recipient) {
  gas_limit_ = gas_limit;
  steps_ = 0;
  frames_.clear();
  call_ = {};
  call_.self = recipient;
  accesses_.clear();
  index_.clear();
}

PendingAccess& AccessTracer::access(const Location& location, std::uint64_t at) {
  const std::uint32_t number = locations_.number(location);
  const auto [it, inserted] = index_.try_emplace(number, static_cast<std::uint32_t>(accesses_.size()));
  if (inserted) {
    PendingAccess& made = accesses_.emplace_back();
    made.access.location = number;
    made.access.at = at;
  }
  return accesses_[it->second];
}

void AccessTracer::read(LocationKind kind, const Address& address, std::uint64_t at) {
  Access& of = access({kind, address, {}}, at).access;
  if (!of.reads) of.read_at = at;
  of.reads = true;
}

void AccessTracer::enter_frame(const TraceStep& step) {
  Frame& frame = frames_.emplace_back();
  frame.gas_at_begin = step.gas;
  if (step.depth == 1) {
    frame.self = call_.self;
    frame.used_before = gas_limit_ - static_cast<std::uint64_t>(step.gas);
    return;
  }
  frame.self = call_.self;
  if (call_.is_create && frame.self.is_zero()) {
    // CREATE: its nonce has been raised meanwhile.
    const AccountEntry* creator = journal_.account(call_.creator);
    HOCKET_ASSERT(creator != nullptr && creator->nonce > 0);
    frame.self = create_address(call_.creator, creator->nonce - 1);
  }
  const std::int64_t handed_on = call_.is_create ? 0 : step.gas - call_.stipend;
  frame.used_before = call_.used + static_cast<std::uint64_t>(call_.cost - handed_on);
}

void AccessTracer::on_step(const TraceStep& step) {
  ++steps_;
  if (static_cast<std::size_t>(step.depth) > frames_.size()) enter_frame(step);
  HOCKET_ASSERT(static_cast<std::size_t>(step.depth) == frames_.size());
  if (step.status != Status::success) return;
  Frame& frame = frames_.back();
  const std::uint64_t used = frame.used_before + static_cast<std::uint64_t>(frame.gas_at_begin - step.gas);
  std::uint32_t loaded = 0;
  if (step.opcode == OP_SLOAD || step.opcode == OP_SSTORE) {
    PendingAccess& slot = access({LocationKind::slot, frame.self, step.stack.back()}, used);
    loaded = static_cast<std::uint32_t>(&slot - accesses_.data());
    if (step.opcode == OP_SLOAD) {
      AccountEntry* account = journal_.account(frame.self);
      slot.loaded = journal_.slot(*account, step.stack.back())->current;
    }
  } else {
    note_state_access(step, frame, used);
  }
  frame.stack.step(step.opcode, step.stack, loaded, effect_);
  for (const std::uint32_t slot : effect_.escaped) accesses_[slot].access.reads = true;
  if (step.opcode == OP_SSTORE) {
    PendingAccess& slot = accesses_[loaded];
    slot.stored = true;
    const ShadowValue& value = effect_.stored;
    const u256& stored = step.stack[step.stack.size() - 2];
    const bool adds = value.is_sum_of(loaded);
    // Whether a slot is zero decides what a store costs.
    if (!adds || stored.is_zero() || slot.loaded.is_zero()) slot.stored_plainly = true;
    if (!adds)
      for (const std::uint32_t from : value.slots) accesses_[from].access.reads = true;
  }
}

void AccessTracer::on_exit(int depth, BytesView, std::int64_t, Status) {
  if (static_cast<std::size_t>(depth) == frames_.size()) frames_.pop_back();
}

void AccessTracer::note_state_access(const TraceStep& step, const Frame& frame, std::uint64_t used) {
  const auto argument = [&](std::size_t i) { return step.stack[step.stack.size() - 1 - i]; };
  switch (step.opcode) {
    case OP_BALANCE:
      return read(LocationKind::balance, to_address(argument(0)), used);
    case OP_SELFBALANCE:
      return read(LocationKind::balance, frame.self, used);
    case OP_SELFDESTRUCT:
      return read(LocationKind::balance, frame.self, used);
    case OP_EXTCODESIZE:
    case OP_EXTCODECOPY:
    case OP_EXTCODEHASH:
      return read(LocationKind::code, to_address(argument(0)), used);
    case OP_CALL:
    case OP_CALLCODE:
    case OP_DELEGATECALL:
    case OP_STATICCALL:
    case OP_CREATE:
    case OP_CREATE2:
      return note_call(step, frame, used);
    default:
      return;
  }
}

void AccessTracer::note_call(const TraceStep& step, const Frame& frame, std::uint64_t used) {
  const auto argument = [&](std::size_t i) { return step.stack[step.stack.size() - 1 - i]; };
  call_ = {};
  call_.used = used;
  call_.cost = step.gas_cost;
  if (step.opcode == OP_CREATE || step.opcode == OP_CREATE2) {
    call_.is_create = true;
    call_.creator = frame.self;
    read(LocationKind::nonce, frame.self, used);
    if (step.opcode == OP_CREATE2) {
      const Bytes init_code = memory_part(step.memory, argument(1), argument(2));
      call_.self = create2_address(frame.self, to_hash32(argument(3)), keccak256(init_code));
    }
    return;
  }
  const Address target = to_address(argument(1));
  const bool has_value = step.opcode == OP_CALL || step.opcode == OP_CALLCODE;
  if (has_value && !argument(2).is_zero()) call_.stipend = kStipend;
  if (step.opcode == OP_CALL && !argument(2).is_zero()) {
    access({LocationKind::balance, frame.self, {}}, used).access.adds = true;
    access({LocationKind::balance, target, {}}, used).access.adds = true;
  }
  call_.self = step.opcode == OP_CALL || step.opcode == OP_STATICCALL ? target : frame.self;
  read(LocationKind::code, target, used);
  access({LocationKind::existence, target, {}}, used);
}

}  // namespace hocket
