#include "parallel/execution.hpp"

#include "base/bytes.hpp"
#include "base/hex.hpp"
#include "block/roots.hpp"
#include "block/roots_meanwhile.hpp"
#include "crypto/keccak.hpp"

namespace hocket::testing {
namespace {

std::string to_text(const AccountDiff* change) {
  if (change == nullptr) return "unchanged";
  std::string text = "gone";
  if (change->account) {
    text = "nonce " + std::to_string(change->account->nonce) + " balance " +
           to_hex(to_hash32(change->account->balance)) + " code " + to_hex(change->account->code_hash);
  }
  if (change->storage_cleared) text += " cleared";
  for (const auto& [slot, value] : change->storage)
    text += " [" + to_hex(to_hash32(slot)) + "]=" + to_hex(to_hash32(value));
  if (!change->code.empty()) text += " with code";
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
      const std::string text = to_text(&change);
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

std::optional<std::string> difference(const StateDiff& expected, const StateDiff& found) {
  if (expected == found) return std::nullopt;
  const StateDiff sorted_expected = expected.sorted();
  const StateDiff sorted_found = found.sorted();
  for (const StateDiff* diff : {&sorted_expected, &sorted_found}) {
    for (const AccountDiff& change : diff->accounts()) {
      const Address& address = change.address;
      const AccountDiff* e = sorted_expected.find(address);
      const AccountDiff* f = sorted_found.find(address);
      if (e == nullptr || f == nullptr || *e != *f)
        return "account " + to_hex(address) + "\n    expected " + to_text(e) + "\n    found    " + to_text(f);
    }
  }
  return "diffs differ";
}

std::optional<std::string> difference(const Execution& expected, const Execution& found) {
  const auto& e = expected.transactions;
  const auto& f = found.transactions;
  if (e.has_value() != f.has_value() || !e) {
    const std::string message_e = e ? "success" : e.error();
    const std::string message_f = f ? "success" : f.error();
    if (message_e == message_f) return std::nullopt;
    return "expected \"" + message_e + "\", found \"" + message_f + "\"";
  }
  if (e->receipts.size() != f->receipts.size()) return "number of receipts";
  for (std::size_t i = 0; i < e->receipts.size(); ++i) {
    const Receipt& a = e->receipts[i];
    const Receipt& b = f->receipts[i];
    if (a == b) continue;
    return "receipt " + std::to_string(i) + ": expected success " + std::to_string(a.success) + " gas " +
           std::to_string(a.gas_used) + " of " + std::to_string(a.cumulative_gas_used) + " logs " +
           std::to_string(a.logs.size()) + ", found success " + std::to_string(b.success) + " gas " +
           std::to_string(b.gas_used) + " of " + std::to_string(b.cumulative_gas_used) + " logs " +
           std::to_string(b.logs.size()) + (a.logs == b.logs ? "" : " (different)") +
           (a.intermediate_state_root == b.intermediate_state_root ? "" : ", another state after it");
  }
  if (e->skipped != f->skipped) return "the transactions that are skipped";
  if (e->gas_used != f->gas_used || e->blob_gas_used != f->blob_gas_used) return "gas of the block";
  return difference(expected.diff, found.diff);
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
         (way.segment_length == 0 ? "" : ", segments of " + std::to_string(way.segment_length));
}

}  // namespace hocket::testing
