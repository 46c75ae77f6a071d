// CALL and its kin, CREATE and CREATE2, SELFDESTRUCT: what an instruction checks and pays before a frame begins.
#include "crypto/keccak.hpp"
#include "evm/evm.hpp"
#include "evm/frames.hpp"
#include "evm/trace_recorder.hpp"

namespace hocket {
namespace {

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

/// The result of a call or creation that never began; its gas was not taken.
Flow push_failure(Registers& r, Status reason) {
  const Frame& caller = *r.frame;
  if (caller.machine->trace != nullptr) caller.machine->trace->end_frame(caller.depth + 1, {}, 0, reason);
  *++r.sp = 0;
  ++r.ip;
  return Flow::next;
}

}  // namespace

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
