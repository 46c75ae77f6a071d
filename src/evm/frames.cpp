#include "evm/frames.hpp"

#include "base/assert.hpp"
#include "crypto/keccak.hpp"
#include "evm/evm.hpp"
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

/// Tells the tracer that a frame has ended.
void trace_exit(const Frame& frame, BytesView output, std::int64_t gas_left, Status status) {
  if (frame.machine->trace != nullptr)
    frame.machine->trace->end_frame(frame.depth, output, frame.gas_given - gas_left, status);
}

/// Puts the result of a call or creation on its caller's stack and goes on there. The output is in `return_data`.
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

/// A frame above the running one: its memory and stack begin where those of the caller end.
Frame& child_of(const Registers& r) {
  Frame& caller = *r.frame;
  Frame& child = frame_at(*caller.machine, caller.depth + 1);
  child.memory = caller.memory + caller.memory_size;
  child.stack_base = r.sp + 1;
  child.is_static = caller.is_static;
  child.output_offset = 0;
  child.output_size = 0;
  return child;
}

/// Whether 32 bytes look like an address: neither a hash nor an amount.
bool is_address_like(const std::uint8_t* word) noexcept {
  return (load_le64(word) | load_le32(word + 8)) == 0 && load_le64(word + 12) != 0;
}

/// What a contract that has hashed the key and the place of a mapping's entry is likely to hash soon: the same place
/// with the next argument of the call that looks like an address, as a transfer does with payer and payee. False: none.
bool guess_next_key(BytesView input, const std::uint8_t* hashed, std::uint8_t* next) noexcept {
  constexpr std::size_t kSelector = 4;
  constexpr std::size_t kMostArguments = 4;
  if (!is_address_like(hashed) || input.size() < kSelector + 32) return false;
  const std::size_t count = std::min((input.size() - kSelector) / 32, kMostArguments);
  const std::uint8_t* found = nullptr;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint8_t* argument = input.data() + kSelector + 32 * i;
    if (std::memcmp(argument, hashed, 32) == 0)
      found = nullptr;
    else if (found == nullptr && is_address_like(argument))
      found = argument;
  }
  if (found == nullptr) return false;
  std::memcpy(next, found, 32);
  std::memcpy(next + 32, hashed + 32, 32);
  return true;
}

/// Keeps what the frame needs to go on at `ip`.
void suspend(const Registers& r, const Cell* ip) noexcept {
  r.frame->ip = ip;
  r.frame->sp = r.sp;
  r.frame->gas = r.gas;
}

