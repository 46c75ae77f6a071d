#include "parallel/block_features.hpp"

#include "core/codec.hpp"
#include "evm/tracer.hpp"
#include "protocol/opcode.hpp"
#include "transition/execute_transaction.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

namespace hocket::testing {
namespace {

constexpr std::array<const char*, kFeatureCount> kNames = {
    "only_transfers",
    "transfer",
    "contract_call",
    "create_transaction",
    "access_list_transaction",
    "blob_transaction",
    "sender_again",
    "spends_what_it_got",
    "value_call",
    "callcode",
    "delegatecall",
    "staticcall",
    "create",
    "create2",
    "balance_look",
    "out_of_gas",
    "inner_out_of_gas",
    "reverted",
    "inner_reverted",
    "value_not_covered",
    "create_collision",
    "destroyed",
    "destroyed_when_made",
    "made_again",
    "credited_destroyed",
    "delegated",
    "delegated_again",
    "delegation_removed",
    "authorization_skipped",
    "delegated_called",
    "delegated_sends",
    "beneficiary_sends",
    "beneficiary_receives",
    "beneficiary_runs",
    "beneficiary_destroyed",
    "beneficiary_looked_at",
    "empty_cleared",
    "empty_made",
    "invalid_nonce",
    "invalid_funds",
    "invalid_gas_allowance",
    "invalid_sender",
    "invalid_skipped",
};

/// What the EVM does, by instruction.
class StepCounter final : public Tracer {
 public:
  StepCounter(FeatureCounts& counts, const Address& beneficiary) : counts_(counts), beneficiary_(beneficiary) {}

  void on_step(const TraceStep& step) override {
    const auto depth = static_cast<std::size_t>(step.depth);
    if (calls_.size() <= depth) calls_.resize(depth + 1);
    calls_[depth] = {step.opcode,
                     step.opcode == OP_CALL && step.stack.size() >= 3 && !step.stack[step.stack.size() - 3].is_zero()};
    if (step.status != Status::success) return;
    if (step.opcode == OP_BALANCE || step.opcode == OP_SELFBALANCE) ++counts_[Feature::balance_look];
    if (step.opcode == OP_BALANCE && to_address(step.stack.back()) == beneficiary_)
      ++counts_[Feature::beneficiary_looked_at];
  }

  void on_exit(int depth, BytesView, std::int64_t, Status status) override {
    if (depth < 2) return;
    const Call& call = calls_[static_cast<std::size_t>(depth - 1)];
    switch (status) {
      case Status::success:
        if (const auto feature = feature_of(call)) ++counts_[*feature];
        break;
      case Status::out_of_gas:
        ++counts_[Feature::inner_out_of_gas];
        break;
      case Status::revert:
        ++counts_[Feature::inner_reverted];
        break;
      case Status::insufficient_balance:
        ++counts_[Feature::value_not_covered];
        break;
      case Status::create_collision:
        ++counts_[Feature::create_collision];
        break;
      default:
        break;
    }
  }

 private:
  struct Call {
    std::uint8_t opcode = 0;
    bool has_value = false;
  };

  static std::optional<Feature> feature_of(const Call& call) {
    switch (call.opcode) {
      case OP_CALL:
        return call.has_value ? std::optional(Feature::value_call) : std::nullopt;
      case OP_CALLCODE:
        return Feature::callcode;
      case OP_DELEGATECALL:
        return Feature::delegatecall;
      case OP_STATICCALL:
        return Feature::staticcall;
      case OP_CREATE:
        return Feature::create;
      case OP_CREATE2:
        return Feature::create2;
      default:
        return std::nullopt;
    }
  }

  FeatureCounts& counts_;
  Address beneficiary_;
  std::vector<Call> calls_;  // by depth: the last instruction there
};

class Counter {
 public:
  Counter(const RandomBlock& block, FeatureCounts& counts)
      : block_(block), counts_(counts), steps_(counts, beneficiary()), evm_(programs_), journal_(block.state) {}

