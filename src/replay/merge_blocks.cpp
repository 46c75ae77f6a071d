#include "replay/merge_blocks.hpp"

#include "base/assert.hpp"
#include "block/verify.hpp"
#include "core/codec.hpp"
#include "replay/state_union.hpp"
#include "transition/execute_transaction.hpp"
#include "transition/system_call.hpp"

#include <algorithm>
#include <limits>
#include <unordered_set>

namespace hocket {
namespace {

/// A transaction and how it ended in its own block.
struct OwnOutcome {
  const Transaction* transaction;
  bool success;
  std::uint64_t gas_used;
};

/// A gas limit that `spec` allows the transaction to have, as near to its own as possible.
std::uint64_t valid_gas_limit(const Transaction& transaction, const Spec& spec) {
  const IntrinsicGas intrinsic = intrinsic_gas(transaction, spec);
  return std::min(std::max({transaction.gas_limit, intrinsic.cost, intrinsic.floor}), spec.max_transaction_gas);
}

/// The header of the merged block: the last one's, with room for all transactions at prices that all of them pay.
Header merged_header(std::span<const MergePart> parts) {
  Header header = parts.back().block.header();
  const Spec& spec = parts.back().config.spec_for(header);
  header.gas_limit = 0;
  for (const MergePart& part : parts) {
    const Header& own = part.block.header();
    std::uint64_t limits = 0;
    for (const Transaction& transaction : part.block.block().transactions) limits += valid_gas_limit(transaction, spec);
    header.gas_limit += std::max(own.gas_limit, limits);
    if (header.base_fee_per_gas)
      header.base_fee_per_gas = std::min(*header.base_fee_per_gas, own.base_fee_per_gas.value_or(u256{}));
    if (header.excess_blob_gas)
      header.excess_blob_gas = std::min(*header.excess_blob_gas, own.excess_blob_gas.value_or(0));
  }
  return header;
}

/// The last one's rules, and as many blobs as there are.
ChainConfig merged_config(std::span<const MergePart> parts) {
  ChainConfig config = parts.back().config;
  const std::uint64_t time = parts.back().block.header().timestamp;
  BlobParameters parameters = config.blob_parameters_at(time);
  std::size_t blobs = 0;
  for (const MergePart& part : parts)
    for (const Transaction& transaction : part.block.block().transactions)
      blobs += transaction.blob_versioned_hashes.size();
  if (blobs <= parameters.max) return config;
  parameters.max = static_cast<std::uint32_t>(blobs);
  // Ascending by time, and the last entry that has begun counts.
  const auto later = std::ranges::upper_bound(config.blob_schedule, time, {}, &BlobScheduleEntry::from_time);
  config.blob_schedule.insert(later, {.fork = "merged", .from_time = time, .parameters = parameters});
  return config;
}

std::vector<Withdrawal> all_withdrawals(std::span<const MergePart> parts) {
  std::vector<Withdrawal> all;
  for (const MergePart& part : parts)
    if (const auto& own = part.block.block().withdrawals) all.insert(all.end(), own->begin(), own->end());
  return all;
}

/// Executes the transactions one by one and changes them so that they are valid in their place.
class Filling {
 public:
  Filling(MergedBlock& merged, const Block& block, const UnionView& state, StateUnion& known)
      : merged_(merged),
        environment_(environment_of(block.header, merged.config)),
        journal_(state),
        state_(state),
        known_(known) {}

  /// What the block calls before its transactions.
  Result<void> begin(const Header& header) {
    evm_.begin_block(*environment_.spec, environment_.context);
    const auto calls = [&](const Address& contract, const Hash32& input) {
      return system_call(contract, input, environment_, evm_, journal_).has_value();
    };
    if (environment_.spec->beacon_roots && header.parent_beacon_block_root &&
        !calls(kBeaconRootsContract, *header.parent_beacon_block_root))
      return fail(state_.fault_message());
    if (environment_.spec->block_hash_history && !calls(kHistoryStorageContract, header.parent_hash))
      return fail(state_.fault_message());
    return {};
  }

  /// What becomes of it; nothing: it is left out.
  Result<std::optional<Transaction>> add(const OwnOutcome& own) {
    Transaction transaction = *own.transaction;
    HOCKET_CHECK(make_valid(transaction));
    auto outcome = execute_transaction(transaction, environment_, evm_, journal_, usage_);
    if (!outcome) {
      if (std::holds_alternative<StateFault>(outcome.error())) return fail(state_.fault_message());
      ++merged_.left_out;
      return std::nullopt;
    }
    usage_.gas += outcome->gas_used;
    usage_.blob_gas += blob_gas_of(transaction);
    if (outcome->success() != own.success)
      ++merged_.ended_otherwise;
    else if (outcome->gas_used == own.gas_used)
      ++merged_.same_gas;
    return transaction;
  }