/// The result of a call or creation that never began; its gas was not taken.
Flow push_failure(Registers& r, Status reason) {
  const Frame& caller = *r.frame;
  if (caller.machine->trace != nullptr) caller.machine->trace->end_frame(caller.depth + 1, {}, 0, reason);
  *++r.sp = 0;
  ++r.ip;
  return Flow::next;
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

std::int64_t grow_memory(Frame& frame, std::int64_t gas, std::uint64_t end) noexcept {
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

u256 hash_memory(const Frame& frame, const std::uint8_t* data, std::uint64_t size) noexcept {
  HashMemory& hashes = *frame.machine->hashes;
  using Pair = std::span<const std::uint8_t, 64>;
  if (size == 64) [[likely]]
    return hashes.of_64.hash(Pair(data, 64),
                             [&](std::uint8_t* next) { return guess_next_key(frame.input, data, next); });
  if (size == 32) return hashes.of_32.hash(std::span<const std::uint8_t, 32>(data, 32));
  return to_u256(keccak256({data, size}));
}

Start start_call(Registers& r, AccountEntry* payer, AccountEntry& code_account, std::uint16_t precompile) {
  Frame& frame = *r.frame;
  Machine& machine = *frame.machine;
  frame.checkpoint = machine.journal->checkpoint();
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
  frame.checkpoint = journal.checkpoint();
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

// --- instructions ----------------------------------------------------------------------------------------------------

Flow enter_call(Registers& r, CallKind kind) {
  constexpr std::int64_t kValueGas = 9000;
  constexpr std::int64_t kNewAccountGas = 25000;
  constexpr std::int64_t kStipend = 2300;
  Frame& frame = *r.frame;
  Machine& machine = *frame.machine;
  const Spec& spec = *machine.spec;
  Journal& journal = *machine.journal;

  const bool takes_value = kind == CallKind::call || kind == CallKind::callcode;
  const u256* arguments = r.sp - (takes_value ? 6 : 5);  // the deepest first
  const u256 &output_size = arguments[0], &output_offset = arguments[1];
  const u256 &input_size = arguments[2], &input_offset = arguments[3];
  const u256 value = takes_value ? r.sp[-2] : u256{};
  const u256 requested_gas = r.sp[0];
  const Address code_address = to_address(r.sp[-1]);

  if (kind == CallKind::call && frame.is_static && !value.is_zero()) return halt(r, Status::static_mode_violation);
  if (!use_memory(r, input_offset, input_size) || !use_memory(r, output_offset, output_size))
    return halt(r, Status::out_of_gas);

  AccountEntry* code_account = journal.account(code_address);
  if (code_account == nullptr) return halt(r, Status::fault);
  if (spec.access_lists && journal.warm(*code_account)) r.gas -= spec.cold_account_surcharge;
  if (r.gas < 0) return halt(r, Status::out_of_gas);

  const std::uint16_t precompile = precompile_at(spec, code_address);
  AccountEntry* const target = code_account;
  if (precompile == 0 && spec.set_code_transactions && target->has_code()) {
    const auto code = journal.code(*target);
    if (!code) return halt(r, Status::fault);
    if (const auto delegate = delegation_of(spec, *code)) {
      code_account = journal.account(*delegate);
      if (code_account == nullptr) return halt(r, Status::fault);
      // EIP-7702: the delegate's code is a second account access.
      r.gas -= journal.warm(*code_account) ? spec.sload_gas + spec.cold_account_surcharge : spec.sload_gas;
      if (r.gas < 0) return halt(r, Status::out_of_gas);
    }
  }

  if (!value.is_zero()) r.gas -= kValueGas;
  if (kind == CallKind::call &&
      (spec.state_clearing ? !value.is_zero() && journal.is_dead(*target) : !journal.exists(*target)))
    r.gas -= kNewAccountGas;
  if (r.gas < 0) return halt(r, Status::out_of_gas);

  std::int64_t child_gas;
  if (spec.keeps_one_64th) {
    child_gas = static_cast<std::int64_t>(requested_gas.clamp(static_cast<std::uint64_t>(r.gas - r.gas / 64)));
  } else {
    if (requested_gas > u256{static_cast<std::uint64_t>(r.gas)}) {
      r.gas = r.gas - static_cast<std::int64_t>(requested_gas.clamp(std::uint64_t{1} << 62));
      return halt(r, Status::out_of_gas);
    }
    child_gas = static_cast<std::int64_t>(requested_gas.low64());
  }
  r.gas -= child_gas;
  if (machine.trace != nullptr) machine.trace->end_step(r.gas, Status::success);
  if (!value.is_zero()) child_gas += kStipend;

  const std::uint64_t input_at = input_size.is_zero() ? 0 : input_offset.low64();
  const BytesView input{frame.memory + input_at, input_size.low64()};
  const std::uint64_t output_at = output_size.is_zero() ? 0 : output_offset.low64();
  const std::uint64_t output_length = output_size.low64();
  r.sp -= takes_value ? 7 : 6;
  const bool too_deep = frame.depth + 1 > 1024;
  if (too_deep || (!value.is_zero() && !journal.covers(*frame.account, value))) {
    machine.return_data.clear();
    r.gas += child_gas;
    return push_failure(r, too_deep ? Status::call_depth_exceeded : Status::insufficient_balance);
  }

  suspend(r, r.ip + 1);
  Frame& child = child_of(r);
  child.kind = kind;
  child.input = input;
  child.output_offset = output_at;
  child.output_size = output_length;
  AccountEntry* payer = nullptr;
  switch (kind) {
    case CallKind::delegatecall:
      child.account = frame.account;
      child.sender = frame.sender;
      child.value = frame.value;
      break;
    case CallKind::callcode:
      child.account = frame.account;
      child.sender = frame.account->address;
      child.value = value;
      break;
    default:
      child.account = target;
      child.sender = frame.account->address;
      child.value = value;
      child.is_static = frame.is_static || kind == CallKind::staticcall;
      if (!value.is_zero()) payer = frame.account;
      break;
  }
  Registers child_registers{nullptr, nullptr, child_gas, &child};
  if (start_call(child_registers, payer, *code_account, precompile) == Start::running) {
    r = child_registers;
    return Flow::next;
  }
  if (child.status == Status::fault) return halt(r, Status::fault);
  return resume_caller(r, child, child.status, child_registers.gas);
}

Flow enter_create(Registers& r, CallKind kind) {
  Frame& frame = *r.frame;
  Machine& machine = *frame.machine;
  const Spec& spec = *machine.spec;
  Journal& journal = *machine.journal;
  if (frame.is_static) return halt(r, Status::static_mode_violation);
  const u256 value = r.sp[0];
  const u256 &offset = r.sp[-1], &size = r.sp[-2];
  if (!use_memory(r, offset, size)) return halt(r, Status::out_of_gas);
  if (size.low64() > spec.max_initcode_size) return halt(r, Status::initcode_size_exceeded);
  const std::int64_t hash_word_gas = kind == CallKind::create2 ? 6 : 0;
  r.gas -= (spec.initcode_word_gas + hash_word_gas) * word_count(size.low64());
  if (r.gas < 0) return halt(r, Status::out_of_gas);

  const std::int64_t child_gas = spec.keeps_one_64th ? r.gas - r.gas / 64 : r.gas;
  if (machine.trace != nullptr) machine.trace->end_step(r.gas, Status::success);  // as go-ethereum: without child_gas
  r.gas -= child_gas;
  const BytesView init_code{frame.memory + (size.is_zero() ? 0 : offset.low64()), size.low64()};
  const Hash32 salt = kind == CallKind::create2 ? to_hash32(r.sp[-3]) : Hash32{};
  r.sp -= kind == CallKind::create2 ? 4 : 3;
  machine.return_data.clear();
  AccountEntry& creator = *frame.account;
  const bool too_deep = frame.depth + 1 > 1024;
  const bool unfunded = !value.is_zero() && !journal.covers(creator, value);
  const std::uint64_t nonce = journal.nonce(creator);
  if (too_deep || unfunded || nonce == ~std::uint64_t{0}) {
    r.gas += child_gas;
    return push_failure(r, too_deep   ? Status::call_depth_exceeded
                           : unfunded ? Status::insufficient_balance
                                      : Status::nonce_overflow);
  }
  const Address address = kind == CallKind::create2 ? create2_address(creator.address, salt, keccak256(init_code))
                                                    : create_address(creator.address, nonce);
  AccountEntry* created = journal.account(address);
  if (created == nullptr) return halt(r, Status::fault);
  journal.set_nonce(creator, nonce + 1);
  if (spec.access_lists) journal.warm(*created);

  suspend(r, r.ip + 1);
  Frame& child = child_of(r);
  child.kind = kind;
  child.account = created;
  child.sender = creator.address;
  child.value = value;
  Registers child_registers{nullptr, nullptr, child_gas, &child};
  if (start_create(child_registers, value.is_zero() ? nullptr : &creator, init_code) == Start::running) {
    r = child_registers;
    return Flow::next;
  }
  return resume_caller(r, child, child.status, child_registers.gas);
}

Flow self_destruct(Registers& r) {
  constexpr std::int64_t kNewAccountGas = 25000;
  Frame& frame = *r.frame;
  Machine& machine = *frame.machine;
  const Spec& spec = *machine.spec;
  Journal& journal = *machine.journal;
  if (frame.is_static) return halt(r, Status::static_mode_violation);
  AccountEntry& account = *frame.account;
  AccountEntry* beneficiary = journal.account(to_address(r.sp[0]));
  if (beneficiary == nullptr) return halt(r, Status::fault);
  if (spec.access_lists && journal.warm(*beneficiary)) r.gas -= spec.cold_account_surcharge + spec.sload_gas;
  if (spec.selfdestruct_new_account_gas &&
      (spec.state_clearing ? journal.is_dead(*beneficiary) && !journal.balance(account).is_zero()
                           : !journal.exists(*beneficiary)))
    r.gas -= kNewAccountGas;
  if (r.gas < 0) return halt(r, Status::out_of_gas);

  const bool destroys = spec.selfdestruct == SelfdestructRule::destroy || journal.was_created_now(account);
  if (beneficiary != &account) {
    const u256 balance = journal.balance(account);
    journal.subtract_balance(account, balance);
    journal.add_balance(*beneficiary, balance);
  } else if (destroys) {
    journal.set_balance(account, {});  // burnt
  }
  journal.touch(*beneficiary, !spec.state_clearing);
  if (destroys && journal.destroy(account)) journal.add_refund(spec.selfdestruct_refund);
  frame.status = Status::success;
  frame.output = {};
  return Flow::leave;
}

}  // namespace hocket