  void count() {
    ++counts_.blocks[static_cast<std::size_t>(block_.environment.spec->revision)];
    const auto is_transfer = [](const Transaction& t) { return t.to && t.data.empty() && t.gas_limit == 21'000; };
    if (block_.transactions.size() > 1 && std::ranges::all_of(block_.transactions, is_transfer))
      ++counts_[Feature::only_transfers];
    evm_.set_tracer(&steps_);
    evm_.begin_block(*block_.environment.spec, block_.environment.context);
    apply_changes_before(block_, journal_);
    for (const Transaction& transaction : block_.transactions)
      if (!execute(transaction) && !block_.environment.skips_invalid) return;
  }

 private:
  /// An account, or that there is none.
  struct Seen {
    bool exists = false;
    u256 balance;
    bool is_empty = false;
    Hash32 code_hash = kEmptyCodeHash;
    bool is_delegation = false;
    std::uint32_t storage_epoch = 0;

    bool has_code() const { return code_hash != kEmptyCodeHash; }
  };

  const Address& beneficiary() const { return block_.environment.context.beneficiary; }

  Seen see(const Address& address) {
    AccountEntry& entry = *journal_.account(address);
    const BytesView code = *journal_.code(entry);
    return {.exists = entry.exists,
            .balance = entry.balance,
            .is_empty = entry.exists && entry.is_empty(),
            .code_hash = entry.code_hash,
            .is_delegation = code.size() == 23 && code[0] == 0xef && code[1] == 0x01,
            .storage_epoch = entry.storage_epoch};
  }
  std::map<Address, Seen> see_all(const Transaction& transaction) {
    std::set<Address> addresses{block_.accounts.begin(), block_.accounts.end()};
    addresses.insert({transaction.sender, beneficiary()});
    if (transaction.to) addresses.insert(*transaction.to);
    for (std::size_t i = 0; i < journal_.account_count(); ++i) addresses.insert(journal_.account_entry(i).address);
    std::map<Address, Seen> all;
    journal_.begin_transaction();
    for (const Address& address : addresses) all.emplace(address, see(address));
    journal_.abandon_transaction();
    return all;
  }

  /// False: it is invalid.
  bool execute(const Transaction& transaction) {
    const auto before = see_all(transaction);
    if (at_start_.empty()) at_start_ = before;
    const auto outcome = execute_transaction(transaction, block_.environment, evm_, journal_, usage_);
    if (!outcome) {
      count_invalid(outcome.error());
      return false;
    }
    usage_.gas += outcome->gas_used;
    usage_.blob_gas += blob_gas_of(transaction);
    count_kind(transaction, before, *outcome);
    const auto after = see_all(transaction);
    count_authorizations(transaction, before, after);
    for (const auto& [address, now] : after) {
      const auto found = before.find(address);
      count_change(address, found != before.end() ? found->second : Seen{}, now);
    }
    return true;
  }

  void count_invalid(const TransactionFailure& failure) {
    switch (std::get<TransactionError>(failure)) {
      case TransactionError::nonce_mismatch_too_low:
      case TransactionError::nonce_mismatch_too_high:
        ++counts_[Feature::invalid_nonce];
        break;
      case TransactionError::insufficient_account_funds:
        ++counts_[Feature::invalid_funds];
        break;
      case TransactionError::gas_allowance_exceeded:
        ++counts_[Feature::invalid_gas_allowance];
        break;
      case TransactionError::sender_not_eoa:
        ++counts_[Feature::invalid_sender];
        break;
      default:
        break;
    }
    if (block_.environment.skips_invalid) ++counts_[Feature::invalid_skipped];
  }

  void count_kind(const Transaction& t, const std::map<Address, Seen>& before, const TransactionOutcome& outcome) {
    if (outcome.status == Status::out_of_gas) ++counts_[Feature::out_of_gas];
    if (outcome.status == Status::revert) ++counts_[Feature::reverted];
    if (t.type == TransactionType::access_list) ++counts_[Feature::access_list_transaction];
    if (t.type == TransactionType::blob) ++counts_[Feature::blob_transaction];
    if (!senders_.insert(t.sender).second) ++counts_[Feature::sender_again];
    if (at_start_[t.sender].balance < u256{t.gas_limit} * t.max_fee_per_gas + t.value)
      ++counts_[Feature::spends_what_it_got];
    if (t.sender == beneficiary()) ++counts_[Feature::beneficiary_sends];
    if (before.at(t.sender).is_delegation) ++counts_[Feature::delegated_sends];
    if (!t.to) {
      if (outcome.success()) ++counts_[Feature::create_transaction];
      return;
    }
    const Seen& recipient = before.at(*t.to);
    if (recipient.has_code())
      ++counts_[Feature::contract_call];
    else if (!t.value.is_zero())
      ++counts_[Feature::transfer];
    if (recipient.is_delegation) ++counts_[Feature::delegated_called];
    if (*t.to == beneficiary()) {
      if (!t.value.is_zero()) ++counts_[Feature::beneficiary_receives];
      if (recipient.has_code()) ++counts_[Feature::beneficiary_runs];
    }
  }

  void count_authorizations(const Transaction& t, const std::map<Address, Seen>& before,
                            const std::map<Address, Seen>& after) {
    std::uint64_t changed = 0;
    for (const auto& [address, now] : after) {
      const auto found = before.find(address);
      const Seen was = found != before.end() ? found->second : Seen{};
      if (was.code_hash == now.code_hash || (!was.is_delegation && !now.is_delegation)) continue;
      ++changed;
      ++counts_[!now.is_delegation  ? Feature::delegation_removed
                : was.is_delegation ? Feature::delegated_again
                                    : Feature::delegated];
    }
    // Some that are valid change nothing: a few more are counted than are skipped.
    counts_[Feature::authorization_skipped] +=
        t.authorization_list.size() - std::min(changed, t.authorization_list.size());
  }

  void count_change(const Address& address, const Seen& was, const Seen& now) {
    if (now.storage_epoch != was.storage_epoch) {
      ++counts_[Feature::destroyed];
      if (!was.has_code()) ++counts_[Feature::destroyed_when_made];
      if (address == beneficiary()) ++counts_[Feature::beneficiary_destroyed];
      destroyed_.insert(address);
    } else if (destroyed_.contains(address)) {
      if (!was.has_code() && now.has_code()) ++counts_[Feature::made_again];
      if (now.balance > was.balance) ++counts_[Feature::credited_destroyed];
    }
    if (was.is_empty && !now.exists) ++counts_[Feature::empty_cleared];
    if (!was.exists && now.is_empty) ++counts_[Feature::empty_made];
  }

  const RandomBlock& block_;
  FeatureCounts& counts_;
  StepCounter steps_;
  ProgramCache programs_;
  Evm evm_;
  Journal journal_;
  BlockUsage usage_;
  std::map<Address, Seen> at_start_;
  std::set<Address> senders_;
  std::set<Address> destroyed_;  // so far in the block
};

}  // namespace

const char* to_string(Feature feature) noexcept { return kNames[static_cast<std::size_t>(feature)]; }

void count_features(const RandomBlock& block, FeatureCounts& counts) { Counter(block, counts).count(); }

}  // namespace hocket::testing
