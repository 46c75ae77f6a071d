#include "parallel/execution.hpp"

#include "base/bytes.hpp"
#include "base/hex.hpp"
#include "block/roots.hpp"
#include "block/roots_meanwhile.hpp"
#include "crypto/keccak.hpp"
#include "replay/output_difference.hpp"

namespace hocket::testing {
namespace {

std::string to_text(const AccountDiff& change) {
  std::string text = "gone";
  if (change.account) {
    text = "nonce " + std::to_string(change.account->nonce) + " balance " + to_hex(to_hash32(change.account->balance)) +
           " code " + to_hex(change.account->code_hash);
  }
  if (change.storage_cleared) text += " cleared";
  for (const auto& [slot, value] : change.storage)
    text += " [" + to_hex(to_hash32(slot)) + "]=" + to_hex(to_hash32(value));
  if (!change.code.empty()) text += " with code";
  return text;
}

}  // namespace

Execution execute(const RandomBlock& block, const StateView& state, Executor& executor) {
  // In place of the state's root: a digest of all that has changed, so that every transaction's changes are compared.
  const IntermediateRoot digest = [](const StateDiff& diff) -> Result<Hash32> {
    Bytes bytes;
    const StateDiff sorted = diff.sorted();
    for (const AccountDiff& change : sorted.accounts()) {
      append(bytes, change.address);
      const std::string text = to_text(change);
      append(bytes, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    }
    return keccak256(bytes);
  };
  Journal& journal = executor.fresh_journal(state);
  executor.evm().begin_block(*block.environment.spec, block.environment.context);
  apply_changes_before(block, journal);
  RootsMeanwhile roots(block.transactions);
  executor.accompany(&roots);
  auto executed = executor.execute(block.environment, block.transactions, journal, digest);
  if (!executed) return {std::unexpected(executed.error().message()), {}};
  if (executed->skipped.empty() && (roots.receipts_root() != receipts_root(executed->receipts) ||
                                    roots.transactions_root() != transactions_root(block.transactions)))
    return {std::unexpected("the roots made meanwhile are not the block's"), {}};
  apply_changes_after(block, journal);
  return {std::move(*executed), executor.diff(journal)};
}

std::optional<std::string> difference(const Execution& expected, const Execution& found) {
  const auto& e = expected.transactions;
  const auto& f = found.transactions;
  if (e && f) {
    auto differs = difference(*e, *f);
    return differs ? differs : difference(expected.diff, found.diff);
  }
  return difference_of_failures(e ? "success" : e.error(), f ? "success" : f.error());
}

std::string to_string(const ParallelWay& way) {
  return std::to_string(way.threads) + " threads, " + std::to_string(way.hash_bits) + " hash bits" +
         (way.sequential_after == 0 ? "" : ", sequential after " + std::to_string(way.sequential_after)) +
         (way.wait_for_estimates ? "" : ", estimates taken") + (way.predict_nonces ? "" : ", nonces not predicted") +
         (way.predict_writes ? "" : ", writes not predicted") + ", " + std::to_string(way.max_suspended) +
         " suspended at most" + (way.early_abort ? "" : ", no early abort") + (way.defer_fees ? "" : ", fees at once") +
         (way.policy == PolicyKind::critical_path ? ""
          : way.policy == PolicyKind::in_order    ? ", in order"
                                                  : ", predicted ones last") +
         (way.split_transfers ? "" : ", transfers as others") +
         (way.transfers_in_turn ? "" : ", transfers ahead of their turn") +
         (way.followed_slots == FollowedSlots::none  ? ""
          : way.followed_slots == FollowedSlots::hot ? ", hot slots followed"
                                                     : ", all slots followed") +
         (way.segment_length == 0 ? "" : ", segments of " + std::to_string(way.segment_length)) +
         (way.disorder == 0 ? "" : ", disorder " + std::to_string(way.disorder));
}

}  // namespace hocket::testing
