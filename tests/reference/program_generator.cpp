#include "reference/program_generator.hpp"

#include "crypto/keccak.hpp"
#include "protocol/opcode.hpp"
#include "protocol/spec.hpp"
#include "support/choices.hpp"

#include <algorithm>
#include <array>

namespace hocket::reference {
namespace {

using testing::Choices;

Address numbered(std::uint32_t number) { return to_address(u256{number}); }

const Address kSender = numbered(0xe0a0);
const Address kBeneficiary = numbered(0xbe00);
const Address kEmptyAccount = numbered(0xe000);
const Address kMissingAccount = numbered(0xdead);
const std::array<Address, 4> kContracts = {numbered(0xc0de00), numbered(0xc0de01), numbered(0xc0de02),
                                           numbered(0xc0de03)};

constexpr unsigned kMaxNesting = 2;
constexpr std::size_t kMaxCodeSize = 4096;

/// Writes one program, keeping count of the stack so that most instructions find their operands.
class ProgramWriter {
 public:
  ProgramWriter(Choices& choices, const Spec& spec, unsigned nesting)
      : choices_(choices), spec_(spec), nesting_(nesting) {}

  Bytes write(unsigned items) {
    for (unsigned i = 0; i < items && !choices_.empty() && code_.size() < kMaxCodeSize; ++i) item();
    if (!choices_.one_in(8)) end();
    patch_jumps();
    return std::move(code_);
  }

  /// Little else than slots that are changed.
  Bytes write_updates(unsigned updates) {
    for (unsigned i = 0; i < updates; ++i) {
      update_slot();
      if (choices_.one_in(3)) item();
    }
    emit(OP_STOP);
    patch_jumps();
    return std::move(code_);
  }

 private:
  /// Instructions that the fork does not have are rare.
  bool is_worth_writing(int opcode) {
    return spec_.opcode_gas[static_cast<std::size_t>(opcode)] != Spec::kUndefined || choices_.one_in(64);
  }

  void emit(int opcode) {
    auto op = static_cast<std::uint8_t>(opcode);
    if (!is_worth_writing(op)) op = kOpcodeTraits[op].outputs > 0 && op < OP_PUSH1 ? OP_NUMBER : OP_JUMPDEST;
    code_.push_back(op);
    const OpcodeTraits& traits = kOpcodeTraits[op];
    height_ = height_ > traits.inputs ? height_ - traits.inputs : 0;
    height_ += traits.outputs;
  }

  void push(const u256& value) {
    const unsigned size = std::max(value.byte_length(), 1u) + (choices_.one_in(16) ? 1 : 0);
    std::array<std::uint8_t, 32> bytes{};
    store_be256(bytes.data(), value);
    emit(OP_PUSH1 + static_cast<int>(std::min(size, 32u)) - 1);
    append(code_, BytesView(bytes).last(std::min(size, 32u)));
  }

  void push_address() {
    switch (choices_.below(10)) {
      case 0:
        return push(hocket::to_u256(kSender));
      case 1:
        return push(hocket::to_u256(kBeneficiary));
      case 2:
        return push(hocket::to_u256(kEmptyAccount));
      case 3:
        return push(hocket::to_u256(kMissingAccount));
      case 4:
        return push(choices_.below(0x14));
      case 5:
        return choices_.one_in(2) ? emit(OP_ADDRESS) : push(0x100);
      default:
        return push(hocket::to_u256(choices_.of(kContracts)));
    }
  }

  u256 interesting_word() {
    static const std::array kWords = {u256{0},
                                      u256{1},
                                      u256{2},
                                      u256{31},
                                      u256{32},
                                      u256{255},
                                      u256{256},
                                      u256{0xffffffff},
                                      u256{~std::uint64_t{0}},
                                      u256{0, 1, 0, 0},
                                      u256{~0ull, ~0ull, 0, 0},
                                      u256{0, 0, 1, 0},
                                      u256{~0ull, ~0ull, ~0ull, ~0ull >> 1},
                                      u256{0, 0, 0, 1ull << 63},
                                      u256{~0ull - 1, ~0ull, ~0ull, ~0ull},
                                      u256::max()};
    switch (choices_.below(4)) {
      case 0:
        return choices_.byte();
      case 1: {
        const BytesView random = choices_.take(1 + choices_.below(32));
        return u256_from_be(random);
      }
      default:
        return choices_.of(kWords);
    }
  }

