// Evm: executes messages on a Journal. One instance belongs to one worker and is used for many transactions; frames,
// stacks and memory are pooled in it.
// Thread safety: none. Programs come from a ProgramCache, which several Evms may share.
#pragma once

#include "evm/message.hpp"
#include "evm/program_cache.hpp"
#include "protocol/spec.hpp"
#include "state/journal.hpp"

#include <memory>

namespace hocket {

struct HashMemory;
class OperationLog;
class Tracer;

class Evm {
 public:
  explicit Evm(ProgramCache& programs);
  ~Evm();
  Evm(const Evm&) = delete;
  Evm& operator=(const Evm&) = delete;

  /// Sets what stays the same for all transactions of a block. The references must outlive their use.
  void begin_block(const Spec& spec, const BlockContext& block);

  /// Executes one message: moves its value, runs code or a precompile, deposits created code. On failure the journal
  /// is as before, except that a create's caller keeps its nonce. The caller has warmed what a transaction warms and
  /// has raised the sender's nonce.
  /// Status::fault: `journal.fault()` says why; the journal's transaction must be abandoned.
  /// Status::suspended: a slot gave StateFault::waiting. The frames are kept: `resume` goes on at the instruction that
  /// reads it, unless the journal's transaction is abandoned. What the arguments refer to must live until then.
  /// Throws std::bad_alloc, from any instruction, and what a read of the state throws: `journal` must be reset before
  /// it is used again; this object may be used as before.
  ExecutionResult execute(const Message& message, const TransactionContext& transaction, Journal& journal);

  /// Goes on where the last execution was suspended. Returns as `execute` does.
  ExecutionResult resume();

  /// Hashes that contracts ask for are remembered there from now on: in the memory of the worker that runs this.
  /// Without one, in one's own.
  void remember_in(HashMemory& hashes) noexcept;

  /// From the next execution on, or the next time one is resumed, what becomes of the slots that `log` follows is
  /// recorded there; nullptr: nothing is, from the next execution on. The log must have begun, and live as long.
  void record_in(OperationLog* log) noexcept { log_ = log; }

  /// Reports every step to `tracer` from the next execution on; nullptr: no tracing.
  void set_tracer(Tracer* tracer) noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
  OperationLog* log_ = nullptr;
};

/// Address of a contract made by CREATE: keccak256(rlp([sender, nonce]))[12:] (YP (85)).
Address create_address(const Address& sender, std::uint64_t nonce);
/// EIP-1014.
Address create2_address(const Address& sender, const Hash32& salt, const Hash32& init_code_hash);

}  // namespace hocket
