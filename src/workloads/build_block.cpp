#include "workloads/build_block.hpp"

#include "base/hex.hpp"
#include "block/roots.hpp"
#include "core/codec.hpp"
#include "transition/execute_transaction.hpp"
#include "transition/system_call.hpp"
#include "workloads/network.hpp"

#include <fmt/core.h>
#include <unordered_map>

namespace hocket::workloads {
namespace {

/// Executes the scenario's transactions one by one, until the block is full.
class Filling {
 public:
  Filling(Scenario& scenario, const Header& header, std::uint64_t gas)
      : scenario_(scenario), gas_(gas), environment_(environment_of(header, network())), journal_(scenario.state) {
    evm_.begin_block(*environment_.spec, environment_.context);
    block_.header = header;
    block_.withdrawals.emplace();
    // Neither contract has to be there.
    static_cast<void>(
        system_call(kBeaconRootsContract, *header.parent_beacon_block_root, environment_, evm_, journal_));
    static_cast<void>(system_call(kHistoryStorageContract, header.parent_hash, environment_, evm_, journal_));
  }

  Result<void> fill() {
    while (auto transaction = scenario_.next()) {
      complete(*transaction);
      auto outcome = execute_transaction(*transaction, environment_, evm_, journal_, {.gas = usage_});
      if (!outcome) return fail(fmt::format("{}: {}", place(), reason(outcome.error())));
      if (scenario_.all_succeed && !outcome->success())
        return fail(fmt::format("{} to {} fails: {} {}", place(), to_hex(transaction->to.value_or(Address())),
                                to_string(outcome->status), to_hex(outcome->output)));
      usage_ += outcome->gas_used;
      fill_receipt(transaction->type, std::move(*outcome), usage_ - outcome->gas_used, receipts_.emplace_back());
      block_.transactions.push_back(std::move(*transaction));
      if (scenario_.executed) scenario_.executed(receipts_.back().gas_used);
      // As near as it gets: another one of the same size would lead further away.
      if (!scenario_.ends_by_itself && usage_ + receipts_.back().gas_used / 2 >= gas_) break;
    }
    return {};
  }

  /// The block with its header filled in.
  Block finish(bool with_state_root) {
    Header& header = block_.header;
    header.gas_used = usage_;
    header.transactions_root = transactions_root(block_.transactions);
    header.logs_bloom = BloomBuilder().fill(receipts_);
    header.receipts_root = receipts_root(receipts_);
    if (with_state_root) {
      StateTrie trie(scenario_.state);
      header.state_root = trie.apply(journal_.diff()).value();
    }
    return std::move(block_);
  }

 private:
  void complete(Transaction& transaction) {
    if (transaction.type == TransactionType::legacy) transaction.type = TransactionType::dynamic_fee;
    transaction.chain_id = network().chain_id;
    transaction.max_priority_fee_per_gas = kPriorityFee;
    transaction.max_fee_per_gas = kBaseFee + kPriorityFee;
    if (const AccountEntry* sender = journal_.account(transaction.sender)) transaction.nonce = sender->nonce;
  }

  std::string place() const { return fmt::format("transaction {}", block_.transactions.size()); }
  static std::string reason(const TransactionFailure& failure) {
    const auto* error = std::get_if<TransactionError>(&failure);
    return error == nullptr ? "the state cannot be read" : std::string(to_string(*error));
  }

  Scenario& scenario_;
  std::uint64_t gas_;
  BlockEnvironment environment_;
  ProgramCache programs_;
  Evm evm_{programs_};
  Journal journal_;
  Block block_;
  std::vector<Receipt> receipts_;
  std::uint64_t usage_ = 0;
};

u256 total_ether(const InMemoryState& state) {
  u256 sum;
  for (const auto& [address, entry] : state.accounts()) sum += entry.account.balance;
  return sum;
}

std::uint64_t nonce_of(const InMemoryState& state, const Address& address) {
  const StoredAccount* found = state.accounts().find(address);
  return found == nullptr ? 0 : found->account.nonce;
}

Violation check_nonces(const Aftermath& aftermath) {
  std::unordered_map<Address, std::uint64_t, FixedBytesHash> expected;
  for (const Transaction& transaction : aftermath.transactions) {
    expected.try_emplace(transaction.sender, nonce_of(aftermath.before, transaction.sender)).first->second += 1;
    for (const Authorization& authorization : transaction.authorization_list)
      if (authorization.authority)
        expected.try_emplace(*authorization.authority, nonce_of(aftermath.before, *authorization.authority))
            .first->second += 1;
  }
  for (const auto& [address, nonce] : expected)
    if (const std::uint64_t found = nonce_of(aftermath.after, address); found != nonce)
      return fmt::format("nonce of {}: {}, expected {}", to_hex(address), found, nonce);
  return std::nullopt;
}

}  // namespace

Violation WorkloadBlock::check(const BlockOutput& output) const {
  const auto& transactions = block.block().transactions;
  if (output.receipts.size() != transactions.size()) return "not every transaction has a receipt";
  if (output.gas_used != block.header().gas_used)
    return fmt::format("gas used: {}, the header says {}", output.gas_used, block.header().gas_used);
  if (all_succeed)
    for (std::size_t i = 0; i < output.receipts.size(); ++i)
      if (!output.receipts[i].success) return fmt::format("transaction {} failed", i);

  InMemoryState after = state;
  after.apply(output.diff);
  const Aftermath aftermath{state, after, transactions};
  // EIP-1559: the base fee is burnt, and nothing else is.
  if (total_ether(after) + u256(output.gas_used) * u256(kBaseFee) != total_ether(state))
    return "ether was made or lost";
  if (auto wrong = check_nonces(aftermath)) return wrong;
  return violation ? violation(aftermath) : std::nullopt;
}

Result<WorkloadBlock> build_block(const Workload& workload, const WorkloadOptions& options, BuildOptions build) {
  Scenario scenario = workload.make(options);
  // Room for the last transaction, whose limit may be as high as the fork allows (EIP-7825).
  const std::uint64_t gas_limit =
      (scenario.ends_by_itself ? 2 : 1) * options.gas + free_environment().spec->max_transaction_gas;
  const Header parent = parent_header(state_root(scenario.state), gas_limit);
  const Header header = next_header(parent);
  scenario.state.put_block_hash(parent.number, header.parent_hash);

  Filling filling(scenario, header, options.gas);
  if (auto filled = filling.fill(); !filled) return std::unexpected(std::move(filled.error()).in(workload.name));
  Block block = filling.finish(build.with_state_root);
  const Hash32 hash = hash_of(block.header);
  return WorkloadBlock{.name = std::string(workload.name),
                       .config = network(),
                       .parent = parent,
                       .block = RecoveredBlock::trust(std::move(block)),
                       .hash = hash,
                       .state = std::move(scenario.state),
                       .all_succeed = scenario.all_succeed,
                       .ends_by_itself = scenario.ends_by_itself,
                       .violation = std::move(scenario.violation)};
}

}  // namespace hocket::workloads