  void push_offset() { push(choices_.one_in(32) ? interesting_word() : u256{choices_.byte()}); }
  void push_size() { push(choices_.one_in(32) ? interesting_word() : u256{choices_.below(100)}); }
  void push_slot() { push(choices_.below(4)); }
  void push_value() { push(choices_.one_in(2) ? u256{0} : u256{choices_.below(100)}); }
  void push_gas() {
    static const std::array kGas = {u256{0},     u256{2300},   u256{2301},        u256{5000},
                                    u256{20000}, u256{100000}, u256{~0ull >> 1u}, u256::max()};
    static const std::array kKept = {u256{100}, u256{1000}, u256{10000}, u256{36000}};
    if (choices_.one_in(6)) return push(choices_.of(kGas));
    // Before EIP-150 what is asked for must be there after the call has been paid.
    if (!spec_.keeps_one_64th) push(choices_.of(kKept));
    emit(OP_GAS);
    if (!spec_.keeps_one_64th) emit(OP_SUB);
  }

  /// Constants, copies and exchanges of the stack, and what takes them at once: all that a translation may put
  /// together.
  void tangle() {
    static constexpr std::array kTakers = {OP_ADD, OP_MUL, OP_SUB,    OP_DIV,    OP_AND,       OP_OR,  OP_XOR,
                                           OP_LT,  OP_GT,  OP_SLT,    OP_SGT,    OP_EQ,        OP_SHL, OP_SHR,
                                           OP_SAR, OP_NOT, OP_EXP,    OP_POP,    OP_POP,       OP_EQ,  OP_LT,
                                           OP_GT,  OP_AND, OP_ISZERO, OP_ISZERO, OP_SIGNEXTEND};
    for (unsigned steps = 4 + choices_.below(12); steps > 0; --steps) {
      switch (choices_.below(8)) {
        case 0:
          push(interesting_word());
          break;
        case 1:
          push(choices_.below(64));
          break;
        case 2:
          push(u256::max() >> choices_.byte());
          break;
        case 3:
          emit(OP_DUP1 + static_cast<int>(choices_.below(std::clamp(height_, 1u, 16u))));
          break;
        case 4:
          if (height_ > 1) emit(OP_SWAP1 + static_cast<int>(choices_.below(choices_.one_in(2) ? height_ - 1 : 1) % 16));
          break;
        case 5:
          push(choices_.below(8) * 32);
          if (choices_.one_in(2) && height_ > 1) emit(OP_DUP1 + 1);
          emit(choices_.one_in(2) && height_ > 1 ? OP_MSTORE : OP_MLOAD);
          break;
        default:
          if (height_ >= 2) emit(choices_.of(kTakers));
      }
    }
    if (choices_.one_in(2)) return;
    if (height_ == 0) push(choices_.below(2));
    push_destination();
    emit(OP_JUMPI);
  }

  void item() {
    switch (choices_.below(19)) {
      case 0:
        return any_instruction();
      case 1:
      case 2:
        return word_instruction();
      case 3:
        return push(interesting_word());
      case 4:
        return stack_instruction();
      case 5:
      case 6:
        return memory_instruction();
      case 7:
      case 8:
        return storage_instruction();
      case 9:
        return copy_instruction();
      case 10:
      case 11:
        return call();
      case 12:
        return nesting_ < kMaxNesting ? create() : any_instruction();
      case 13:
        return jump();
      case 14:
        return nesting_ < kMaxNesting ? loop() : account_instruction();
      case 15:
      case 16:
        return tangle();
      case 17:
        return update_slot();
      default:
        return choices_.one_in(6) ? end() : account_instruction();
    }
  }

  void any_instruction() {
    const std::uint8_t opcode = choices_.byte();
    if (!is_worth_writing(opcode)) return emit(OP_JUMPDEST);
    const bool has_operands = !choices_.one_in(64);
    for (unsigned have = height_; has_operands && have < kOpcodeTraits[opcode].inputs; ++have) push(interesting_word());
    emit(opcode);
    for (unsigned i = 0; i < kOpcodeTraits[opcode].immediate_size; ++i) code_.push_back(choices_.byte());
  }

  void word_instruction() {
    const Opcode opcode =
        static_cast<Opcode>(choices_.one_in(2) ? OP_ADD + choices_.below(11) : OP_LT + choices_.below(15));
    for (unsigned i = 0; i < kOpcodeTraits[opcode].inputs; ++i)
      if (height_ <= i || !choices_.one_in(4)) push(interesting_word());
    emit(opcode);
  }

