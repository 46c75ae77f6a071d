// The execution environment and the block: 0x30 to 0x4a.
#pragma once

#include "evm/instructions/memory.hpp"
#include "evm/instructions/stack.hpp"

namespace hocket::instructions {

inline Flow address(TopRegisters& r) noexcept { return push(r, to_u256(r.frame->account->address)); }
inline Flow origin(TopRegisters& r) noexcept { return push(r, to_u256(r.frame->machine->transaction->origin)); }
inline Flow caller(TopRegisters& r) noexcept { return push(r, to_u256(r.frame->sender)); }
inline Flow callvalue(TopRegisters& r) noexcept { return push(r, load_limbs(r.frame->value)); }
inline Flow calldatasize(TopRegisters& r) noexcept { return push(r, r.frame->input.size()); }
inline Flow codesize(TopRegisters& r) noexcept { return push(r, r.frame->code.size()); }
inline Flow gasprice(TopRegisters& r) noexcept { return push(r, load_limbs(r.frame->machine->transaction->gas_price)); }
inline Flow returndatasize(TopRegisters& r) noexcept { return push(r, r.frame->machine->return_data.size()); }
inline Flow coinbase(TopRegisters& r) noexcept { return push(r, to_u256(r.frame->machine->block->beneficiary)); }
inline Flow timestamp(TopRegisters& r) noexcept { return push(r, r.frame->machine->block->timestamp); }
inline Flow number(TopRegisters& r) noexcept { return push(r, r.frame->machine->block->number); }
inline Flow prevrandao(TopRegisters& r) noexcept { return push(r, load_limbs(r.frame->machine->block->prev_randao)); }
inline Flow gaslimit(TopRegisters& r) noexcept { return push(r, r.frame->machine->block->gas_limit); }
inline Flow chainid(TopRegisters& r) noexcept { return push(r, r.frame->machine->block->chain_id); }
inline Flow selfbalance(TopRegisters& r) { return push(r, r.frame->machine->journal->balance(*r.frame->account)); }
inline Flow basefee(TopRegisters& r) noexcept { return push(r, load_limbs(r.frame->machine->block->base_fee)); }
inline Flow blobbasefee(TopRegisters& r) noexcept {
  return push(r, load_limbs(r.frame->machine->block->blob_base_fee));
}

inline Flow blobhash(Registers& r) noexcept {
  const auto hashes = r.frame->machine->transaction->blob_hashes;
  u256& top = r.sp[0];
  top = top < u256{hashes.size()} ? to_u256(hashes[top.low64()]) : u256{};
  return next(r);
}

/// 32 bytes of calldata, followed by infinitely many zeros.
[[gnu::always_inline]] inline u256 calldata_word(BytesView input, std::uint64_t start) noexcept {
  start = std::min<std::uint64_t>(start, input.size());
  const std::uint64_t available = input.size() - start;
  if (available >= 32) return load_be256(input.data() + start);
  std::uint8_t padded[32] = {};
  if (available != 0) std::memcpy(padded, input.data() + start, available);
  return load_be256(padded);
}

inline Flow calldataload(TopRegisters& r) noexcept {
  r.top = calldata_word(r.frame->input, r.top.clamp(~std::uint64_t{0}));
  return next(r);
}

inline Flow calldatacopy(Registers& r) noexcept {
  if (!copy_to_memory(r, r.frame->input, r.sp[0], r.sp[-1], r.sp[-2])) [[unlikely]]
    return halt(r, Status::out_of_gas);
  r.sp -= 3;
  return next(r);
}

inline Flow codecopy(Registers& r) noexcept {
  if (!copy_to_memory(r, r.frame->code, r.sp[0], r.sp[-1], r.sp[-2])) [[unlikely]]
    return halt(r, Status::out_of_gas);
  r.sp -= 3;
  return next(r);
}

/// EIP-211: reading beyond the buffer halts.
inline Flow returndatacopy(Registers& r) noexcept {
  const Bytes& data = r.frame->machine->return_data;
  const u256 &from = r.sp[-1], &size = r.sp[-2];
  if (!from.fits_u64() || !size.fits_u64() || from.low64() > data.size() || size.low64() > data.size() - from.low64())
      [[unlikely]]
    return halt(r, Status::returndata_out_of_bounds);
  if (!copy_to_memory(r, data, r.sp[0], from, size)) [[unlikely]]
    return halt(r, Status::out_of_gas);
  r.sp -= 3;
  return next(r);
}

inline Flow blockhash(Registers& r) {
  u256& top = r.sp[0];
  const std::uint64_t current = r.frame->machine->block->number;
  if (top.fits_u64() && top.low64() < current && current - top.low64() <= 256) {
    const auto hash = r.frame->machine->journal->block_hash(top.low64());
    if (!hash) [[unlikely]]
      return halt(r, Status::fault);
    top = to_u256(*hash);
  } else {
    top = 0;
  }
  return next(r);
}

/// The account that an instruction looks at, its cold surcharge paid (EIP-2929). Not enough gas, or a fault: nullptr
/// and `failed`.
[[gnu::always_inline]] inline AccountEntry* access_account(Registers& r, const Address& address, std::int64_t surcharge,
                                                           Status& failed) {
  Journal& journal = *r.frame->machine->journal;
  AccountEntry* account = journal.account(address);
  if (account == nullptr) [[unlikely]] {
    failed = Status::fault;
    return nullptr;
  }
  if (r.frame->machine->spec->access_lists && journal.warm(*account)) {
    r.gas -= surcharge;
    if (r.gas < 0) [[unlikely]] {
      failed = Status::out_of_gas;
      return nullptr;
    }
  }
  return account;
}

inline Flow balance(Registers& r) {
  Status failed;
  AccountEntry* account =
      access_account(r, to_address(r.sp[0]), r.frame->machine->spec->cold_account_surcharge, failed);
  if (account == nullptr) [[unlikely]]
    return halt(r, failed);
  r.sp[0] = r.frame->machine->journal->balance(*account);
  return next(r);
}

inline Flow extcodesize(Registers& r) {
  Status failed;
  AccountEntry* account =
      access_account(r, to_address(r.sp[0]), r.frame->machine->spec->cold_account_surcharge, failed);
  if (account == nullptr) [[unlikely]]
    return halt(r, failed);
  const auto code = r.frame->machine->journal->code(*account);
  if (!code) [[unlikely]]
    return halt(r, Status::fault);
  r.sp[0] = code->size();
  return next(r);
}

inline Flow extcodecopy(Registers& r) {
  Status failed;
  AccountEntry* account =
      access_account(r, to_address(r.sp[0]), r.frame->machine->spec->cold_account_surcharge, failed);
  if (account == nullptr) [[unlikely]]
    return halt(r, failed);
  const auto code = r.frame->machine->journal->code(*account);
  if (!code) [[unlikely]]
    return halt(r, Status::fault);
  if (!copy_to_memory(r, *code, r.sp[-1], r.sp[-2], r.sp[-3])) [[unlikely]]
    return halt(r, Status::out_of_gas);
  r.sp -= 4;
  return next(r);
}

/// EIP-1052: zero for an account that does not exist or is empty.
inline Flow extcodehash(Registers& r) {
  Status failed;
  AccountEntry* account =
      access_account(r, to_address(r.sp[0]), r.frame->machine->spec->cold_account_surcharge, failed);
  if (account == nullptr) [[unlikely]]
    return halt(r, failed);
  r.sp[0] = r.frame->machine->journal->is_dead(*account) ? u256{} : to_u256(account->code_hash);
  return next(r);
}

}  // namespace hocket::instructions
