// ContractWriter: random small contracts over given accounts and few slots. They mostly run to their end; what stops
// them is chosen too.
#pragma once

#include "base/bytes.hpp"
#include "base/random.hpp"
#include "core/account.hpp"
#include "protocol/spec.hpp"

#include <vector>

namespace hocket::testing {

/// Slots that contracts use: 0 to this.
inline constexpr std::uint64_t kSlotCount = 3;

/// What contracts may name.
struct ContractWorld {
  std::vector<Address> accounts;
  std::vector<Bytes> init_codes;  // for CREATE and CREATE2
};

/// Thread safety: none.
class ContractWriter {
 public:
  ContractWriter(Random& random, const Spec& spec, const ContractWorld& world)
      : random_(random), spec_(spec), world_(world) {}

  /// A program of `statements` statements.
  Bytes write(unsigned statements);
  /// One that does hardly anything but update slots.
  Bytes write_updates(unsigned statements);
  /// The same with all kinds of arithmetic in between.
  Bytes write_calculations(unsigned statements);
  /// Init code that makes `runtime` a contract's code, after a few statements.
  Bytes write_init(const Bytes& runtime, unsigned statements);
  /// Counts in its first slot, and destroys itself for an account where the first calldata word is odd.
  Bytes write_child();
  /// Makes a contract of `init` by CREATE2, with the parity of the first calldata word as salt. Where the second word
  /// is odd it calls that contract, with 1 as its first calldata word: a child then destroys itself at once.
  Bytes write_factory(const Bytes& init);

 private:
  bool has(std::uint8_t opcode) const noexcept { return spec_.opcode_gas[opcode] != Spec::kUndefined; }
  void op(std::uint8_t opcode) { code_.push_back(opcode); }
  void push(const u256& value);
  void push(const Address& address) { push(to_u256(address)); }
  void push_account() { push(random_.of(world_.accounts)); }
  void push_slot() { push(u256{random_.below(kSlotCount)}); }
  /// Leaves one word on the stack.
  void value(unsigned depth);
  void statement(unsigned depth);
  void store_slot();
  /// As contracts do with balances, counters, and several values in one slot: a sum or a difference, which mostly fails
  /// beyond a limit.
  void update_slot();
  /// Keeps some words of what slots hold on the stack: calculates, branches, stores, and uses them elsewhere.
  void calculate(unsigned depth);
  void calculate_further(unsigned& words, unsigned depth);
  /// With the word on top, which it leaves there or takes away.
  void branch_on_word(unsigned depth);
  void use_copy_elsewhere();
  void push_constant();
  void push_amount();
  void add();
  void subtract();
  void fail_unless();
  void fail();
  void if_value(unsigned depth);
  void call();
  void create();
  void store_in_memory(const Bytes& bytes);
  /// The parity of a calldata word.
  void push_parity(std::uint64_t word);
  /// A jump forward over what is written between the two.
  std::size_t begin_jump();
  void end_jump(std::size_t at);

  Random& random_;
  const Spec& spec_;
  const ContractWorld& world_;
  Bytes code_;
};

}  // namespace hocket::testing