  void stack_instruction() {
    const unsigned n = std::clamp(height_, 1u, 16u);
    switch (choices_.below(3)) {
      case 0:
        return emit(OP_POP);
      case 1:
        return emit(OP_DUP1 + static_cast<int>(choices_.below(n)));
      default:
        return emit(OP_SWAP1 + static_cast<int>(choices_.below(n)));
    }
  }

  void memory_instruction() {
    switch (choices_.below(5)) {
      case 0:
        push(interesting_word());
        push_offset();
        return emit(OP_MSTORE);
      case 1:
        push(interesting_word());
        push_offset();
        return emit(OP_MSTORE8);
      case 2:
        push_offset();
        return emit(OP_MLOAD);
      case 3:
        push_size();
        push_offset();
        return emit(OP_KECCAK256);
      default: {
        const int topics = static_cast<int>(choices_.below(5));
        for (int i = 0; i < topics; ++i) push(interesting_word());
        push_size();
        push_offset();
        return emit(OP_LOG0 + topics);
      }
    }
  }

  void storage_instruction() {
    const bool transient = choices_.one_in(4);
    if (choices_.one_in(3)) {
      push_slot();
      return emit(transient ? OP_TLOAD : OP_SLOAD);
    }
    push(choices_.below(3));
    push_slot();
    emit(transient ? OP_TSTORE : OP_SSTORE);
  }

  /// What contracts do with balances, counters, and several values in one slot: it is changed, and mostly looked at.
  void update_slot() {
    static constexpr std::array kChanges = {OP_ADD, OP_ADD, OP_ADD, OP_SUB,  OP_MUL,  OP_DIV, OP_MOD,       OP_AND,
                                            OP_OR,  OP_XOR, OP_SHL, OP_SDIV, OP_SMOD, OP_SAR, OP_SIGNEXTEND};
    static constexpr std::array kLooks = {OP_LT, OP_GT, OP_SLT, OP_SGT, OP_EQ, OP_AND};
    const unsigned from = choices_.below(4);
    const unsigned to = choices_.one_in(4) ? choices_.below(4) : from;
    push(from);
    emit(OP_SLOAD);
    for (unsigned changes = choices_.below(4); changes > 0; --changes) {
      if (choices_.one_in(8))
        emit(OP_DUP1 + static_cast<int>(choices_.below(std::clamp(height_, 1u, 16u))));
      else if (choices_.one_in(8))
        storage_instruction();
      else
        push(choices_.one_in(4) ? interesting_word() : u256{choices_.below(100)});
      if (choices_.one_in(2)) emit(OP_SWAP1);
      emit(choices_.of(kChanges));
    }
    if (choices_.one_in(2)) {
      emit(OP_DUP1);
      push(choices_.one_in(4) ? interesting_word() : u256{choices_.below(100)});
      emit(choices_.of(kLooks));
      if (choices_.one_in(2)) emit(OP_ISZERO);
      push_destination();
      emit(OP_JUMPI);
    }
    if (choices_.one_in(3)) use_loaded();
    push(to);
    emit(OP_SSTORE);
  }

  /// Something else is done with what is at the top, which stays there.
  void use_loaded() {
    emit(OP_DUP1);
    switch (choices_.below(8)) {
      case 0:  // a key
        push(3);
        emit(OP_AND);
        emit(choices_.one_in(3) ? OP_TLOAD : OP_SLOAD);
        return emit(OP_POP);
      case 1:  // a key of a store
        push(3);
        emit(OP_AND);
        push(choices_.below(3));
        emit(OP_SWAP1);
        return emit(choices_.one_in(3) ? OP_TSTORE : OP_SSTORE);
      case 2:  // several at once are dropped
        for (unsigned i = 1 + choices_.below(4); i > 0; --i) emit(OP_DUP1);
        for (unsigned i = height_ > 5 ? 1 + choices_.below(4) : 1; i > 0; --i) emit(OP_POP);
        return emit(OP_DUP1);
      case 3:  // the top replaces one further down
        push(choices_.below(100));
        emit(OP_DUP1 + 1);
        emit(OP_SWAP1 + static_cast<int>(choices_.below(3)));
        emit(OP_POP);
        emit(choices_.one_in(2) ? OP_POP : OP_ADD);
        return;
      case 4:  // a copy from far below
        for (unsigned i = 13 + choices_.below(4); i > 0; --i) push(i);
        emit(OP_DUP16);
        emit(OP_DUP1);
        for (unsigned i = 0; i < 15; ++i) emit(OP_ADD);
        return;
      case 5:  // a comparison that is kept
        push(choices_.below(100));
        emit(choices_.one_in(2) ? OP_LT : OP_EQ);
        emit(OP_ISZERO);
        return emit(OP_ADD);
      case 6: {  // a jump whose target is computed
        push(choices_.below(50));
        emit(OP_LT);
        push_destination();
        push(0);
        emit(OP_DUP1);
        emit(OP_XOR);
        emit(OP_ADD);
        return emit(OP_JUMPI);
      }
      default:  // in memory, a log
        push_offset();
        return emit(choices_.one_in(2) ? OP_MSTORE : OP_MSTORE8);
    }
  }

