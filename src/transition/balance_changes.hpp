// What a block does to balances besides its transactions: withdrawals (EIP-4895), proof-of-work rewards (YP section
// 11.3) and the DAO's irregular state change (EIP-779).
// All return false where the state could not be read. Requires: no transaction is under way.
#pragma once

#include "core/block.hpp"
#include "protocol/spec.hpp"
#include "state/journal.hpp"

#include <span>

namespace hocket {

bool apply_withdrawals(std::span<const Withdrawal> withdrawals, const Spec& spec, Journal& journal);

/// Pays the beneficiary and those of the ommers. Nothing happens under proof of stake.
bool apply_rewards(const Header& header, std::span<const Header> ommers, const Spec& spec, Journal& journal);

/// Moves the balances of dao_drained_accounts to the refund contract.
bool apply_dao_fork(Journal& journal);

}  // namespace hocket
