#include "evm/frames.hpp"

#include "evm/evm.hpp"
#include "evm/follower.hpp"
#include "evm/trace_recorder.hpp"

#include <algorithm>
#include <cstring>

namespace hocket {
namespace {

constexpr std::int64_t kCodeDepositGas = 200;  // per byte

/// The balance moves and the recipient is touched (EIP-161; before, a touch brings an account into being).
void transfer(Machine& machine, Frame& frame, AccountEntry* payer) {
  Journal& journal = *machine.journal;
  if (payer != nullptr) {
    journal.subtract_balance(*payer, frame.value);
    journal.add_balance(*frame.account, frame.value);
  }
  journal.touch(*frame.account, !machine.spec->state_clearing);
}

/// YP (113) to (118): checks and stores what the init code returned. Takes its gas.
Status deposit_code(Machine& machine, Frame& frame, std::int64_t& gas) {
  const Spec& spec = *machine.spec;
  if (spec.rejects_ef_code && !frame.output.empty() && frame.output[0] == 0xef) return Status::invalid_code_prefix;
  if (frame.output.size() > spec.max_code_size) return Status::code_size_exceeded;
  const std::int64_t cost = kCodeDepositGas * static_cast<std::int64_t>(frame.output.size());
  if (gas < cost) return spec.create_fails_without_deposit ? Status::out_of_gas : Status::success;
  gas -= cost;
  if (!frame.output.empty()) machine.journal->set_code(*frame.account, frame.output);
  return Status::success;
}

/// Where a failing frame's changes begin.
void set_checkpoint(Frame& frame) {
  const Machine& machine = *frame.machine;
  frame.checkpoint = machine.journal->checkpoint();
  if (machine.follower != nullptr) frame.stores_before = machine.follower->store_count();
}

/// Tells the tracer that a frame has ended.
void trace_exit(const Frame& frame, BytesView output, std::int64_t gas_left, Status status) {
  if (frame.machine->trace != nullptr)
    frame.machine->trace->end_frame(frame.depth, output, frame.gas_given - gas_left, status);
}

}  // namespace

Frame& frame_at(Machine& machine, int depth) {
  const auto index = static_cast<std::size_t>(depth);
  while (machine.frames.size() <= index) {
    machine.frames.push_back(std::make_unique<Frame>());
    machine.frames.back()->machine = &machine;
    machine.frames.back()->depth = static_cast<int>(machine.frames.size()) - 1;
  }
  Frame& frame = *machine.frames[index];
  frame.memory_size = 0;
  return frame;
}

std::optional<Address> delegation_of(const Spec& spec, BytesView code) noexcept {
  if (!spec.set_code_transactions || code.size() != 23 || code[0] != 0xef || code[1] != 0x01 || code[2] != 0x00)
    return std::nullopt;
  return Address::from(code.subspan(3));
}

HOCKET_PRESERVE_MOST std::int64_t grow_memory(Frame& frame, std::int64_t gas, std::uint64_t end) noexcept {
  // YP (326): 3 gas a word and the square of the words over 512.
  const auto cost = [](std::uint64_t words) { return 3 * words + words * words / 512; };
  const std::uint64_t words = (end + 31) / 32;
  gas -= static_cast<std::int64_t>(cost(words) - cost(frame.memory_size / 32));
  if (gas < 0) return gas;
  const std::uint64_t new_size = words * 32;
  if (!frame.machine->memory.extend(frame.memory + frame.memory_size, frame.memory + new_size)) return -1;
  frame.memory_size = new_size;
  return gas;
}

Start start_call(Registers& r, AccountEntry* payer, AccountEntry& code_account, std::uint16_t precompile) {
  Frame& frame = *r.frame;
  Machine& machine = *frame.machine;
  set_checkpoint(frame);
  frame.status = Status::success;
  frame.gas_given = r.gas;
  if (frame.kind == CallKind::call || frame.kind == CallKind::staticcall) transfer(machine, frame, payer);

  if (precompile != 0) {
    const PrecompileResult result = run_precompile(precompile, *machine.spec, frame.input, r.gas, machine.return_data);
    r.gas = result.gas_left;
    if (!result.success) {
      machine.journal->revert(frame.checkpoint);
      frame.status = Status::precompile_failure;
      r.gas = 0;
    }
    trace_exit(frame, machine.return_data, r.gas, frame.status);
    return Start::ended;
  }

  const auto code = machine.journal->code(code_account);
  if (!code) {
    frame.status = Status::fault;
    return Start::ended;
  }
  machine.return_data.clear();
  if (code->empty()) {
    trace_exit(frame, {}, r.gas, Status::success);
    return Start::ended;
  }
  frame.code = *code;
  if (machine.trace != nullptr) {
    frame.program = &machine.programs->get(code_account.code_hash, *code, *machine.spec, true);
  } else {
    if (code_account.program == nullptr)
      code_account.program = &machine.recent_programs.get(code_account.code_hash, *code, *machine.programs);
    frame.program = code_account.program;
  }
  r.ip = frame.program->entry(machine.translation);
  r.sp = frame.stack_base - 1;
  return Start::running;
}

Start start_create(Registers& r, AccountEntry* payer, BytesView init_code) {
  Frame& frame = *r.frame;
  Machine& machine = *frame.machine;
  Journal& journal = *machine.journal;
  AccountEntry& account = *frame.account;
  machine.return_data.clear();
  set_checkpoint(frame);
  frame.status = Status::success;
  frame.gas_given = r.gas;
  // EIP-684, EIP-7610: an address that is taken consumes the gas.
  if (journal.is_taken(account)) {
    frame.status = Status::create_collision;
    r.gas = 0;
    trace_exit(frame, {}, 0, frame.status);
    return Start::ended;
  }
  journal.create_contract(account, machine.spec->create_nonce);
  transfer(machine, frame, payer);
  frame.input = {};
  frame.code = init_code;
  frame.init_program = std::make_unique<Program>(init_code, *machine.spec, machine.trace != nullptr);
  frame.program = frame.init_program.get();
  r.ip = frame.program->entry(machine.translation);
  r.sp = frame.stack_base - 1;
  return Start::running;
}

Flow resume_caller(Registers& r, const Frame& child, Status status, std::int64_t gas) {
  Machine& machine = *child.machine;
  Frame& caller = *machine.frames[static_cast<std::size_t>(child.depth) - 1];
  r = {.ip = caller.ip, .sp = caller.sp, .gas = caller.gas + gas, .frame = &caller};
  const bool success = status == Status::success;
  ++r.sp;
  if (child.is_create()) {
    *r.sp = success ? to_u256(child.account->address) : u256{};
    if (status != Status::revert) machine.return_data.clear();
    return Flow::next;
  }
  *r.sp = success;
  const std::size_t copied = std::min<std::size_t>(child.output_size, machine.return_data.size());
  if (copied != 0) std::memcpy(caller.memory + child.output_offset, machine.return_data.data(), copied);
  return Flow::next;
}

Flow leave_frame(Registers& r) {
  Frame& frame = *r.frame;
  Machine& machine = *frame.machine;
  Status status = frame.status;
  std::int64_t gas = r.gas;
  if (status == Status::suspended) {
    suspend(r, r.ip);
    machine.status = Status::suspended;
    machine.suspended = &frame;
    return Flow::stop;
  }
  if (machine.trace != nullptr) machine.trace->end_step(gas, status == Status::revert ? Status::success : status);
  if (status == Status::fault) {
    machine.status = Status::fault;
    machine.gas_left = 0;
    machine.return_data.clear();
    return Flow::stop;
  }
  if (status == Status::success && frame.is_create()) {
    status = deposit_code(machine, frame, gas);
  }
  if (status != Status::success) {
    machine.journal->revert(frame.checkpoint);
    if (machine.follower != nullptr) machine.follower->revert_stores(frame.stores_before);
    if (status != Status::revert) {
      gas = 0;
      frame.output = {};
    }
  }
  trace_exit(frame, frame.output, gas, status);
  if (status == Status::success && frame.is_create()) frame.output = {};  // it is the code now
  machine.return_data.assign(frame.output.begin(), frame.output.end());
  if (frame.depth == 0) {
    machine.status = status;
    machine.gas_left = gas;
    return Flow::stop;
  }
  return resume_caller(r, frame, status, gas);
}

}  // namespace hocket