  void copy_instruction() {
    static constexpr std::array kCopies = {OP_CALLDATACOPY, OP_CODECOPY, OP_EXTCODECOPY, OP_RETURNDATACOPY, OP_MCOPY};
    const Opcode opcode = choices_.of(kCopies);
    if (opcode == OP_RETURNDATACOPY && !choices_.one_in(4)) {
      emit(OP_RETURNDATASIZE);
      push(0);
      push_offset();
      return emit(opcode);
    }
    push_size();
    push_offset();
    push_offset();
    if (opcode == OP_EXTCODECOPY) push_address();
    emit(opcode);
  }

  void account_instruction() {
    static constexpr std::array kQueries = {OP_BALANCE, OP_EXTCODESIZE, OP_EXTCODEHASH};
    static constexpr std::array kPlain = {OP_SELFBALANCE, OP_RETURNDATASIZE, OP_GAS,      OP_MSIZE,  OP_PC,
                                          OP_CALLER,      OP_CALLVALUE,      OP_CODESIZE, OP_ORIGIN, OP_CALLDATASIZE};
    switch (choices_.below(4)) {
      case 0:
        push(choices_.byte());
        return emit(OP_CALLDATALOAD);
      case 1:
        push(200 + choices_.below(60));
        return emit(OP_BLOCKHASH);
      case 2:
        push_address();
        return emit(choices_.of(kQueries));
      default:
        return emit(choices_.of(kPlain));
    }
  }

  void call() {
    static constexpr std::array kCalls = {OP_CALL, OP_CALL, OP_CALLCODE, OP_DELEGATECALL, OP_STATICCALL};
    const Opcode opcode = choices_.of(kCalls);
    push_size();
    push_offset();
    push_size();
    push_offset();
    if (opcode == OP_CALL || opcode == OP_CALLCODE) push_value();
    push_address();
    push_gas();
    emit(opcode);
  }

  /// Puts init code into memory, a word at a time, and creates with it.
  void create() {
    Bytes init_code = ProgramWriter(choices_, spec_, nesting_ + 1).write(1 + choices_.below(6));
    const std::size_t size = init_code.size();
    init_code.resize((size + 31) / 32 * 32);
    for (std::size_t at = 0; at < init_code.size(); at += 32) {
      push(load_be256(init_code.data() + at));
      push(at);
      emit(OP_MSTORE);
    }
    const bool salted = choices_.one_in(2);
    if (salted) push(choices_.below(2));
    push(size);
    push(0);
    push_value();
    emit(salted ? OP_CREATE2 : OP_CREATE);
  }

  void jump() {
    switch (choices_.below(6)) {
      case 0:
      case 1:
        emit(OP_JUMPDEST);
        destinations_.push_back(code_.size() - 1);
        return;
      case 2:
        push_destination();
        return emit(OP_JUMP);
      default:
        if (height_ == 0) push(choices_.below(3));
        push_destination();
        return emit(OP_JUMPI);
    }
  }

  void loop() {
    push(1 + choices_.below(20));
    emit(OP_JUMPDEST);
    const std::size_t start = code_.size() - 1;
    destinations_.push_back(start);
    const unsigned items = choices_.below(4);
    ++nesting_;
    for (unsigned i = 0; i < items; ++i) item();
    --nesting_;
    push(1);
    emit(OP_SWAP1);
    emit(OP_SUB);
    emit(OP_DUP1);
    push(start);
    emit(OP_JUMPI);
  }

  /// A PUSH2 whose destination is chosen when all of them are known.
  void push_destination() {
    emit(OP_PUSH1 + 1);
    unresolved_.push_back(code_.size());
    code_.push_back(0);
    code_.push_back(0);
  }

