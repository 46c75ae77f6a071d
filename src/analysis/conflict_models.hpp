// Conflict models: which transactions of a block must see which others' changes, under four notions of a conflict.
#pragma once

#include "analysis/block_trace.hpp"

#include <array>
#include <string_view>

namespace hocket {

/// The beneficiary's fee conflicts with nobody in any of them.
enum class ConflictModel : std::uint8_t {
  every_location,      // M1: balances of every move of value, and nonces, too
  commuting_balances,  // M2n: moves of value commute; who looks at a balance waits for all that have changed it
  predicted_nonces,    // M2: and a sender's own nonce is known ahead
  commuting_slots,     // M3: and slots that are only added to commute
};
inline constexpr std::array kConflictModels = {ConflictModel::every_location, ConflictModel::commuting_balances,
                                               ConflictModel::predicted_nonces, ConflictModel::commuting_slots};

/// "M1", "M2n", "M2", "M3"
std::string_view to_string(ConflictModel model) noexcept;

/// What one transaction waits for.
struct Dependency {
  std::uint32_t writer = 0;    // index of the transaction
  std::uint32_t location = 0;  // the first that it is needed for
  std::uint64_t at = 0;        // the reader's gas when it is
};

/// Of each transaction, the locations that it needs earlier ones' changes of. Thread safety: pure.
std::vector<std::vector<std::uint32_t>> conflicting_reads(const BlockTrace& trace, ConflictModel model);

/// Of each transaction, by writer; each writer once. Thread safety: pure.
std::vector<std::vector<Dependency>> dependencies(const BlockTrace& trace, ConflictModel model);

}  // namespace hocket
