// ReferenceEvm: the EVM a second time, as plainly as the yellow paper and execution-specs write it down: one step
// function, gas and stack checked at every instruction, recursion for calls, GMP for arithmetic. It is slow and meant
// to be obviously right; the fuzz target and the random-program test compare the optimised Evm with it.
//
// Shared with what it is compared with are only the Journal, the Spec's numbers, the precompiles and the addresses of
// new contracts, none of which is the interpreter.
#pragma once

#include "evm/message.hpp"
#include "protocol/spec.hpp"
#include "state/journal.hpp"

namespace hocket::reference {

struct Outcome {
  Status status = Status::success;
  std::int64_t gas_left = 0;
  Bytes output;
};

/// What Evm::execute does, under the same requirements. The journal's view must not fault.
Outcome execute(const Spec& spec, const BlockContext& block, const TransactionContext& transaction,
                const Message& message, Journal& journal);

}  // namespace hocket::reference
