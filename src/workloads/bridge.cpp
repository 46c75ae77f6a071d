// bridge: tokens locked on one chain and minted on another, both ways. A message of the other chain counts where a
// proof leads to it from a state root of that chain which the light client here has accepted.
#include "base/assert.hpp"
#include "base/random.hpp"
#include "block/state_trie.hpp"
#include "crypto/keccak.hpp"
#include "workloads/abi.hpp"
#include "workloads/families.hpp"
#include "workloads/network.hpp"
#include "workloads/state_builder.hpp"
#include "workloads/token.hpp"

#include <fmt/core.h>
#include <map>
#include <memory>

namespace hocket::workloads {
namespace {

constexpr std::uint64_t kGasLimit = 2'000'000;
// The least that carrying out a message uses, about: how many have to be there.
constexpr std::uint64_t kDeliveryGas = 150'000;
constexpr std::size_t kOtherBlocks = 16;  // of the other chain, that hold messages
constexpr std::size_t kRelayers = 48;
constexpr std::uint64_t kFirstLock = 1;  // number 0 is the deployer's

// Bridge.sol's storage.
constexpr std::uint64_t kOutboxSlot = 1;
constexpr std::uint64_t kConsumedSlot = 3;

struct Message {
  u256 id;
  Address sender;
  Address recipient;
  u256 amount;

  Hash32 hash() const { return keccak256(encode_arguments({id, sender, recipient, amount})); }
};

/// One chain's end of both bridges: its own token is locked here, and the other chain's is minted.
struct Chain {
  Chain(std::string realm, std::string_view symbol) : builder(std::move(realm)) {
    authority = builder.accounts("authority", 1)[0];
    client = builder.deploy("LightClient", encode_arguments({authority}));
    token = deploy_token(builder, symbol, builder.deployer());
    vault = builder.deploy("BridgeVault", encode_arguments({client, token}));
    minter = builder.deploy("BridgeMinter", encode_arguments({client, AbiValue::text("Guest"), AbiValue::text("GST")}));
    guest_token = to_address(Probe(builder.state()).word(minter, encode_call("token()", {})));
  }

  void connect(const Chain& other) {
    builder.fund(authority, ether(1));
    builder.call(builder.deployer(), vault, encode_call("connect(address)", {other.minter}));
    builder.call(builder.deployer(), minter, encode_call("connect(address)", {other.vault}));
  }

