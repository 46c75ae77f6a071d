#include "state/state_diff.hpp"

namespace hocket {

void merge(StateDiff& into, StateDiff later) {
  for (auto& [address, change] : later.accounts) {
    const auto [it, inserted] = into.accounts.try_emplace(address, std::move(change));
    if (inserted) continue;
    AccountDiff& earlier = it->second;
    earlier.account = std::move(change.account);
    if (change.storage_cleared) {
      earlier.storage_cleared = true;
      earlier.storage = std::move(change.storage);
    } else {
      for (const auto& [slot, value] : change.storage) earlier.storage[slot] = value;
    }
    if (change.code) earlier.code = std::move(change.code);
  }
}

}  // namespace hocket