  void patch_jumps() {
    if (!unresolved_.empty() && (destinations_.empty() || choices_.one_in(2))) {
      emit(OP_JUMPDEST);
      destinations_.push_back(code_.size() - 1);
    }
    for (const std::size_t at : unresolved_) {
      const std::size_t target =
          choices_.one_in(16) ? choices_.byte() : destinations_[choices_.byte() % destinations_.size()];
      code_[at] = static_cast<std::uint8_t>(target >> 8);
      code_[at + 1] = static_cast<std::uint8_t>(target);
    }
  }

  void end() {
    switch (choices_.below(6)) {
      case 0:
        return emit(OP_STOP);
      case 1:
        push_address();
        return emit(OP_SELFDESTRUCT);
      case 2:
        push_size();
        push_offset();
        return emit(OP_REVERT);
      default:
        push_size();
        push_offset();
        return emit(OP_RETURN);
    }
  }

  Choices& choices_;
  const Spec& spec_;
  unsigned nesting_;
  unsigned height_ = 0;
  Bytes code_;
  std::vector<std::size_t> destinations_;
  std::vector<std::size_t> unresolved_;
};

Bytes make_code(Choices& choices, const Spec& spec) {
  switch (choices.below(16)) {
    case 0:
      return to_bytes(choices.take(choices.byte()));
    case 1: {
      if (!spec.set_code_transactions) return {};
      Bytes delegation = {0xef, 0x01, 0x00};
      append(delegation, choices.one_in(4) ? numbered(choices.below(0x12)) : choices.of(kContracts));
      return delegation;
    }
    case 2:
    case 3:
    case 4:
    case 5:
      return ProgramWriter(choices, spec, 0).write_updates(1 + choices.below(6));
    default:
      return ProgramWriter(choices, spec, 0).write(1 + choices.below(40));
  }
}

}  // namespace

Scenario make_scenario(BytesView bytes) {
  Choices choices(bytes);
  Scenario scenario;
  scenario.revision = static_cast<Revision>(choices.below(kRevisionCount));
  const Spec& spec = spec_of(scenario.revision);
  scenario.block = {.number = 256 + choices.below(4),
                    .timestamp = 1'700'000'000,
                    .gas_limit = 30'000'000,
                    .beneficiary = kBeneficiary,
                    .prev_randao = 0x0123456789abcdef,
                    .base_fee = 7,
                    .blob_base_fee = 3,
                    .chain_id = 1};
  for (std::uint64_t number = 200; number < scenario.block.number; number += 3)
    scenario.block_hashes.emplace_back(number, keccak256(numbered(static_cast<std::uint32_t>(number))));
  scenario.gas_price = 11;
  if (spec.blob_transactions) scenario.blob_hashes = {keccak256(kSender), keccak256(kBeneficiary)};

  scenario.sender = kSender;
  scenario.accounts.push_back(
      {.address = kSender, .nonce = choices.below(3), .balance = 1'000'000'000, .code = {}, .storage = {}});
  // From Paris on the state holds no empty account, and what touching one would do is not specified.
  if (!spec.proof_of_stake)
    scenario.accounts.push_back({.address = kEmptyAccount, .nonce = 0, .balance = {}, .code = {}, .storage = {}});
  for (const Address& address : kContracts) {
    ScenarioAccount account{
        .address = address, .nonce = 1, .balance = choices.below(4) * 1000u, .code = {}, .storage = {}};
    for (unsigned slot = 0; slot < 3; ++slot)
      if (const unsigned value = choices.below(6); value != 0)
        account.storage.emplace_back(slot, value < 3 ? value : 1000u * value);
    account.code = make_code(choices, spec);
    scenario.accounts.push_back(std::move(account));
  }

  static constexpr std::array<std::int64_t, 8> kGas = {200'000, 1'000,   10'000,  30'000,
                                                       60'000,  100'000, 400'000, 1'000'000};
  const unsigned messages = 1 + choices.below(3);
  for (unsigned i = 0; i < messages; ++i) {
    ScenarioMessage message{.gas = choices.of(kGas) + choices.byte(), .value = {}, .to = {}, .input = {}};
    if (choices.one_in(3)) message.value = choices.below(100);
    if (choices.one_in(5)) {
      message.input = ProgramWriter(choices, spec, 1).write(1 + choices.below(16));
    } else {
      message.to = choices.one_in(16) ? numbered(choices.below(0x12)) : choices.of(kContracts);
      message.input = to_bytes(choices.take(choices.below(100)));
    }
    scenario.messages.push_back(std::move(message));
  }
  return scenario;
}

}  // namespace hocket::reference
