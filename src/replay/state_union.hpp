// StateUnion: what executions of several blocks have read of their states, in one state. What was read first is what
// counts: in blocks that follow each other, it is as before the first of them.
#pragma once

#include "state/in_memory_state.hpp"
#include "state/state_view.hpp"

#include <map>
#include <unordered_map>
#include <vector>

namespace hocket {

/// Thread safety: none.
class StateUnion {
 public:
  void note(const Address& address, const std::optional<Account>& account);
  void note(const Address& address, const u256& slot, const u256& value);
  void note_code(const Hash32& hash, BytesView code);
  void note_block_hash(std::uint64_t number, const Hash32& hash);

  /// nullptr: nobody has read it.
  const std::optional<Account>* account(const Address& address) const noexcept;
  const u256* slot(const Address& address, const u256& slot) const noexcept;
  const Bytes* code(const Hash32& hash) const noexcept;
  const Hash32* block_hash(std::uint64_t number) const noexcept;

  /// Gives an account that was read so much more.
  void fund(const Address& address, const u256& wei);

  InMemoryState take() const;

 private:
  struct Entry {
    bool is_known = false;
    std::optional<Account> account;
    std::unordered_map<u256, u256, U256Hash> slots;
  };
  std::unordered_map<Address, Entry, FixedBytesHash> entries_;
  std::unordered_map<Hash32, Bytes, FixedBytesHash> codes_;
  std::map<std::uint64_t, Hash32> block_hashes_;
};

/// A block's own state, with everything that is read of it noted. The references must live as long.
class NotingView final : public StateView {
 public:
  NotingView(const StateView& base, StateUnion& noted) : base_(base), noted_(noted) {}

  StateRead<std::optional<Account>> account(const Address& address) const override;
  StateRead<u256> storage(const Address& address, const u256& slot) const override;
  StateRead<BytesView> code(const Address& address, const Hash32& code_hash) const override;
  StateRead<Hash32> block_hash(std::uint64_t number) const override;
  std::string fault_message() const override { return base_.fault_message(); }

 private:
  const StateView& base_;
  StateUnion& noted_;
};

/// The union itself; what nobody has read yet comes from the first of the states that has something there, and is
/// noted. The references must live as long.
class UnionView final : public StateView {
 public:
  UnionView(std::vector<const StateView*> states, StateUnion& noted) : states_(std::move(states)), noted_(noted) {}

  StateRead<std::optional<Account>> account(const Address& address) const override;
  StateRead<u256> storage(const Address& address, const u256& slot) const override;
  StateRead<BytesView> code(const Address& address, const Hash32& code_hash) const override;
  StateRead<Hash32> block_hash(std::uint64_t number) const override;
  std::string fault_message() const override { return "a code that is needed is in none of the blocks' states"; }

  /// How many reads no state could answer.
  std::size_t unknown() const noexcept { return unknown_; }

 private:
  /// The first answer that is not `nothing`.
  template <class T, class Read>
  T ask(const T& nothing, const Read& read) const;

  std::vector<const StateView*> states_;
  StateUnion& noted_;
  mutable std::size_t unknown_ = 0;
};

}  // namespace hocket
