#include "parallel/contract_writer.hpp"

#include <algorithm>

namespace hocket::testing {
namespace {

constexpr std::size_t kLongCode = 3'000;

}  // namespace

Bytes ContractWriter::write(unsigned statements) {
  code_.clear();
  for (unsigned i = 0; i < statements; ++i) statement(0);
  return std::move(code_);
}

Bytes ContractWriter::write_updates(unsigned statements) {
  code_.clear();
  for (unsigned i = 0; i < statements; ++i) update_slot();
  if (random_.one_in(3)) statement(1);
  return std::move(code_);
}

Bytes ContractWriter::write_calculations(unsigned statements) {
  code_.clear();
  for (unsigned i = 0; i < statements; ++i) {
    if (random_.one_in(3))
      update_slot();
    else
      calculate(0);
  }
  if (random_.one_in(3)) statement(1);
  return std::move(code_);
}

Bytes ContractWriter::write_init(const Bytes& runtime, unsigned statements) {
  code_.clear();
  for (unsigned i = 0; i < statements; ++i) statement(1);
  const std::size_t size = runtime.size();
  // PUSH1 size, PUSH2 offset, PUSH1 0, CODECOPY, PUSH1 size, PUSH1 0, RETURN
  const std::size_t offset = code_.size() + 2 + 3 + 2 + 1 + 2 + 2 + 1;
  const Bytes tail{OP_PUSH1,
                   static_cast<std::uint8_t>(size),
                   OP_PUSH1 + 1,
                   static_cast<std::uint8_t>(offset >> 8),
                   static_cast<std::uint8_t>(offset),
                   OP_PUSH1,
                   0,
                   OP_CODECOPY,
                   OP_PUSH1,
                   static_cast<std::uint8_t>(size),
                   OP_PUSH1,
                   0,
                   OP_RETURN};
  code_.insert(code_.end(), tail.begin(), tail.end());
  code_.insert(code_.end(), runtime.begin(), runtime.end());
  return std::move(code_);
}

Bytes ContractWriter::write_child() {
  code_.clear();
  push_parity(0);
  op(OP_ISZERO);
  const std::size_t even = begin_jump();
  push_account();
  op(OP_SELFDESTRUCT);
  end_jump(even);
  push(u256{});
  op(OP_SLOAD);
  push(u256{1});
  op(OP_ADD);
  push(u256{});
  op(OP_SSTORE);
  return std::move(code_);
}

Bytes ContractWriter::write_factory(const Bytes& init) {
  code_.clear();
  store_in_memory(init);
  push_parity(0);
  push(u256{init.size()});
  push(u256{});
  op(OP_CALLVALUE);
  op(OP_CREATE2);
  push_parity(1);
  op(OP_ISZERO);
  const std::size_t even = begin_jump();
  push(u256{1});
  push(u256{});
  op(OP_MSTORE);
  push(u256{});
  push(u256{});
  push(u256{32});
  push(u256{});
  push(u256{});
  op(OP_DUP1 + 5);
  op(OP_GAS);
  op(OP_CALL);
  op(OP_POP);
  end_jump(even);
  return std::move(code_);
}

void ContractWriter::push_parity(std::uint64_t word) {
  push(u256{1});
  push(u256{32 * word});
  op(OP_CALLDATALOAD);
  op(OP_AND);
}

void ContractWriter::store_in_memory(const Bytes& bytes) {
  for (std::size_t at = 0; at < bytes.size(); at += 32) {
    Hash32 word{};
    for (std::size_t i = 0; i < 32 && at + i < bytes.size(); ++i) word.bytes[i] = bytes[at + i];
    push(to_u256(word));
    push(u256{at});
    op(OP_MSTORE);
  }
}

void ContractWriter::push(const u256& value) {
  const Hash32 word = to_hash32(value);
  std::size_t first = 0;
  while (first < 31 && word.bytes[first] == 0) ++first;
  op(static_cast<std::uint8_t>(OP_PUSH1 + 31 - first));
  code_.insert(code_.end(), word.bytes.begin() + static_cast<std::ptrdiff_t>(first), word.bytes.end());
}

std::size_t ContractWriter::begin_jump() {
  op(OP_PUSH1 + 1);
  const std::size_t at = code_.size();
  code_.insert(code_.end(), 2, 0);
  op(OP_JUMPI);
  return at;
}

void ContractWriter::end_jump(std::size_t at) {
  code_[at] = static_cast<std::uint8_t>(code_.size() >> 8);
  code_[at + 1] = static_cast<std::uint8_t>(code_.size());
  op(OP_JUMPDEST);
}

void ContractWriter::value(unsigned depth) {
  switch (random_.below(depth < 2 ? 12 : 9)) {
    case 0:
      return push(u256{random_.below(3)});
    case 1:
    case 2:
      push_slot();
      return op(OP_SLOAD);
    case 3:
      push(u256{32 * random_.below(2)});
      return op(OP_CALLDATALOAD);
    case 4:
      push_account();
      return op(OP_BALANCE);
    case 5:
      if (has(OP_SELFBALANCE)) return op(OP_SELFBALANCE);
      op(OP_ADDRESS);
      return op(OP_BALANCE);
    case 6:
      push_account();
      return op(has(OP_EXTCODEHASH) && random_.flip() ? OP_EXTCODEHASH : OP_EXTCODESIZE);
    case 7:
      switch (random_.below(6)) {
        case 0:
          return op(OP_CALLER);
        case 1:
          return op(OP_CALLVALUE);
        case 2:
          return op(OP_GAS);
        case 3:
          op(OP_COINBASE);
          return op(OP_BALANCE);
        default:
          // A read that always goes down to the StateView: where an execution may be held up.
          push(u256{99});
          return op(OP_BLOCKHASH);
      }
    case 8:
      if (!has(OP_TLOAD)) return push(u256{1});
      push_slot();
      return op(OP_TLOAD);
    default:
      value(depth + 1);
      value(depth + 1);
      return op(random_.flip() ? OP_ADD : OP_SUB);
  }
}

void ContractWriter::store_slot() {
  value(0);
  push_slot();
  op(OP_SSTORE);
}

void ContractWriter::update_slot() {
  const u256 slot{random_.below(kSlotCount)};
  const u256 field_mask{0xffff};
  const bool is_packed = random_.one_in(4);
  const u256 field_shift{16 * random_.between(1, 3)};
  push(slot);
  op(OP_SLOAD);
  if (is_packed) {
    op(OP_DUP1);
    push(field_shift);
    op(OP_SHR);
    push(field_mask);
    op(OP_AND);
  }
  if (random_.one_in(4))
    subtract();
  else
    add();
  if (is_packed) {
    push(field_mask);
    op(OP_AND);
    push(field_shift);
    op(OP_SHL);
    op(OP_SWAP1);
    push(~(field_mask << static_cast<unsigned>(field_shift.low64())));
    op(OP_AND);
    op(OP_OR);
  }
  push(slot);
  op(OP_SSTORE);
}

void ContractWriter::calculate(unsigned depth) {
  unsigned words = 0;  // of its own
  for (std::uint64_t steps = random_.between(4, 26); steps > 0 && code_.size() < kLongCode; --steps)
    calculate_further(words, depth);
  for (; words > 0; --words) {
    if (random_.flip()) {
      push_slot();
      op(OP_SSTORE);
    } else {
      op(OP_POP);
    }
  }
}

void ContractWriter::calculate_further(unsigned& words, unsigned depth) {
  static constexpr std::array<std::uint8_t, 24> kOperations{
      OP_ADD, OP_ADD, OP_ADD, OP_SUB, OP_SUB, OP_MUL,        OP_DIV, OP_SDIV, OP_MOD, OP_SMOD, OP_AND,  OP_OR,
      OP_XOR, OP_SHL, OP_SHR, OP_SAR, OP_LT,  OP_SIGNEXTEND, OP_GT,  OP_SLT,  OP_SGT, OP_EQ,   OP_BYTE, OP_EXP};
  const std::uint64_t step = random_.below(22);
  if (step < 4 || words == 0) {
    push_slot();
    op(OP_SLOAD);
    ++words;
  } else if (step < 6) {
    push_constant();
    ++words;
  } else if (step < 8) {
    op(static_cast<std::uint8_t>(OP_DUP1 + random_.below(std::min(words, 16u))));
    ++words;
  } else if (step < 10) {
    if (words > 1) op(static_cast<std::uint8_t>(OP_SWAP1 + random_.below(std::min(words - 1, 16u))));
  } else if (step < 14) {
    const std::uint8_t operation = random_.of(kOperations);
    if (!has(operation)) return;
    if (words < 2 || random_.flip()) {
      push_constant();
      ++words;
      if (random_.flip()) op(OP_SWAP1);
    }
    op(operation);
    --words;
  } else if (step < 15) {
    op(random_.flip() ? OP_ISZERO : OP_NOT);
  } else if (step < 18) {
    push_slot();
    op(OP_SSTORE);
    --words;
  } else if (step < 20) {
    branch_on_word(depth);
  } else if (step < 21) {
    call();
  } else {
    use_copy_elsewhere();
  }
}

void ContractWriter::branch_on_word(unsigned depth) {
  op(OP_DUP1);
  if (random_.flip()) {
    push_constant();
    op(random_.flip() ? OP_LT : OP_GT);
  }
  if (random_.flip()) op(OP_ISZERO);
  const std::size_t skip = begin_jump();
  switch (random_.below(depth < 2 ? 6 : 3)) {
    case 0:
      fail();
      break;
    case 1:
      call();
      break;
    case 2:
      store_slot();
      break;
    default:
      calculate(depth + 1);
  }
  end_jump(skip);
}

void ContractWriter::use_copy_elsewhere() {
  op(OP_DUP1);
  switch (random_.below(7)) {
    case 0:  // a key
      push(u256{3});
      op(OP_AND);
      op(OP_SLOAD);
      return op(OP_POP);
    case 1:
      push(u256{32});
      return op(OP_MSTORE);
    case 2:
      push(u256{});
      push(u256{});
      return op(OP_LOG0 + 1);
    case 3:  // a key
      push(u256{1});
      op(OP_AND);
      push(u256{7});
      op(OP_SWAP1);
      return op(OP_SSTORE);
    case 4:
      if (!has(OP_TSTORE)) return op(OP_POP);
      push(u256{1});
      return op(OP_TSTORE);
    case 5:  // its length costs gas
      push(u256{2});
      op(OP_EXP);
      push_slot();
      return op(OP_SSTORE);
    default:
      push(u256{5});
      op(OP_SWAP1);
      push(u256{7});
      op(OP_ADDMOD);
      push_slot();
      return op(OP_SSTORE);
  }
}

void ContractWriter::push_constant() {
  switch (random_.below(8)) {
    case 0:
      return push(u256::max() >> static_cast<unsigned>(random_.below(256)));
    case 1:
      return push(u256{1} << static_cast<unsigned>(random_.below(256)));
    case 2:
      return push(u256{random_.below(300)} << static_cast<unsigned>(random_.below(200)));
    case 3:
      return push(u256::max() - u256{random_.below(20)});
    default:
      return push(u256{random_.below(40)});
  }
}

void ContractWriter::push_amount() {
  if (random_.one_in(3)) {
    push(u256{32 * random_.below(2)});
    op(OP_CALLDATALOAD);
  } else {
    push(u256{random_.between(1, 5)});
  }
}

void ContractWriter::add() {
  push_amount();
  op(OP_ADD);
  if (random_.one_in(4)) return;
  op(OP_DUP1);
  push(u256{random_.one_in(4) ? random_.between(3, 20) : 1'000});
  op(OP_GT);
  fail_unless();
}

void ContractWriter::subtract() {
  push_amount();
  if (!random_.one_in(4)) {
    op(OP_DUP1);
    op(OP_DUP1 + 2);
    op(OP_LT);
    op(OP_ISZERO);
    fail_unless();
  }
  op(OP_SWAP1);
  op(OP_SUB);
}

void ContractWriter::fail_unless() {
  const std::size_t otherwise = begin_jump();
  fail();
  end_jump(otherwise);
}

void ContractWriter::fail() {
  if (!has(OP_REVERT) || random_.one_in(4)) return op(OP_INVALID);
  push(u256{});
  push(u256{});
  op(OP_REVERT);
}

void ContractWriter::if_value(unsigned depth) {
  // By parity: a sum that grows goes both ways in turn.
  value(0);
  push(u256{1});
  op(OP_AND);
  const std::size_t skip = begin_jump();
  for (unsigned i = 0, n = static_cast<unsigned>(random_.between(1, 2)); i < n; ++i) statement(depth + 1);
  end_jump(skip);
}

void ContractWriter::call() {
  value(1);
  push(u256{});
  op(OP_MSTORE);
  const std::uint8_t kind =
      random_.of(std::vector<std::uint8_t>{OP_CALL, OP_CALL, OP_CALL, OP_CALLCODE, OP_DELEGATECALL, OP_STATICCALL});
  if (!has(kind)) return;
  push(u256{});
  push(u256{});
  push(u256{64});
  push(u256{});
  if (kind == OP_CALL || kind == OP_CALLCODE) {
    if (random_.one_in(8))
      value(1);  // perhaps more than there is
    else
      push(u256{random_.one_in(3) ? random_.below(4) : 0});
  }
  push_account();
  push(u256{random_.between(5, 60) * 1000});
  op(kind);
  if (random_.one_in(3)) {
    push_slot();
    op(OP_SSTORE);
  } else {
    op(OP_POP);
  }
}

void ContractWriter::create() {
  if (world_.init_codes.empty()) return;
  const Bytes& init = random_.of(world_.init_codes);
  store_in_memory(init);
  const bool create2 = has(OP_CREATE2) && !random_.one_in(4);
  if (create2) push(u256{random_.below(2)});
  push(u256{init.size()});
  push(u256{});
  push(u256{random_.one_in(3) ? random_.below(3) : 0});
  op(create2 ? OP_CREATE2 : OP_CREATE);
  if (random_.flip()) {
    op(OP_POP);
  } else {
    // Called at once: it may be destroyed in the transaction that made it.
    push(u256{});
    push(u256{});
    push(u256{32});
    push(u256{});
    push(u256{});
    op(OP_DUP1 + 5);
    push(u256{40000});
    op(OP_CALL);
    op(OP_POP);
    op(OP_POP);
  }
}

void ContractWriter::statement(unsigned depth) {
  switch (random_.below(depth < 2 ? 22 : 16)) {
    case 0:
    case 1:
    case 2:
    case 3:
      return store_slot();
    case 4:
    case 5:
    case 6:
      return call();
    case 7:
      value(0);
      return op(OP_POP);
    case 8:
      value(0);
      push(u256{});
      push(u256{});
      return op(OP_LOG0 + 1);
    case 9:
      return create();
    case 10:
      if (!has(OP_TSTORE)) return store_slot();
      value(1);
      push_slot();
      return op(OP_TSTORE);
    case 11:
      push(u256{99});
      op(OP_BLOCKHASH);
      return op(OP_POP);
    case 12:
      if (depth == 0) return store_slot();
      push_account();
      return op(OP_SELFDESTRUCT);
    case 13:
      if (depth == 0) return store_slot();
      if (random_.one_in(3)) return op(OP_STOP);
      return fail();
    case 14:
    case 15:
      return update_slot();
    default:
      return if_value(depth);
  }
}

}  // namespace hocket::testing
