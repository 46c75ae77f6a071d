// explain: why a transaction is invalid, with the values that break the rule. Only who reports an invalid block asks:
// executions hand the rule alone on, as many fail ahead of their turn and nobody hears of it.
#pragma once

#include "core/account.hpp"
#include "core/transaction.hpp"
#include "evm/message.hpp"
#include "transition/transaction_error.hpp"

#include <optional>
#include <string>

namespace hocket {

/// As describe(error), then what was found and what it was compared with, where these are a few values:
/// "nonce above the sender's: 7, and 0x12... has 5". `sender`: as it is before the transaction; nothing: there is none.
/// Thread safety: pure.
std::string explain(TransactionError error, const Transaction& transaction, const BlockContext& block,
                    const std::optional<Account>& sender);

}  // namespace hocket
