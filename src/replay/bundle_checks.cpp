#include "replay/bundle_checks.hpp"

#include "base/hex.hpp"
#include "block/roots.hpp"
#include "block/roots_meanwhile.hpp"
#include "block/verify.hpp"
#include "core/codec.hpp"

#include <algorithm>
#include <ctime>
#include <utility>

namespace hocket {
namespace {

using Clock = std::chrono::steady_clock;
using Outcome = BundleChecks::Outcome;

std::unexpected<ReplayFailure> failure(std::string message) {
  return std::unexpected(ReplayFailure{std::move(message)});
}

std::unexpected<ReplayFailure> differs(const char* what, const Hash32& computed, const Hash32& claimed) {
  return failure(std::string(what) + " is " + to_hex(computed) + ", the header says " + to_hex(claimed));
}

std::chrono::nanoseconds cpu_time() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

// Execution relies on the fields that the fork brings; with the parent's header at hand validate_header says the same.
Outcome check_fields_of_fork(const Header& header, const Spec& spec, const std::string& fork) {
  const std::tuple<const char*, bool, bool> fields[] = {
      {"baseFeePerGas", header.base_fee_per_gas.has_value(), spec.fee_market},
      {"withdrawalsRoot", header.withdrawals_root.has_value(), spec.withdrawals},
      {"blobGasUsed", header.blob_gas_used.has_value(), spec.blob_transactions},
      {"excessBlobGas", header.excess_blob_gas.has_value(), spec.blob_transactions},
      {"parentBeaconBlockRoot", header.parent_beacon_block_root.has_value(), spec.beacon_roots},
      {"requestsHash", header.requests_hash.has_value(), spec.requests},
  };
  for (const auto& [name, present, expected] : fields)
    if (present != expected)
      return failure(std::string("the header ") + (present ? "has a " : "lacks the ") + name + ", which " + fork +
                     (present ? " does not have" : " asks for"));
  return {};
}

}  // namespace

BundleChecks::BundleChecks(const BlockBundle& bundle) : bundle_(bundle) {
  report_.fork = fork_name(header(), bundle.config);
}

void BundleChecks::set(Check check, bool verified) {
  report_.checks[static_cast<std::size_t>(check)] = verified ? CheckResult::verified : CheckResult::not_verified;
}

Outcome BundleChecks::check_before(bool with_transactions_root) {
  set(Check::block_hash, bundle_.block_hash_given);
  if (auto ok = check_fields_of_fork(header(), spec(), report_.fork); !ok) return ok;
  set(Check::parent, bundle_.parent.has_value());
  const auto valid_header = bundle_.parent ? validate_header(header(), *bundle_.parent, bundle_.config)
                                           : validate_header_alone(header(), bundle_.config);
  if (!valid_header) return failure(valid_header.error().message());
  if (auto valid = validate_size(bundle_.rlp_size_bytes, spec()); !valid) return failure(valid.error().message());
  return check_body(with_transactions_root);
}

Outcome BundleChecks::check_transactions_root(const Hash32& root) {
  if (root != header().transactions_root) return differs("transactions root", root, header().transactions_root);
  set(Check::transactions_root, true);
  return {};
}

Outcome BundleChecks::check_body(bool with_transactions_root) {
  const Block& block = bundle_.block;
  if (with_transactions_root)
    if (auto ok = check_transactions_root(transactions_root(block.transactions)); !ok) return ok;
  set(Check::ommers_hash, bundle_.has_ommers);
  if (bundle_.has_ommers)
    if (const Hash32 ommers = ommers_hash(block.ommers); ommers != header().ommers_hash)
      return differs("ommers hash", ommers, header().ommers_hash);
  if (block.withdrawals.has_value() != header().withdrawals_root.has_value())
    return failure(block.withdrawals ? "the block has withdrawals, the header has no withdrawals root"
                                     : "the header has a withdrawals root, the block lacks the withdrawals");
  if (block.withdrawals) {
    const Hash32 withdrawals = withdrawals_root(*block.withdrawals);
    if (withdrawals != *header().withdrawals_root)
      return differs("withdrawals root", withdrawals, *header().withdrawals_root);
    set(Check::withdrawals_root, true);
  }
  return {};
}

std::expected<RecoveredBlock, ReplayFailure> BundleChecks::recover(WorkerPool* pool) {
  Block copy = bundle_.block;
  const auto start = Clock::now();
  auto recovered = recover_senders(std::move(copy), spec(), bundle_.config.chain_id, pool);
  if (!recovered) return failure(recovered.error().message());
  if (auto ok = compare_senders(recovered->block()); !ok) return std::unexpected(std::move(ok).error());
  recovery_.push_back(Clock::now() - start);
  return std::move(*recovered);
}

Outcome BundleChecks::compare_senders(const Block& recovered) {
  for (std::size_t i = 0; i < recovered.transactions.size(); ++i)
    if (bundle_.senders[i] && *bundle_.senders[i] != recovered.transactions[i].sender)
      return failure("transaction " + std::to_string(i) + ": the signature is by " +
                     to_hex(recovered.transactions[i].sender) + ", `from` says " + to_hex(*bundle_.senders[i]));
  set(Check::senders, true);
  return {};
}

std::expected<BlockOutput, BlockFailure> BundleChecks::execute(const RecoveredBlock& block, Executor& executor) const {
  return execute_block(block, bundle_.config, *bundle_.state, executor, intermediate_root());
}

std::expected<BlockOutput, ReplayFailure> BundleChecks::execute_with_roots(const RecoveredBlock& block,
                                                                           Executor& executor) {
  const std::span<const Transaction> transactions = block.block().transactions;
  RootsMeanwhile roots(transactions);
  executor.accompany(&roots);
  auto output = execute(block, executor);
  // A body that is not the header's is that first of all, whatever came of executing it.
  if (auto ok = check_transactions_root(output ? roots.transactions_root() : transactions_root(transactions)); !ok)
    return std::unexpected(std::move(ok).error());
  if (!output) return failure(output.error().message());
  output->receipts_root = roots.receipts_root();
  return std::move(*output);
}

Outcome BundleChecks::check_output(const BlockOutput& output) {
  const auto start = Clock::now();
  if (auto ok = compare_output(output); !ok) return ok;
  verification_.push_back(Clock::now() - start);
  return {};
}

Outcome BundleChecks::compare_output(const BlockOutput& output) {
  std::optional<Hash32> state_root;
  // Without the ommers their rewards are missing from the state.
  if (bundle_.witness != nullptr && bundle_.has_ommers) {
    auto root = bundle_.witness->post_state_root(output.diff);
    if (!root) return failure("state root: " + root.error().message);
    state_root = *root;
  }
  if (auto valid = verify(output, header(), bundle_.config, state_root); !valid)
    return failure(valid.error().message());
  set(Check::state_root, state_root.has_value());
  set(Check::gas_used, true);
  set(Check::logs_bloom, true);
  set(Check::receipts_root, !output.lacks_intermediate_roots);
  if (header().blob_gas_used) set(Check::blob_gas_used, true);
  if (header().requests_hash) set(Check::requests_hash, true);
  return {};
}

IntermediateRoot BundleChecks::intermediate_root() const {
  if (bundle_.witness == nullptr) return {};
  return [witness = bundle_.witness](const StateDiff& diff) { return witness->post_state_root(diff); };
}

ReplayReport BundleChecks::report() {
  if (!recovery_.empty()) report_.recovery = median(recovery_);
  if (!verification_.empty()) report_.verification = median(verification_);
  return report_;
}

std::chrono::nanoseconds median(std::vector<std::chrono::nanoseconds>& times) {
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::ranges::nth_element(times, middle);
  return *middle;
}

ExecutionTimer::ExecutionTimer() : cpu_(cpu_time()), wall_(Clock::now()) {}

ExecutionTime ExecutionTimer::elapsed() const { return {.wall = Clock::now() - wall_, .cpu = cpu_time() - cpu_}; }

void ExecutionTimes::add(const ExecutionTime& time) {
  wall.push_back(time.wall);
  cpu.push_back(time.cpu);
}

ExecutionTime ExecutionTimes::medians() { return {.wall = median(wall), .cpu = median(cpu)}; }

}  // namespace hocket
