// Calls, creations and self-destruction as instructions; the work is in call_instructions.cpp, out of the hot handlers.
#pragma once

#include "evm/instructions/arithmetic.hpp"

namespace hocket::instructions {

// The registers are handed over as a copy: if their own address escaped, no handler could keep them in registers.

template <CallKind kKind>
inline Flow call(Registers& r) {
  Registers copy = r;
  const Flow flow = enter_call(copy, kKind);
  r = copy;
  return flow;
}

template <CallKind kKind>
inline Flow create(Registers& r) {
  Registers copy = r;
  const Flow flow = enter_create(copy, kKind);
  r = copy;
  return flow;
}

inline Flow selfdestruct(Registers& r) {
  Registers copy = r;
  const Flow flow = self_destruct(copy);
  r = copy;
  return flow;
}

inline Flow leave(Registers& r) {
  Registers copy = r;
  const Flow flow = leave_frame(copy);
  r = copy;
  return flow;
}

}  // namespace hocket::instructions
