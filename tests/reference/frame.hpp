// Frame: one execution of code by the reference: its message, stack, memory and gas (YP section 9.4.1, "machine
// state").
#pragma once

#include "evm/message.hpp"
#include "protocol/spec.hpp"
#include "reference/reference_evm.hpp"
#include "reference/word.hpp"
#include "state/journal.hpp"

#include <optional>
#include <vector>

namespace hocket::reference {

/// What stays the same during a whole execution.
struct Environment {
  const Spec& spec;
  const BlockContext& block;
  const TransactionContext& transaction;
  Journal& journal;
};

/// execution-specs' Message: everything that decides what a call or creation does.
struct Call {
  CallKind kind = CallKind::call;
  int depth = 0;
  bool is_static = false;
  Word gas;
  Address caller;
  Address target;        // whose storage and balance
  Address code_address;  // whose code; of a creation: none
  Word value;
  bool transfers_value = true;
  bool precompiles_disabled = false;  // EIP-7702: delegation to a precompile runs no code
  Bytes input;
  Bytes code;
};

/// An exceptional halt: takes all gas of its frame.
struct Halt {
  Status status;
};

Outcome process_call(const Environment& environment, const Call& call);
Outcome process_create(const Environment& environment, const Call& call);

class Frame {
 public:
  Frame(const Environment& environment, const Call& call);

  /// Runs to the end of the code, a halt or a revert. State changes of a failed run are the caller's to revert.
  Outcome run();

 private:
  void step();

  // Families of instructions, as execution-specs divides them. True if the opcode is one of the family's.
  bool arithmetic(Opcode opcode);
  bool comparison_and_bitwise(Opcode opcode);
  bool environment_information(Opcode opcode);
  bool account_information(Opcode opcode);
  bool block_information(Opcode opcode);
  bool stack_and_memory(Opcode opcode);
  bool storage_and_flow(Opcode opcode);
  bool copy(Opcode opcode);
  bool system(Opcode opcode);

  void exponentiation();
  void sign_extend();
  void keccak();
  void store();
  void log(unsigned topic_count);
  void create(bool with_salt);
  void call(CallKind kind);
  void self_destruct();

  void push(const Word& word);
  Word pop();
  Address pop_address();
  void charge(const Word& amount);
  void require_not_static() const;
  void jump_to(const Word& destination);

  struct Range {
    Word offset;
    Word size;
  };
  Range pop_range();
  /// Gas for growing the memory so that it holds the ranges, those without bytes not counted.
  Word expansion_gas(const std::vector<Range>& ranges) const;
  void expand(const std::vector<Range>& ranges);
  Bytes read_memory(const Range& range) const;
  void write_memory(const Word& offset, BytesView bytes);

  AccountEntry& account(const Address& address) const;
  /// EIP-2929: what touching a cold account costs more than a warm one; marks it. 0 where it is warm, or before.
  Word access_gas(const Address& address);
  Bytes code_of(const Address& address) const;

  const Environment& environment_;
  const Spec& spec_;
  Journal& journal_;
  const Call& call_;
  std::vector<bool> jump_destinations_;  // by position in the code
  std::size_t pc_ = 0;
  Word gas_;
  std::vector<Word> stack_;
  Bytes memory_;
  Bytes return_data_;
  Bytes output_;
  bool running_ = true;
  bool reverted_ = false;
};

/// The bytes from `offset` on, `size` of them, zeros where there are none.
Bytes padded(BytesView bytes, const Word& offset, const Word& size);

/// The account that code delegates to (EIP-7702).
std::optional<Address> delegate_of(const Spec& spec, BytesView code);

}  // namespace hocket::reference
