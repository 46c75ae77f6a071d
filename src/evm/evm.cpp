#include "evm/evm.hpp"

#include "base/assert.hpp"
#include "evm/follower.hpp"
#include "evm/frame.hpp"
#include "evm/frames.hpp"
#include "evm/trace_recorder.hpp"

#include <algorithm>

namespace hocket {

std::string_view to_string(Status status) noexcept {
  switch (status) {
    case Status::success:
      return "success";
    case Status::revert:
      return "execution reverted";
    case Status::out_of_gas:
      return "out of gas";
    case Status::invalid_opcode:
      return "invalid opcode: INVALID";
    case Status::undefined_opcode:
      return "undefined opcode";
    case Status::stack_underflow:
      return "stack underflow";
    case Status::stack_overflow:
      return "stack limit reached 1024";
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
    case Status::precompile_failure:
      return "precompile failed";
    case Status::fault:
      return "state could not be read";
    case Status::suspended:
      return "waiting for a value of the state";
  }
  return "unknown";
}

struct Evm::Impl {
  Machine machine;
  std::unique_ptr<HashMemory> own_hashes;  // made where nobody gives any
  std::unique_ptr<TraceRecorder> recorder;
  Follower follower;

  /// From now on. `depth`: of the running frame; -1: none runs.
  void follow(OperationLog& log, int depth) noexcept {
    follower.begin(log);
    machine.follower = &follower;
    for (int i = 0; i <= depth; ++i) machine.frames[static_cast<std::size_t>(i)]->stores_before = 0;
  }

  /// How the machine has ended, or stopped for the time being.
  ExecutionResult result() {
    if (machine.status == Status::suspended) return {.status = Status::suspended, .gas_left = 0, .output = {}};
    machine.memory.trim();
    return {.status = machine.status, .gas_left = machine.gas_left, .output = machine.return_data};
  }
};

namespace {

constexpr std::size_t kStackItems = 1025 * 1024;  // every depth at its limit

}  // namespace

Evm::Evm(ProgramCache& programs) : impl_(std::make_unique<Impl>()) {
  Machine& machine = impl_->machine;
  machine.programs = &programs;
  machine.stack_space = std::make_unique_for_overwrite<std::byte[]>((1 + kStackItems) * sizeof(u256));
  std::fill_n(machine.stack_space.get(), sizeof(u256), std::byte{});  // below the first: see TopRegisters
}

Evm::~Evm() = default;

void Evm::begin_block(const Spec& spec, const BlockContext& block) {
  if (impl_->machine.hashes == nullptr) {
    impl_->own_hashes = std::make_unique<HashMemory>();
    impl_->machine.hashes = impl_->own_hashes.get();
  }
  impl_->machine.hashes->begin_block();
  impl_->machine.spec = &spec;
  impl_->machine.recent_programs.refresh(*impl_->machine.programs, spec);
  impl_->machine.block = &block;
}

void Evm::remember_in(HashMemory& hashes) noexcept { impl_->machine.hashes = &hashes; }

void Evm::set_tracer(Tracer* tracer) noexcept {
  impl_->recorder = tracer != nullptr ? std::make_unique<TraceRecorder>(*tracer) : nullptr;
}

ExecutionResult Evm::execute(const Message& message, const TransactionContext& transaction, Journal& journal) {
  HOCKET_ASSERT(message.kind == CallKind::call || message.kind == CallKind::create);
  Machine& machine = impl_->machine;
  machine.trace = message.is_traced ? impl_->recorder.get() : nullptr;
  machine.follower = nullptr;
  if (log_ != nullptr) impl_->follow(*log_, -1);
  machine.transaction = &transaction;
  machine.journal = &journal;
  machine.return_data.clear();

  Frame& frame = frame_at(machine, 0);
  frame.memory = machine.memory.begin();
  frame.stack_base = reinterpret_cast<u256*>(machine.stack_space.get()) + 1;
  frame.sender = message.sender;
  frame.value = message.value;
  frame.kind = message.kind;
  frame.is_static = false;
  frame.input = message.input;

  const auto ended = [](Status status, std::int64_t gas_left) {
    return ExecutionResult{.status = status, .gas_left = gas_left, .output = {}};
  };
  frame.account = journal.account(message.recipient);
  if (frame.account == nullptr) return ended(Status::fault, 0);
  AccountEntry* sender = nullptr;
  if (!message.value.is_zero()) {
    sender = journal.account(message.sender);
    if (sender == nullptr) return ended(Status::fault, 0);
    if (!journal.covers(*sender, message.value)) return ended(Status::insufficient_balance, message.gas);
  }

  AccountEntry* code_account = frame.account;
  const std::uint16_t precompile =
      message.kind == CallKind::call ? precompile_at(*machine.spec, message.recipient) : std::uint16_t{0};
  if (message.kind == CallKind::call && precompile == 0 && frame.account->has_code()) {
    const auto code = journal.code(*frame.account);
    if (!code) return ended(Status::fault, 0);
    if (const auto delegate = delegation_of(*machine.spec, *code)) {
      code_account = journal.account(*delegate);
      if (code_account == nullptr) return ended(Status::fault, 0);
      journal.warm(*code_account);  // EIP-7702: without charge for the outermost call
    }
  }

  Registers r{nullptr, nullptr, message.gas, &frame};
  const Start start = message.kind == CallKind::create ? start_create(r, sender, message.input)
                                                       : start_call(r, sender, *code_account, precompile);
  if (start == Start::running) {
    run(r);
  } else {
    machine.status = frame.status;
    machine.gas_left = r.gas;
  }
  return impl_->result();
}

ExecutionResult Evm::resume() {
  Machine& machine = impl_->machine;
  HOCKET_ASSERT(machine.status == Status::suspended);
  Frame& frame = *machine.suspended;
  machine.journal->clear_fault();
  if (log_ != nullptr && machine.follower == nullptr) impl_->follow(*log_, frame.depth);
  run({.ip = frame.ip, .sp = frame.sp, .gas = frame.gas, .frame = &frame});
  return impl_->result();
}

}  // namespace hocket
