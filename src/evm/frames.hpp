// How frames begin and end: the same for the outermost message and for calls made by code.
#pragma once

#include "evm/frame.hpp"

#include <optional>

namespace hocket {

/// What became of a frame that was to begin.
enum class Start : std::uint8_t {
  running,  // the registers are at its first instruction
  ended,    // no code to run: `status` is set, the gas left is in the registers, the output in `return_data`
};

/// The frame of this depth, allocated on first use.
Frame& frame_at(Machine& machine, int depth);

/// EIP-7702: where the code of a delegating account is, if `code` is a delegation designator.
std::optional<Address> delegation_of(const Spec& spec, BytesView code) noexcept;

/// Begins a message call. `r` holds the frame, which has its account, sender, value, input, memory and stack set, and
/// its gas. Moves the value from `payer` (nullptr: nothing to move).
/// `precompile`: index of the precompile to run instead of code, or 0. Code is that of `code_account`.
Start start_call(Registers& r, AccountEntry* payer, AccountEntry& code_account, std::uint16_t precompile);

/// Begins a creation, likewise; the frame's account is the new contract's.
Start start_create(Registers& r, AccountEntry* payer, BytesView init_code);

/// Keeps what the running frame needs to go on at `ip`.
inline void suspend(const Registers& r, const Cell* ip) noexcept {
  r.frame->ip = ip;
  r.frame->sp = r.sp;
  r.frame->gas = r.gas;
}

/// Puts the result of a call or creation on its caller's stack and goes on there. The output is in `return_data`.
Flow resume_caller(Registers& r, const Frame& child, Status status, std::int64_t gas);

}  // namespace hocket