  /// Accounts with tokens of both kinds, who let the vault take theirs. Requires: the deployer has enough of the other
  /// chain's.
  void add_users(std::size_t count, const u256& wei) {
    users = builder.accounts("user", count);
    builder.fund(users, wei);
    give_tokens(builder, token, users, ether(1'000));
    approve_without_limit(builder, token, users, vault);
    for (const Address& user : users) builder.call(builder.deployer(), guest_token, transfer_call(user, ether(1'000)));
  }

  StateBuilder builder;
  Address authority;  // reports the other chain's state roots
  Address client;
  Address token;
  Address vault;
  Address minter;
  Address guest_token;  // the minter's
  std::vector<Address> users;
};

Bytes accept_call(std::uint64_t block_number, const Hash32& root) {
  return encode_call("accept(uint256,bytes32)", {block_number, root});
}
Bytes lock_call(const u256& amount, const Address& recipient) {
  return encode_call("lock(uint256,address)", {amount, recipient});
}
Bytes burn_call(const u256& amount, const Address& recipient) {
  return encode_call("burn(uint256,address)", {amount, recipient});
}

/// A state of one chain, as the other one gets to know it.
class Snapshot {
 public:
  Snapshot(const InMemoryState& state, std::uint64_t block_number) : trie_(state), block_number_(block_number) {}

  Hash32 root() { return trie_.root(); }
  std::uint64_t block_number() const noexcept { return block_number_; }

  /// Bridge.receiveMessage, for a message in the outbox of `bridge`.
  Bytes receive_call(const Address& bridge, const Message& message) {
    const auto [account, is_new] = account_proofs_.try_emplace(bridge);
    if (is_new) account->second = trie_.prove_account(bridge).value();
    const std::vector<Bytes> slot = trie_.prove_slot(bridge, mapping_slot(message.id, kOutboxSlot)).value();
    return encode_call("receiveMessage((uint256,address,address,uint256),uint256,bytes[],bytes[])",
                       {message.id, message.sender, message.recipient, message.amount, block_number_,
                        AbiValue::list_of_bytes(account->second), AbiValue::list_of_bytes(slot)});
  }

 private:
  StateTrie trie_;
  std::uint64_t block_number_;
  std::map<Address, std::vector<Bytes>> account_proofs_;
};

/// A message of the other chain with its proof, ready to be carried out here.
struct Delivery {
  Message message;
  bool mints;  // it was locked there; else burnt there, and unlocks
  std::size_t block;
  Bytes call;
};

struct TwoWayBridge {
  explicit TwoWayBridge(const WorkloadOptions& options)
      : here(options.realm, "HERE"), there(options.realm + "there/", "THERE"), random(options.seed) {
    const std::size_t count = options.gas / kDeliveryGas + 1;
    here.connect(there);
    there.connect(here);
    move_some_over();
    const std::size_t users = std::max<std::uint64_t>(8, options.accounts.value_or(count / 3));
    const u256 plenty = ether(1) + u256(4) * gas_cost(options.gas + kGasLimit);
    here.add_users(users, plenty);
    there.add_users(users, plenty);
    relayers = here.builder.accounts("relayer", kRelayers);
    here.builder.fund(relayers, plenty);
    here.builder.fund(here.authority, plenty);

    for (std::size_t block = 0; block < kOtherBlocks; ++block) send_from_there(count / kOtherBlocks + 1);
    // Half of the other chain's blocks are known before this one.
    while (accepted < kOtherBlocks / 2) {
      here.builder.call(here.authority, here.client, accept_call(first_block + accepted, roots[accepted]));
      ++accepted;
    }
  }

  /// Each deployer locks much of its token and gets as much of the other chain's, the way that everybody does.
  void move_some_over() {
    const u256 much = ether(1'000'000'000);
    const auto lock = [&](Chain& chain, const Address& recipient) {
      const Address& deployer = chain.builder.deployer();
      chain.builder.call(deployer, chain.token, mint_call(deployer, much));
      chain.builder.call(deployer, chain.token, approve_call(chain.vault, u256::max()));
      chain.builder.call(deployer, chain.vault, lock_call(much, recipient));
      return Message{0, deployer, recipient, much};
    };
    const Message from_here = lock(here, there.builder.deployer());
    const Message from_there = lock(there, here.builder.deployer());
    Snapshot of_here(here.builder.state(), first_block);
    Snapshot of_there(there.builder.state(), first_block);
    const auto receive = [](Chain& chain, Snapshot& snapshot, const Address& bridge, const Message& message) {
      chain.builder.call(chain.authority, chain.client, accept_call(snapshot.block_number(), snapshot.root()));
      chain.builder.call(chain.authority, chain.minter, snapshot.receive_call(bridge, message));
    };
    receive(there, of_here, here.vault, from_here);
    receive(here, of_there, there.vault, from_there);
    ++first_block;
  }

  /// A block of the other chain: what its users lock and burn, proven against the state after it.
  void send_from_there(std::size_t count) {
    const std::size_t first = deliveries.size();
    for (std::size_t i = 0; i < count; ++i) {
      const Address& sender = there.users[random.below(there.users.size())];
      const Address& recipient = here.users[random.below(here.users.size())];
      const u256 amount(random.between(1, 1'000'000));
      const bool mints = random.below(100) < 60;
      const u256 id(mints ? next_lock_there++ : next_burn_there++);
      there.builder.call(sender, mints ? there.vault : there.minter,
                         mints ? lock_call(amount, recipient) : burn_call(amount, recipient));
      deliveries.push_back({{id, sender, recipient, amount}, mints, roots.size(), {}});
    }
    Snapshot snapshot(there.builder.state(), first_block + roots.size());
    for (std::size_t i = first; i < deliveries.size(); ++i)
      deliveries[i].call =
          snapshot.receive_call(deliveries[i].mints ? there.vault : there.minter, deliveries[i].message);
    roots.push_back(snapshot.root());
  }

  Transaction next() {
    const std::uint64_t dice = random.below(100);
    if (dice < 60 && delivered < deliveries.size()) {
      Delivery& delivery = deliveries[delivered];
      if (delivery.block == accepted) {
        ++accepted;
        return call(here.authority, here.client, kGasLimit,
                    accept_call(first_block + delivery.block, roots[delivery.block]));
      }
      ++delivered;
      return call(relayers[random.below(relayers.size())], delivery.mints ? here.minter : here.vault, kGasLimit,
                  std::move(delivery.call));
    }
    const Address& sender = here.users[random.below(here.users.size())];
    const Address& recipient = there.users[random.below(there.users.size())];
    const u256 amount(random.between(1, 1'000'000));
    if (dice < 85) {
      locks.push_back({kFirstLock + locks.size(), sender, recipient, amount});
      return call(sender, here.vault, kGasLimit, lock_call(amount, recipient));
    }
    burns.push_back({burns.size(), sender, recipient, amount});
    return call(sender, here.minter, kGasLimit, burn_call(amount, recipient));
  }

  Violation check_messages(const InMemoryState& after) const {
    const auto check_outbox = [&](const Address& bridge, const std::vector<Message>& sent) -> Violation {
      for (const Message& message : sent)
        if (*after.storage(bridge, mapping_slot(message.id, kOutboxSlot)) != to_u256(message.hash()))
          return fmt::format("message {} of {} is not what was sent", to_decimal(message.id),
                             bridge == here.vault ? "the vault" : "the minter");
      return std::nullopt;
    };
    if (auto wrong = check_outbox(here.vault, locks)) return wrong;
    if (auto wrong = check_outbox(here.minter, burns)) return wrong;
    for (std::size_t i = 0; i < deliveries.size(); ++i) {
      const Delivery& delivery = deliveries[i];
      const Address& bridge = delivery.mints ? here.minter : here.vault;
      const bool is_consumed = !after.storage(bridge, mapping_slot(delivery.message.id, kConsumedSlot))->is_zero();
      if (is_consumed != (i < delivered))
        return fmt::format("message {} of the other chain was {}", i, is_consumed ? "consumed" : "not consumed");
    }
    return std::nullopt;
  }

  /// What is locked on one chain is what circulates on the other, or is on its way.
  Violation check_sums(const InMemoryState& after) const {
    const auto sum = [](const std::vector<Message>& messages) {
      u256 total;
      for (const Message& message : messages) total += message.amount;
      return total;
    };
    u256 to_be_minted;
    u256 to_be_unlocked;
    for (std::size_t i = delivered; i < deliveries.size(); ++i)
      (deliveries[i].mints ? to_be_minted : to_be_unlocked) += deliveries[i].message.amount;
    if (token_balance(after, here.token, here.vault) !=
        token_supply(state_there, there.guest_token) + sum(locks) + to_be_unlocked)
      return "what is locked here is not what circulates there";
    if (token_balance(state_there, there.token, there.vault) !=
        token_supply(after, here.guest_token) + sum(burns) + to_be_minted)
      return "what circulates here is not what is locked there";
    return std::nullopt;
  }

  Violation check(const Aftermath& aftermath) const {
    if (auto wrong = check_messages(aftermath.after)) return wrong;
    if (auto wrong = check_sums(aftermath.after)) return wrong;
    if (token_storage_sum(aftermath.before, here.token) != token_storage_sum(aftermath.after, here.token))
      return "tokens were made or lost";
    return std::nullopt;
  }

  Chain here;
  Chain there;
  InMemoryState state_there;
  Random random;
  std::vector<Address> relayers;
  std::uint64_t first_block = 1;  // of the other chain's blocks with messages
  std::vector<Hash32> roots;      // after each of them
  std::size_t accepted = 0;       // of the roots
  std::vector<Delivery> deliveries;
  std::size_t delivered = 0;
  std::uint64_t next_lock_there = kFirstLock;
  std::uint64_t next_burn_there = 0;
  std::vector<Message> locks;  // sent in the block
  std::vector<Message> burns;
};

Scenario make(const WorkloadOptions& options) {
  auto bridge = std::make_shared<TwoWayBridge>(options);
  bridge->state_there = bridge->there.builder.take();
  return {.state = bridge->here.builder.take(),
          .next = [bridge]() -> std::optional<Transaction> { return bridge->next(); },
          .violation = [bridge](const Aftermath& aftermath) { return bridge->check(aftermath); }};
}

constexpr Workload kRows[] = {
    {"bridge/two-way", "tokens locked and minted between two chains, messages proven by state root", make},
};

}  // namespace

std::span<const Workload> bridge_family() { return kRows; }

}  // namespace hocket::workloads