  std::uint64_t gas_used() const noexcept { return usage_.gas; }

 private:
  Result<void> make_valid(Transaction& transaction) {
    AccountEntry* sender = journal_.account(transaction.sender);
    if (sender == nullptr) return fail(state_.fault_message());
    if (transaction.nonce != sender->nonce) {
      transaction.nonce = sender->nonce;
      ++merged_.renumbered;
    }
    const std::uint64_t limit = valid_gas_limit(transaction, *environment_.spec);
    if (limit != transaction.gas_limit) {
      transaction.gas_limit = limit;
      ++merged_.limits_changed;
    }
    const std::optional<u256> cost = highest_cost(transaction);
    if (cost && sender->balance < *cost) fund(transaction.sender, *sender, *cost - sender->balance);
    return {};
  }

  void fund(const Address& address, AccountEntry& account, const u256& wei) {
    known_.fund(address, wei);
    journal_.begin_transaction();
    journal_.add_balance(account, wei);
    journal_.end_transaction(environment_.spec->state_clearing);
    if (funded_.insert(address).second) ++merged_.funded;
  }

  MergedBlock& merged_;
  BlockEnvironment environment_;
  ProgramCache programs_;
  Evm evm_{programs_};
  Journal journal_;
  const UnionView& state_;
  StateUnion& known_;
  BlockUsage usage_;
  std::unordered_set<Address, FixedBytesHash> funded_;
};

/// Executes a part on its own state. Errors: it is not what its header says.
Result<void> execute_part(const MergePart& part, ProgramCache& programs, StateUnion& known,
                          std::vector<OwnOutcome>& outcomes) {
  const Header& header = part.block.header();
  const NotingView state(part.state, known);
  SequentialExecutor executor(programs);
  const auto in_block = [&](std::string message) {
    return fail("block " + std::to_string(header.number) + ": " + std::move(message));
  };
  const auto output = execute_block(part.block, part.config, state, executor);
  if (!output) return in_block(output.error().message());
  if (const Verdict verdict = verify(*output, header, part.config); !verdict)
    return in_block(verdict.error().message());
  const auto& transactions = part.block.block().transactions;
  for (std::size_t i = 0; i < transactions.size(); ++i)
    outcomes.push_back({.transaction = &transactions[i],
                        .success = output->receipts[i].success,
                        .gas_used = output->receipts[i].gas_used});
  known.note_block_hash(header.number, hash_of(header));
  known.note_block_hash(header.number - 1, header.parent_hash);
  return {};
}

}  // namespace

Result<MergedBlock> merge_blocks(std::span<const MergePart> parts) {
  HOCKET_ASSERT(!parts.empty());
  StateUnion known;
  ProgramCache programs;
  std::vector<OwnOutcome> outcomes;
  std::vector<const StateView*> states;
  for (const MergePart& part : parts) {
    HOCKET_CHECK(execute_part(part, programs, known, outcomes));
    states.push_back(&part.state);
  }

  Block block;
  block.header = merged_header(parts);
  if (parts.back().block.block().withdrawals) block.withdrawals = all_withdrawals(parts);
  MergedBlock merged{.config = merged_config(parts), .block = RecoveredBlock::trust({}), .state = {}};
  const UnionView state(std::move(states), known);
  {
    Filling filling(merged, block, state, known);
    HOCKET_CHECK(filling.begin(block.header));
    for (const OwnOutcome& own : outcomes) {
      HOCKET_TRY(auto transaction, filling.add(own));
      if (transaction) block.transactions.push_back(std::move(*transaction));
    }
    block.header.gas_used = filling.gas_used();
  }
  merged.block = RecoveredBlock::trust(std::move(block));

  // Once more as a block, for what its end reads, and because nothing else can tell whether it is one.
  SequentialExecutor executor(programs);
  const auto output = execute_block(merged.block, merged.config, state, executor);
  if (!output) return fail("the merged block: " + output.error().message());
  HOCKET_ASSERT(output->gas_used == merged.block.header().gas_used);
  merged.unknown_reads = state.unknown();
  merged.state = known.take();
  return merged;
}

}  // namespace hocket
