// StateTestView: the pre-state of a state test. Its ancestors' hashes are what those tests agree on: keccak256 of the
// block number's decimal digits.
#pragma once

#include "crypto/keccak.hpp"
#include "state/in_memory_state.hpp"

#include <string>

namespace hocket {

class StateTestView final : public StateView {
 public:
  explicit StateTestView(const InMemoryState& state) : state_(state) {}

  StateRead<std::optional<Account>> account(const Address& address) const override { return state_.account(address); }
  StateRead<u256> storage(const Address& address, const u256& slot) const override {
    return state_.storage(address, slot);
  }
  StateRead<BytesView> code(const Address& address, const Hash32& code_hash) const override {
    return state_.code(address, code_hash);
  }
  StateRead<Hash32> block_hash(std::uint64_t number) const override {
    return keccak256(as_bytes(std::to_string(number)));
  }

 private:
  const InMemoryState& state_;
};

}  // namespace hocket
