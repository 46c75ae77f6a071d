// erc20: transfers and approvals of one token.
#include "workloads/families.hpp"
#include "workloads/network.hpp"
#include "workloads/pairing.hpp"
#include "workloads/token.hpp"

#include <memory>

namespace hocket::workloads {
namespace {

// The least that a transfer uses, about: how many fit into a block decides how many accounts there are.
constexpr std::uint64_t kLeastGas = 28'000;
constexpr std::uint64_t kGasLimit = 100'000;
constexpr std::uint64_t kTokensEach = 1'000'000'000'000'000'000;

template <Pattern kPattern>
Scenario make(const WorkloadOptions& options) {
  auto pairing = std::make_shared<Pairing>(kPattern, options, options.gas / kLeastGas + 1);
  const std::vector<Address>& accounts = pairing->accounts();
  StateBuilder builder(options.realm);
  builder.fund(accounts, u256(4) * gas_cost(options.gas + kGasLimit));
  const Address token = deploy_token(builder, "WRK", builder.deployer());
  if constexpr (kPattern == Pattern::chain) {
    // Only the first has any: each spends what the one before gave.
    give_tokens(builder, token, {accounts[0]}, kTokensEach);
  } else {
    give_tokens(builder, token, accounts, kTokensEach);
  }
  auto random = std::make_shared<Random>(options.seed);
  return {.state = builder.take(),
          .next = [=]() -> std::optional<Transaction> {
            const auto [from, to] = pairing->next();
            const u256 amount(kPattern == Pattern::chain ? kTokensEach : random->between(1, 1'000'000));
            return call(pairing->accounts()[from], token, kGasLimit, transfer_call(pairing->accounts()[to], amount));
          },
          .violation = [token](const Aftermath& aftermath) { return check_token(aftermath, token); }};
}

// An owner approves a spender, who then pays somebody else with it: two transactions that depend on each other, and on
// nobody else.
Scenario make_approvals(const WorkloadOptions& options) {
  const std::size_t groups = options.gas / (2 * kLeastGas) + 1;
  auto accounts = std::make_shared<const std::vector<Address>>(
      make_accounts(options, "account", std::max<std::uint64_t>(3, options.accounts.value_or(3 * groups))));
  StateBuilder builder(options.realm);
  builder.fund(*accounts, u256(4) * gas_cost(options.gas + kGasLimit));
  const Address token = deploy_token(builder, "WRK", builder.deployer());
  give_tokens(builder, token, *accounts, kTokensEach);

  struct Progress {
    Random random;
    std::size_t group = 0;
    std::optional<u256> approved;
  };
  auto progress = std::make_shared<Progress>(Progress{Random(options.seed), 0, std::nullopt});
  return {.state = builder.take(),
          .next = [=]() -> std::optional<Transaction> {
            const auto member = [&](std::size_t i) {
              return (*accounts)[(3 * progress->group + i) % accounts->size()];
            };
            const Address owner = member(0);
            const Address spender = member(1);
            if (!progress->approved) {
              progress->approved = u256(progress->random.between(1, 1'000'000));
              return call(owner, token, kGasLimit, approve_call(spender, *progress->approved));
            }
            Transaction spending =
                call(spender, token, kGasLimit, transfer_from_call(owner, member(2), *progress->approved));
            progress->approved.reset();
            ++progress->group;
            return spending;
          },
          .violation = [token](const Aftermath& aftermath) { return check_token(aftermath, token); }};
}

constexpr Workload kRows[] = {
    {"erc20/independent", "tokens between accounts that meet once", make<Pattern::independent>},
    {"erc20/to-one", "everyone pays one account in tokens", make<Pattern::to_one>},
    {"erc20/from-one", "one account pays everyone in tokens", make<Pattern::from_one>},
    {"erc20/chain", "each spends the tokens that the one before gave it", make<Pattern::chain>},
    {"erc20/relay", "each pays the next in tokens, and has enough anyway", make<Pattern::relay>},
    {"erc20/zipf", "payers and payees by Zipf's law", make<Pattern::zipf>},
    {"erc20/hot", "a share of payers and payees from a tenth of the accounts", make<Pattern::hot>},
    {"erc20/self", "everyone transfers to itself", make<Pattern::self>},
    {"erc20/approvals", "an approval, and a transferFrom that uses it up", make_approvals},
};

}  // namespace

std::span<const Workload> erc20_family() { return kRows; }

}  // namespace hocket::workloads
