// dao: votes are delegated and cast, proposals made, queued and carried out, tokens and their votes move.
#include "base/random.hpp"
#include "workloads/abi.hpp"
#include "workloads/families.hpp"
#include "workloads/network.hpp"
#include "workloads/state_builder.hpp"
#include "workloads/token.hpp"

#include <array>
#include <fmt/core.h>

namespace hocket::workloads {
namespace {

constexpr std::uint64_t kGasLimit = 1'000'000;
constexpr std::uint64_t kTypicalGas = 70'000;
constexpr std::uint64_t kHour = 3'600;
constexpr std::uint64_t kDay = 24 * kHour;

struct Dao {
  static constexpr std::size_t kOpenProposals = 12;

  explicit Dao(const WorkloadOptions& options) : builder(options.realm), random(options.seed) {
    const std::size_t count = options.gas / kTypicalGas + 1;
    delegates = builder.accounts("delegate", 24);
    members = builder.accounts("member", std::max<std::uint64_t>(16, options.accounts.value_or(count / 4)));
    for (const auto* group : {&delegates, &members})
      builder.fund(*group, ether(1) + u256(4) * gas_cost(options.gas + kGasLimit));
    payees = builder.accounts("payee", 32);
    const std::size_t decided = count / 40 + 2;

    builder.set_age(10 * kDay);
    token = builder.deploy("VotingToken", encode_arguments({ether(10'000'000)}));
    governor = builder.deploy("Governor", encode_arguments({token}));
    builder.call(builder.deployer(), governor, {}, ether(10'000));
    for (const Address& delegate : delegates) give_votes(delegate, 6'000, delegate);
    for (std::size_t i = 0; i < members.size(); ++i)
      give_votes(members[i], 100, votes_itself(i) ? members[i] : delegates[i % delegates.size()]);

    // Some proposals wait to be carried out, some to be queued, and some are being voted on.
    builder.set_age(8 * kDay);
    propose_and_accept(decided);
    builder.set_age(4 * kDay + 12 * kHour);
    for (std::size_t id = 0; id < decided; ++id)
      builder.call(delegates[0], governor, encode_call("queue(uint256)", {id}));
    builder.set_age(4 * kDay);
    propose_and_accept(decided);
    builder.set_age(kDay);
    first_open = proposals;
    for (std::size_t i = 0; i < kOpenProposals; ++i) builder.call(delegates[i], governor, propose_call());
    next_to_execute = 0;
    next_to_queue = decided;
  }

  static bool votes_itself(std::size_t member) { return member % 2 == 0; }

  void give_votes(const Address& owner, std::uint64_t amount, const Address& delegate) {
    builder.call(builder.deployer(), token, transfer_call(owner, ether(amount)));
    builder.call(owner, token, encode_call("delegate(address)", {delegate}));
  }

  Bytes propose_call() {
    ++proposals;
    return encode_call("propose(address,uint256,string)",
                       {payees[random.below(payees.size())], u256(random.between(1, 1'000)) * u256(1'000'000'000'000),
                        AbiValue::text("a grant for the work of another quarter")});
  }

  static Bytes vote_call(std::size_t proposal, std::uint64_t choice) {
    return encode_call("vote(uint256,uint8)", {proposal, choice});
  }

  void propose_and_accept(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t id = proposals;
      builder.call(delegates[i % delegates.size()], governor, propose_call());
      for (const std::size_t voter : {1, 2, 3}) builder.call(delegates[voter], governor, vote_call(id, 1));
    }
  }

  Transaction next() {
    const std::uint64_t dice = random.below(100);
    const std::size_t member = random.below(members.size());
    const auto by = [&](const Address& who, const Address& what, Bytes data) {
      return call(who, what, kGasLimit, std::move(data));
    };
    if (dice < 55) {
      // Each of those who vote themselves, once on each proposal.
      const std::size_t voter = votes / kOpenProposals * 2;
      const std::size_t proposal = votes % kOpenProposals;
      if (voter < members.size()) {
        ++votes;
        ++votes_on[proposal];
        return by(members[voter], governor, vote_call(first_open + proposal, random.below(3)));
      }
    }
    if (dice < 58 && next_to_queue < first_open)
      return by(members[member], governor, encode_call("queue(uint256)", {next_to_queue++}));
    if (dice < 61 && next_to_execute < first_open / 2)
      return by(members[member], governor, encode_call("execute(uint256)", {next_to_execute++}));
    if (dice < 64) return by(delegates[random.below(delegates.size())], governor, propose_call());
    if (dice < 76)
      return by(members[member], token, encode_call("delegate(address)", {delegates[random.below(delegates.size())]}));
    // Little enough that nobody runs out.
    return by(members[member], token,
              transfer_call(members[random.below(members.size())], u256(random.between(1, 1'000'000))));
  }

  Violation check(const Aftermath& aftermath) const {
    Probe probe(aftermath.after);
    for (std::size_t i = 0; i < kOpenProposals; ++i)
      if (probe.word(governor, encode_call("tally(uint256)", {first_open + i})) != ether(100 * votes_on[i]))
        return fmt::format("the votes on proposal {} were not counted once each", first_open + i);
    u256 votes_there;
    u256 tokens;
    for (const auto* group : {&delegates, &members}) {
      for (const Address& who : *group) {
        votes_there += probe.word(token, encode_call("votesOf(address)", {who}));
        tokens += probe.word(token, encode_call("balanceOf(address)", {who}));
      }
    }
    if (votes_there != tokens) return "there are not as many votes as tokens";
    const u256 paid = probe.word(governor, encode_call("paidOut()", {}));
    if (aftermath.after.accounts().at(governor).account.balance + paid != ether(10'000))
      return "the treasury did not pay what was decided";
    return std::nullopt;
  }

  StateBuilder builder;
  Random random;
  std::vector<Address> delegates;
  std::vector<Address> members;
  std::vector<Address> payees;
  Address token;
  Address governor;
  std::size_t proposals = 0;  // made so far
  std::size_t first_open = 0;
  std::size_t next_to_queue = 0;
  std::size_t next_to_execute = 0;
  std::size_t votes = 0;
  std::array<std::uint64_t, kOpenProposals> votes_on = {};
};

constexpr Workload kRows[] = {
    {"dao/governor", "delegation, votes, proposals, timelocked payments from a treasury", scenario_of<Dao>},
};

}  // namespace

std::span<const Workload> dao_family() { return kRows; }

}  // namespace hocket::workloads
