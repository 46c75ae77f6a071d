#include "block/execute_block.hpp"

#include "block/fees.hpp"
#include "core/codec.hpp"
#include "transition/balance_changes.hpp"
#include "transition/requests.hpp"

namespace hocket {
namespace {

InvalidBlock invalid(RequestError error) {
  InvalidBlock block;
  switch (error) {
    case RequestError::system_contract_empty:
      block.code = BlockError::system_contract_empty;
      block.detail = "no code at the address of a request contract (EIP-7002, 7251)";
      break;
    case RequestError::system_contract_call_failed:
      block.code = BlockError::system_contract_call_failed;
      block.detail = "the call of a request contract failed (EIP-7002, 7251)";
      break;
    case RequestError::invalid_deposit_event_layout:
      block.code = BlockError::invalid_deposit_event_layout;
      block.detail = "a DepositEvent is not laid out as the deposit contract does (EIP-6110)";
      break;
  }
  return block;
}

/// One block under execution.
class BlockExecution {
 public:
  BlockExecution(const Block& block, const ChainConfig& config, Evm& evm, Journal& journal)
      : block_(block),
        config_(config),
        environment_(environment_of(block.header, config)),
        evm_(evm),
        journal_(journal) {
    evm_.begin_block(*environment_.spec, environment_.context);
  }

  const BlockEnvironment& environment() const noexcept { return environment_; }

  /// What comes before the transactions. False: a fault.
  bool begin() {
    const Header& header = block_.header;
    const Spec& spec = *environment_.spec;
    if (config_.dao_fork_block == header.number && !apply_dao_fork(journal_)) return false;
    // A missing contract or a failing call does not matter to these two.
    if (spec.beacon_roots && header.parent_beacon_block_root &&
        !system_call(kBeaconRootsContract, *header.parent_beacon_block_root, environment_, evm_, journal_))
      return false;
    return !spec.block_hash_history ||
           system_call(kHistoryStorageContract, header.parent_hash, environment_, evm_, journal_).has_value();
  }

  /// What comes after them.
  std::expected<std::vector<Bytes>, RequestFailure> end(std::span<const Receipt> receipts) {
    const Spec& spec = *environment_.spec;
    if (spec.withdrawals && block_.withdrawals && !apply_withdrawals(*block_.withdrawals, spec, journal_))
      return std::unexpected(*journal_.fault());
    std::vector<Bytes> requests;
    if (spec.requests) {
      auto collected = collect_requests(receipts, config_.deposit_contract, environment_, evm_, journal_);
      if (!collected) return std::unexpected(collected.error());
      requests = std::move(*collected);
    }
    if (!apply_rewards(block_.header, block_.ommers, spec, journal_)) return std::unexpected(*journal_.fault());
    return requests;
  }

 private:
  const Block& block_;
  const ChainConfig& config_;
  BlockEnvironment environment_;
  Evm& evm_;
  Journal& journal_;
};

}  // namespace

BlockEnvironment environment_of(const Header& header, const ChainConfig& config) {
  BlockEnvironment environment;
  environment.spec = &config.spec_for(header);
  BlockContext& context = environment.context;
  context.number = header.number;
  context.timestamp = header.timestamp;
  context.gas_limit = header.gas_limit;
  context.beneficiary = header.beneficiary;
  context.prev_randao = environment.spec->prevrandao ? to_u256(header.prev_randao) : header.difficulty;
  context.base_fee = header.base_fee_per_gas.value_or(u256{});
  context.chain_id = config.chain_id;
  if (environment.spec->blob_transactions) {
    const BlobParameters blobs = config.blob_parameters_at(header.timestamp);
    context.blob_base_fee = blob_base_fee(header.excess_blob_gas.value_or(0), blobs);
    environment.max_blob_gas = blobs.max * kGasPerBlob;
  }
  return environment;
}

std::expected<BlockOutput, BlockFailure> execute_block(const RecoveredBlock& block, const ChainConfig& config,
                                                       const StateView& state, Executor& executor,
                                                       const IntermediateRoot& intermediate_root) {
  // Whoever accompanies this block may be gone when the next one is executed, and not every end comes behind `execute`.
  struct Alone {
    Executor& executor;
    ~Alone() { executor.accompany(nullptr); }
  } alone{executor};
  Journal& journal = executor.fresh_journal(state);
  const auto unreadable = [&](StateFault fault) {
    return std::unexpected(UnreadableState{.fault = fault, .detail = state.fault_message()});
  };
  BlockExecution execution(block.block(), config, executor.evm(), journal);
  if (!execution.begin()) return unreadable(*journal.fault());

  const BlockEnvironment& environment = execution.environment();
  auto executed = executor.execute(environment, block.block().transactions, journal, intermediate_root);
  if (!executed) return std::unexpected(std::move(executed).error());

  auto requests = execution.end(executed->receipts);
  if (!requests) {
    if (const auto* error = std::get_if<RequestError>(&requests.error())) return std::unexpected(invalid(*error));
    return unreadable(std::get<StateFault>(requests.error()));
  }

  BlockOutput output;
  output.logs_bloom = executed->logs_bloom;
  output.lacks_intermediate_roots =
      !environment.spec->receipt_has_status && !intermediate_root && !executed->receipts.empty();
  output.receipts = std::move(executed->receipts);
  output.diff = executor.diff(journal);
  output.requests = std::move(*requests);
  output.gas_used = executed->gas_used;
  output.blob_gas_used = executed->blob_gas_used;
  return output;
}

}  // namespace hocket
