// StateBuilder: makes the state before a block. Contracts are deployed by executing their constructors, and set up by
// calling them, through the engine itself; what would be thousands of such calls is written into storage directly.
#pragma once

#include "evm/program_cache.hpp"
#include "state/in_memory_state.hpp"
#include "transition/block_environment.hpp"
#include "workloads/free_call.hpp"
#include "workloads/scenario.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hocket::workloads {

/// Wei.
u256 ether(std::uint64_t amount) noexcept;

/// Addresses that are nobody else's: the same for the same group and index.
std::vector<Address> make_accounts(std::string_view group, std::size_t count);
/// The same within the realm of `options`.
std::vector<Address> make_accounts(const WorkloadOptions& options, std::string_view group, std::size_t count);

class StateBuilder {
 public:
  /// Starts with what a block of the newest fork needs of its system contracts.
  explicit StateBuilder(std::string realm = {});

  /// make_accounts within the builder's realm.
  std::vector<Address> accounts(std::string_view group, std::size_t count) const {
    return make_accounts(realm_ + std::string(group), count);
  }

  /// Who deploys; has as much ether as it needs.
  const Address& deployer() const noexcept { return deployer_; }

  /// What follows happens so many seconds before the block; at first: at its time.
  void set_age(std::uint64_t seconds);

  /// Adds an account without code, or replaces one.
  void fund(const Address& address, const u256& wei);
  void fund(const std::vector<Address>& addresses, const u256& wei);

  /// Deploys a contract of contracts/. Requires: its constructor succeeds with these arguments.
  Address deploy(std::string_view contract, BytesView constructor_arguments = {});
  /// Calls a contract for nothing. Requires: the call succeeds. Returns what it returned.
  Bytes call(const Address& from, const Address& to, BytesView data, const u256& value = 0);

  /// Sets slots of an account that is there, on top of what it has; a slot named twice has its last value.
  void write_storage(const Address& address, const std::vector<std::pair<u256, u256>>& slots);
  /// A contract at `address` with the code, nonce and storage of the one at `original`, as they are now.
  void clone(const Address& original, const Address& address);

  /// The state as it is now. Valid until the next change.
  const InMemoryState& state();
  /// The end of building.
  InMemoryState take();

 private:
  FreeCallResult run(const FreeCall& call, std::string_view what);
  void flush();

  std::string realm_;
  ProgramCache programs_;
  Evm evm_{programs_};
  BlockEnvironment environment_;
  InMemoryState state_;
  Journal journal_{state_};  // what was executed since the last flush
  bool is_journal_used_ = false;
  Address deployer_;
};

}  // namespace hocket::workloads
