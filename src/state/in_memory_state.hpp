// InMemoryState: a whole state in hash maps. Pre-states of tests and bundles, and what diffs are applied to.
#pragma once

#include "state/account_map.hpp"
#include "state/state_diff.hpp"
#include "state/state_view.hpp"

#include <unordered_map>

namespace hocket {

class InMemoryState final : public StateView {
 public:
  using Entry = StoredAccount;

  StateRead<std::optional<Account>> account(const Address& address) const override;
  StateRead<u256> storage(const Address& address, const u256& slot) const override;
  StateRead<BytesView> code(const Address& address, const Hash32& code_hash) const override;
  StateRead<Hash32> block_hash(std::uint64_t number) const override;

  /// Adds or replaces an account; `code` may be empty. Storage entries of zero are left out.
  void put(const Address& address, std::uint64_t nonce, const u256& balance, BytesView code,
           const std::vector<std::pair<u256, u256>>& storage);
  /// The same, where the code's hash is known.
  void put(const Address& address, std::uint64_t nonce, const u256& balance, BytesView code, const Hash32& code_hash,
           const std::vector<std::pair<u256, u256>>& storage);
  /// Sets slots of an account that is there; the last value of a slot counts. Requires: it is there.
  void put_slots(const Address& address, const std::vector<std::pair<u256, u256>>& slots);
  /// An account at `address` as the one at `original` is, but for its balance, which is zero. Requires: that one is
  /// there.
  void put_copy(const Address& original, const Address& address);
  void put_code(const Hash32& hash, BytesView code);
  void put_block_hash(std::uint64_t number, const Hash32& hash);

  /// Thread safety: none; no reader may run.
  void apply(const StateDiff& diff);

  const AccountMap& accounts() const noexcept { return accounts_; }

 private:
  AccountMap accounts_;
  std::unordered_map<Hash32, Bytes, FixedBytesHash> codes_;  // nodes are stable: views into them stay valid
  std::unordered_map<std::uint64_t, Hash32> block_hashes_;
};

}  // namespace hocket
