// The instructions of the reference, family by family. Prices that no fork ever changed stand here as numbers; the
// others come from the Spec.
#include "crypto/keccak.hpp"
#include "reference/frame.hpp"

namespace hocket::reference {
namespace {

constexpr int kKeccakWordGas = 6;
constexpr int kCopyWordGas = 3;
constexpr int kLogByteGas = 8;
constexpr int kCallStipend = 2300;
constexpr int kStorageSetGas = 20000;
constexpr int kWarmAccessGas = 100;

Word flag(bool condition) { return condition ? 1 : 0; }

}  // namespace

void Frame::step() {
  // Behind the end of the code there are zeros: STOP.
  const auto opcode = static_cast<Opcode>(pc_ < call_.code.size() ? call_.code[pc_] : 0);
  if (spec_.opcode_gas[opcode] == Spec::kUndefined) throw Halt{Status::undefined_opcode};
  if (opcode == OP_INVALID) throw Halt{Status::invalid_opcode};
  charge(spec_.opcode_gas[opcode]);
  ++pc_;
  const bool known = arithmetic(opcode) || comparison_and_bitwise(opcode) || environment_information(opcode) ||
                     account_information(opcode) || block_information(opcode) || copy(opcode) ||
                     stack_and_memory(opcode) || storage_and_flow(opcode) || system(opcode);
  if (!known) throw Halt{Status::undefined_opcode};
}

bool Frame::arithmetic(Opcode opcode) {
  if (opcode < OP_ADD || opcode > OP_SIGNEXTEND) return false;
  if (opcode == OP_EXP) return exponentiation(), true;
  if (opcode == OP_SIGNEXTEND) return sign_extend(), true;
  const Word a = pop();
  const Word b = pop();
  switch (opcode) {
    case OP_ADD:
      push(wrap(a + b));
      break;
    case OP_MUL:
      push(wrap(a * b));
      break;
    case OP_SUB:
      push(wrap(a - b));
      break;
    case OP_DIV:
      push(b == 0 ? Word(0) : Word(a / b));
      break;
    case OP_SDIV:
      // GMP's division of mpz_class truncates, as SDIV does.
      push(b == 0 ? Word(0) : wrap(to_signed(a) / to_signed(b)));
      break;
    case OP_MOD:
      push(b == 0 ? Word(0) : Word(a % b));
      break;
    case OP_SMOD:
      // The remainder has the dividend's sign, in GMP as in the EVM.
      push(b == 0 ? Word(0) : wrap(to_signed(a) % to_signed(b)));
      break;
    case OP_ADDMOD: {
      const Word modulus = pop();
      push(modulus == 0 ? Word(0) : Word((a + b) % modulus));
      break;
    }
    case OP_MULMOD: {
      const Word modulus = pop();
      push(modulus == 0 ? Word(0) : Word((a * b) % modulus));
      break;
    }
    default:
      return false;
  }
  return true;
}

void Frame::exponentiation() {
  const Word base = pop();
  const Word exponent = pop();
  const Word exponent_bytes = exponent == 0 ? Word(0) : Word((mpz_sizeinbase(exponent.get_mpz_t(), 2) + 7) / 8);
  charge(exponent_bytes * static_cast<long>(spec_.exp_byte_gas));
  const Word modulus = power_of_two(256);
  Word result;
  mpz_powm(result.get_mpz_t(), base.get_mpz_t(), exponent.get_mpz_t(), modulus.get_mpz_t());
  push(result);
}

void Frame::sign_extend() {
  const Word byte_index = pop();
  const Word value = pop();
  if (byte_index > 31) return push(value);
  const auto bits = static_cast<unsigned>(8 * (to_u64(byte_index) + 1));
  const Word low = value % power_of_two(bits);
  push(low < power_of_two(bits - 1) ? low : wrap(low - power_of_two(bits)));
}

bool Frame::comparison_and_bitwise(Opcode opcode) {
  if (opcode < OP_LT || opcode > OP_CLZ) return false;
  const Word a = pop();
  if (opcode == OP_ISZERO) return push(flag(a == 0)), true;
  if (opcode == OP_NOT) return push(power_of_two(256) - 1 - a), true;
  if (opcode == OP_CLZ) return push(a == 0 ? 256 : 256 - static_cast<int>(mpz_sizeinbase(a.get_mpz_t(), 2))), true;
  const Word b = pop();
  switch (opcode) {
    case OP_LT:
      push(flag(a < b));
      break;
    case OP_GT:
      push(flag(a > b));
      break;
    case OP_SLT:
      push(flag(to_signed(a) < to_signed(b)));
      break;
    case OP_SGT:
      push(flag(to_signed(a) > to_signed(b)));
      break;
    case OP_EQ:
      push(flag(a == b));
      break;
    case OP_AND:
      push(a & b);
      break;
    case OP_OR:
      push(a | b);
      break;
    case OP_XOR:
      push(a ^ b);
      break;
    case OP_BYTE:
      push(a > 31 ? 0 : to_bytes32(b)[to_u64(a)]);
      break;
    case OP_SHL:
      push(a > 255 ? Word(0) : wrap(b << to_u64(a)));
      break;
    case OP_SHR:
      push(a > 255 ? Word(0) : Word(b >> to_u64(a)));
      break;
    case OP_SAR: {
      // Rounds down, as floor division by the power of two does.
      Word shifted;
      const Word value = to_signed(b);
      mpz_fdiv_q_2exp(shifted.get_mpz_t(), value.get_mpz_t(), a > 255 ? 256 : to_u64(a));
      push(wrap(shifted));
      break;
    }
    default:
      return false;
  }
  return true;
}

bool Frame::environment_information(Opcode opcode) {
  switch (opcode) {
    case OP_KECCAK256:
      keccak();
      break;
    case OP_ADDRESS:
      push(from_address(call_.target));
      break;
    case OP_ORIGIN:
      push(from_address(environment_.transaction.origin));
      break;
    case OP_CALLER:
      push(from_address(call_.caller));
      break;
    case OP_CALLVALUE:
      push(call_.value);
      break;
    case OP_CALLDATALOAD:
      push(from_bytes(padded(call_.input, pop(), 32)));
      break;
    case OP_CALLDATASIZE:
      push(from_u64(call_.input.size()));
      break;
    case OP_CODESIZE:
      push(from_u64(call_.code.size()));
      break;
    case OP_GASPRICE:
      push(from_u256(environment_.transaction.gas_price));
      break;
    case OP_RETURNDATASIZE:
      push(from_u64(return_data_.size()));
      break;
    case OP_PC:
      push(from_u64(pc_ - 1));
      break;
    case OP_MSIZE:
      push(from_u64(memory_.size()));
      break;
    case OP_GAS:
      push(gas_);
      break;
    default:
      return false;
  }
  return true;
}

void Frame::keccak() {
  const Range range = pop_range();
  charge(kKeccakWordGas * words_of(range.size) + expansion_gas({range}));
  expand({range});
  push(from_bytes(keccak256(read_memory(range))));
}

bool Frame::account_information(Opcode opcode) {
  switch (opcode) {
    case OP_BALANCE: {
      const Address address = pop_address();
      charge(access_gas(address));
      push(from_u256(account(address).balance));
      break;
    }
    case OP_SELFBALANCE:
      push(from_u256(account(call_.target).balance));
      break;
    case OP_EXTCODESIZE: {
      const Address address = pop_address();
      charge(access_gas(address));
      push(from_u64(code_of(address).size()));
      break;
    }
    case OP_EXTCODEHASH: {
      const Address address = pop_address();
      charge(access_gas(address));
      const AccountEntry& entry = account(address);
      push(!entry.exists || entry.is_empty() ? Word(0) : from_bytes(keccak256(code_of(address))));
      break;
    }
    default:
      return false;
  }
  return true;
}

bool Frame::block_information(Opcode opcode) {
  const BlockContext& block = environment_.block;
  switch (opcode) {
    case OP_BLOCKHASH: {
      const Word number = pop();
      const Word current = from_u64(block.number);
      const bool known = number < current && number + 256 >= current;
      push(known ? from_bytes(*journal_.block_hash(to_u64(number))) : Word(0));
      break;
    }
    case OP_COINBASE:
      push(from_address(block.beneficiary));
      break;
    case OP_TIMESTAMP:
      push(from_u64(block.timestamp));
      break;
    case OP_NUMBER:
      push(from_u64(block.number));
      break;
    case OP_PREVRANDAO:
      push(from_u256(block.prev_randao));
      break;
    case OP_GASLIMIT:
      push(from_u64(block.gas_limit));
      break;
    case OP_CHAINID:
      push(from_u64(block.chain_id));
      break;
    case OP_BASEFEE:
      push(from_u256(block.base_fee));
      break;
    case OP_BLOBHASH: {
      const Word index = pop();
      const auto hashes = environment_.transaction.blob_hashes;
      push(index < from_u64(hashes.size()) ? from_bytes(hashes[to_u64(index)]) : Word(0));
      break;
    }
    case OP_BLOBBASEFEE:
      push(from_u256(block.blob_base_fee));
      break;
    default:
      return false;
  }
  return true;
}

bool Frame::copy(Opcode opcode) {
  if (opcode != OP_CALLDATACOPY && opcode != OP_CODECOPY && opcode != OP_EXTCODECOPY && opcode != OP_RETURNDATACOPY &&
      opcode != OP_MCOPY)
    return false;
  const Address code_address = opcode == OP_EXTCODECOPY ? pop_address() : Address{};
  const Word to = pop();
  const Word from = pop();
  const Word size = pop();
  std::vector<Range> touched = {{to, size}};
  if (opcode == OP_MCOPY) touched.push_back({from, size});
  charge(kCopyWordGas * words_of(size) + expansion_gas(touched));
  if (opcode == OP_EXTCODECOPY) charge(access_gas(code_address));
  if (opcode == OP_RETURNDATACOPY && from + size > from_u64(return_data_.size()))
    throw Halt{Status::returndata_out_of_bounds};
  expand(touched);
  switch (opcode) {
    case OP_CALLDATACOPY:
      write_memory(to, padded(call_.input, from, size));
      break;
    case OP_CODECOPY:
      write_memory(to, padded(call_.code, from, size));
      break;
    case OP_EXTCODECOPY:
      write_memory(to, padded(code_of(code_address), from, size));
      break;
    case OP_RETURNDATACOPY:
      write_memory(to, padded(return_data_, from, size));
      break;
    default:
      write_memory(to, read_memory({from, size}));
  }
  return true;
}

bool Frame::stack_and_memory(Opcode opcode) {
  if (opcode >= OP_PUSH0 && opcode <= OP_PUSH32) {
    const std::size_t size = opcode - OP_PUSH0;
    push(from_bytes(padded(call_.code, from_u64(pc_), from_u64(size))));
    pc_ += size;
    return true;
  }
  if (opcode >= OP_DUP1 && opcode <= OP_DUP16) {
    const std::size_t n = opcode - OP_DUP1 + 1u;
    if (stack_.size() < n) throw Halt{Status::stack_underflow};
    push(Word(stack_[stack_.size() - n]));
    return true;
  }
  if (opcode >= OP_SWAP1 && opcode <= OP_SWAP16) {
    const std::size_t n = opcode - OP_SWAP1 + 1u;
    if (stack_.size() < n + 1) throw Halt{Status::stack_underflow};
    swap(stack_.back(), stack_[stack_.size() - 1 - n]);
    return true;
  }
  switch (opcode) {
    case OP_POP:
      pop();
      break;
    case OP_MLOAD: {
      const Range range{pop(), 32};
      charge(expansion_gas({range}));
      expand({range});
      push(from_bytes(read_memory(range)));
      break;
    }
    case OP_MSTORE: {
      const Range range{pop(), 32};
      const Word value = pop();
      charge(expansion_gas({range}));
      expand({range});
      write_memory(range.offset, to_bytes32(value));
      break;
    }
    case OP_MSTORE8: {
      const Range range{pop(), 1};
      const Word value = pop();
      charge(expansion_gas({range}));
      expand({range});
      write_memory(range.offset, BytesView(to_bytes32(value)).last(1));
      break;
    }
    default:
      return false;
  }
  return true;
}

bool Frame::storage_and_flow(Opcode opcode) {
  switch (opcode) {
    case OP_STOP:
      running_ = false;
      break;
    case OP_SLOAD: {
      SlotEntry& slot = *journal_.slot(account(call_.target), to_u256(pop()));
      if (spec_.access_lists && journal_.warm(slot)) charge(static_cast<long>(spec_.cold_sload_surcharge));
      push(from_u256(slot.current));
      break;
    }
    case OP_SSTORE:
      store();
      break;
    case OP_TLOAD:
      push(from_u256(journal_.transient(account(call_.target), to_u256(pop()))));
      break;
    case OP_TSTORE: {
      const u256 slot = to_u256(pop());
      const u256 value = to_u256(pop());
      require_not_static();
      journal_.set_transient(account(call_.target), slot, value);
      break;
    }
    case OP_JUMP:
      jump_to(pop());
      break;
    case OP_JUMPI: {
      const Word destination = pop();
      if (pop() != 0) jump_to(destination);
      break;
    }
    case OP_JUMPDEST:
      break;
    default:
      return false;
  }
  return true;
}

void Frame::store() {
  const u256 key = to_u256(pop());
  const Word value = pop();
  // EIP-2200: no store within a stipend.
  if ((spec_.sstore == SstoreRule::eip2200 || spec_.sstore == SstoreRule::eip2929) && gas_ <= kCallStipend)
    throw Halt{Status::out_of_gas};
  SlotEntry& slot = *journal_.slot(account(call_.target), key);
  const Word original = from_u256(slot.original);
  const Word current = from_u256(slot.current);
  const long set_gas = kStorageSetGas;
  const auto reset_gas = static_cast<long>(spec_.sstore_reset_gas);
  const auto load_gas = static_cast<long>(spec_.sload_gas);
  long refund = 0;
  if (spec_.sstore == SstoreRule::frontier) {
    charge(current == 0 && value != 0 ? set_gas : reset_gas);
    if (current != 0 && value == 0) refund = static_cast<long>(spec_.sstore_clear_refund);
  } else {
    if (spec_.sstore == SstoreRule::eip2929 && journal_.warm(slot))
      charge(static_cast<long>(spec_.cold_sload_surcharge) + kWarmAccessGas);
    if (original == current && current != value)
      charge(original == 0 ? set_gas : reset_gas);
    else
      charge(load_gas);
    if (current != value) {
      if (original != 0 && current != 0 && value == 0) refund += static_cast<long>(spec_.sstore_clear_refund);
      if (original != 0 && current == 0) refund -= static_cast<long>(spec_.sstore_clear_refund);
      if (original == value) refund += (original == 0 ? set_gas : reset_gas) - load_gas;
    }
  }
  require_not_static();
  journal_.add_refund(refund);
  journal_.set_storage(slot, to_u256(value));
}

void Frame::jump_to(const Word& destination) {
  if (destination >= from_u64(call_.code.size()) || !jump_destinations_[to_u64(destination)])
    throw Halt{Status::bad_jump_destination};
  pc_ = to_u64(destination);
}

bool Frame::system(Opcode opcode) {
  if (opcode >= OP_LOG0 && opcode <= OP_LOG4) return log(opcode - OP_LOG0), true;
  switch (opcode) {
    case OP_CREATE:
      create(false);
      break;
    case OP_CREATE2:
      create(true);
      break;
    case OP_CALL:
      call(CallKind::call);
      break;
    case OP_CALLCODE:
      call(CallKind::callcode);
      break;
    case OP_DELEGATECALL:
      call(CallKind::delegatecall);
      break;
    case OP_STATICCALL:
      call(CallKind::staticcall);
      break;
    case OP_RETURN:
    case OP_REVERT: {
      const Range range = pop_range();
      charge(expansion_gas({range}));
      expand({range});
      output_ = read_memory(range);
      running_ = false;
      reverted_ = opcode == OP_REVERT;
      break;
    }
    case OP_SELFDESTRUCT:
      self_destruct();
      break;
    default:
      return false;
  }
  return true;
}

void Frame::log(unsigned topic_count) {
  const Range range = pop_range();
  Log log{.address = call_.target, .topics = {}, .data = {}};
  for (unsigned i = 0; i < topic_count; ++i) log.topics.push_back(Hash32::from(to_bytes32(pop())));
  charge(kLogByteGas * range.size + expansion_gas({range}));
  require_not_static();
  expand({range});
  const Bytes data = read_memory(range);
  log.data.assign(data.begin(), data.end());
  journal_.add_log(std::move(log));
}

void Frame::self_destruct() {
  const Address beneficiary = pop_address();
  AccountEntry& self = account(call_.target);
  AccountEntry& heir = account(beneficiary);
  // The cold price in full: SELFDESTRUCT's own price has no warm access in it.
  if (spec_.access_lists && journal_.warm(heir))
    charge(static_cast<long>(spec_.cold_account_surcharge) + kWarmAccessGas);
  if (spec_.selfdestruct_new_account_gas) {
    const bool dead = !heir.exists || heir.is_empty();
    if (spec_.state_clearing ? dead && !self.balance.is_zero() : !heir.exists) charge(25000);
  }
  require_not_static();
  const bool dies = spec_.selfdestruct == SelfdestructRule::destroy || journal_.was_created_now(self);
  if (dies && !journal_.is_destroyed(self)) journal_.add_refund(spec_.selfdestruct_refund);
  const u256 balance = self.balance;
  journal_.touch(heir, !spec_.state_clearing);
  journal_.subtract_balance(self, balance);
  journal_.add_balance(heir, balance);
  if (dies) {
    journal_.set_balance(self, u256{});  // what it left to itself is lost
    journal_.destroy(self);
  }
  running_ = false;
}

}  // namespace hocket::reference
