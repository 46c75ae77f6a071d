// Storage and transient storage: 0x54, 0x55, 0x5c, 0x5d.
#pragma once

#include "evm/follower.hpp"
#include "evm/instructions/control_flow.hpp"

namespace hocket::instructions {

/// The slot, its cold surcharge paid (EIP-2929). nullptr: the frame has halted.
[[gnu::always_inline]] inline const SlotEntry* slot_to_load(Registers& r, const u256& number) {
  Machine& machine = *r.frame->machine;
  SlotEntry* slot = machine.journal->slot(*r.frame->account, number);
  if (slot == nullptr) [[unlikely]] {
    halt_at_read(r);
    return nullptr;
  }
  if (machine.spec->access_lists && machine.journal->warm(*slot)) {
    r.gas -= machine.spec->cold_sload_surcharge;
    if (r.gas < 0) [[unlikely]] {
      halt(r, Status::out_of_gas);
      return nullptr;
    }
  }
  return slot;
}

/// `kFollows`: the machine has a follower.
template <bool kFollows = false>
inline Flow sload(Registers& r) {
  const SlotEntry* slot = slot_to_load(r, r.sp[0]);
  if (slot == nullptr) [[unlikely]]
    return Flow::leave;
  if constexpr (kFollows) r.frame->machine->follower->load(*slot);
  r.sp[0] = load_limbs(slot->current);
  return next(r);
}

/// Gas and refund of changing `slot` to `value`, without the cold surcharge.
struct SstoreCost {
  std::int64_t gas;
  std::int64_t refund;
};

inline SstoreCost sstore_cost(const Spec& spec, const SlotEntry& slot, const u256& value) noexcept {
  constexpr std::int64_t kSet = 20000;
  const u256 &current = slot.current, &original = slot.original;
  const std::int64_t clear = spec.sstore_clear_refund;
  if (spec.sstore == SstoreRule::frontier) {
    if (current.is_zero()) return {value.is_zero() ? spec.sstore_reset_gas : kSet, 0};
    return {spec.sstore_reset_gas, value.is_zero() ? clear : 0};
  }
  // EIP-1283, 2200, 3529: by original, current and new value.
  if (value == current) return {spec.sload_gas, 0};
  if (current == original) {
    if (original.is_zero()) return {kSet, 0};
    return {spec.sstore_reset_gas, value.is_zero() ? clear : 0};
  }
  std::int64_t refund = 0;
  if (!original.is_zero()) {
    if (current.is_zero()) refund -= clear;
    if (value.is_zero()) refund += clear;
  }
  if (value == original) refund += (original.is_zero() ? kSet : spec.sstore_reset_gas) - spec.sload_gas;
  return {spec.sload_gas, refund};
}

/// A block's last instruction: enters the next.
template <bool kFollows = false>
inline Flow sstore(Registers& r) {
  Frame& frame = *r.frame;
  Machine& machine = *frame.machine;
  const Spec& spec = *machine.spec;
  if (frame.is_static) [[unlikely]]
    return halt(r, Status::static_mode_violation);
  // EIP-2200: the gas of a stipend must not suffice to change storage.
  if (spec.sstore >= SstoreRule::eip2200 && r.gas <= 2300) [[unlikely]]
    return halt(r, Status::out_of_gas);
  SlotEntry* slot = machine.journal->slot(*frame.account, r.sp[0]);
  if (slot == nullptr) [[unlikely]]
    return halt_at_read(r);
  const u256& value = r.sp[-1];
  if (spec.access_lists && machine.journal->warm(*slot)) r.gas -= spec.cold_sload_surcharge + spec.sload_gas;
  if constexpr (kFollows) machine.follower->price_store(*slot, &value);
  const SstoreCost cost = sstore_cost(spec, *slot, value);
  r.gas -= cost.gas;
  if (r.gas < 0) [[unlikely]]
    return halt(r, Status::out_of_gas);
  if (cost.refund != 0) machine.journal->add_refund(cost.refund);
  if constexpr (kFollows) machine.follower->store(*slot, &value);
  if (value != slot->current) machine.journal->set_storage(*slot, value);
  r.sp -= 2;
  ++r.ip;
  return block(r);
}

inline Flow tload(Registers& r) {
  r.sp[0] = r.frame->machine->journal->transient(*r.frame->account, r.sp[0]);
  return next(r);
}

inline Flow tstore(Registers& r) {
  if (r.frame->is_static) [[unlikely]]
    return halt(r, Status::static_mode_violation);
  r.frame->machine->journal->set_transient(*r.frame->account, r.sp[0], r.sp[-1]);
  r.sp -= 2;
  return next(r);
}

}  // namespace hocket::instructions
