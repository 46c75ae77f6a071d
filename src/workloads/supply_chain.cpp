// supply_chain: lots of goods are registered, handed on with signatures, certified, split, merged and traced back.
#include "base/assert.hpp"
#include "base/random.hpp"
#include "crypto/keccak.hpp"
#include "crypto/secp256k1.hpp"
#include "workloads/abi.hpp"
#include "workloads/families.hpp"
#include "workloads/network.hpp"
#include "workloads/state_builder.hpp"

#include <fmt/core.h>

namespace hocket::workloads {
namespace {

constexpr std::uint64_t kGasLimit = 1'000'000;
constexpr std::uint64_t kTypicalGas = 80'000;

// SupplyChain.sol's storage: custodian, quantity and handovers in a lot's first slot.
constexpr std::uint64_t kLotsSlot = 0;
constexpr std::uint64_t kLotSize = 3;
constexpr unsigned kQuantityBit = 160;
constexpr unsigned kHandoversBit = 224;

struct Lot {
  std::size_t custodian;  // handler
  std::uint64_t quantity;
  std::uint64_t handovers = 0;
};

struct SupplyChain {
  explicit SupplyChain(const WorkloadOptions& options) : builder(options.realm), random(options.seed) {
    const std::size_t count = options.gas / kTypicalGas + 1;
    const std::size_t size = std::max<std::uint64_t>(8, options.accounts.value_or(count / 4));
    for (const Address& name : builder.accounts("handler", size)) {
      // Handlers sign: their address is that of a key.
      secrets.push_back(keccak256(name));
      handlers.push_back(address_of(secrets.back()).value());
    }
    certifiers = builder.accounts("certifier", 6);
    builder.fund(handlers, ether(1) + u256(4) * gas_cost(options.gas + kGasLimit));
    builder.fund(certifiers, ether(1) + u256(4) * gas_cost(options.gas + kGasLimit));
    contract = builder.deploy("SupplyChain");
    for (std::size_t i = 0; i < certifiers.size(); ++i)
      builder.call(builder.deployer(), contract,
                   encode_call("accredit(address,bytes32,bool)", {certifiers[i], i % 3, 1}));
    for (std::size_t i = 0; i < handlers.size(); ++i) builder.call(handlers[i], contract, register_lot(i));
  }

  Bytes register_lot(std::size_t handler) {
    const std::uint64_t quantity = random.between(100, 10'000);
    lots.push_back({.custodian = handler, .quantity = quantity});
    return encode_call("register(uint64,bytes32)", {quantity, random.next()});
  }

  Transaction next() {
    const std::uint64_t dice = random.below(100);
    const std::size_t lot = random.below(lots.size());
    const auto by = [&](const Address& who, Bytes data) { return call(who, contract, kGasLimit, std::move(data)); };
    if (dice < 20) {
      const std::size_t handler = random.below(handlers.size());
      return by(handlers[handler], register_lot(handler));
    }
    if (dice < 55) return by(handlers[random.below(handlers.size())], hand_over(lot));
    if (dice < 65) {
      const std::size_t certifier = random.below(certifiers.size());
      return by(certifiers[certifier], encode_call("certify(uint256,bytes32)", {lot, certifier % 3}));
    }
    const Address& custodian = handlers[lots[lot].custodian];
    if (dice < 77 && lots[lot].quantity >= 4) return by(custodian, split(lot));
    if (dice < 85)
      if (const auto other = another_of_the_same(lot)) return by(custodian, merge(lot, *other));
    return by(handlers[random.below(handlers.size())], encode_call("inspect(uint256)", {lot}));
  }

  Bytes hand_over(std::size_t id) {
    Lot& lot = lots[id];
    const std::size_t to = random.below(handlers.size());
    const Hash32 digest = keccak256(encode_arguments({network().chain_id, contract, id, handlers[to], lot.handovers}));
    const auto signature = sign(digest, secrets[lot.custodian]);
    HOCKET_ASSERT(signature.has_value());
    lot.custodian = to;
    ++lot.handovers;
    return encode_call("handOver(uint256,address,uint8,bytes32,bytes32)",
                       {id, handlers[to], std::uint64_t{27} + signature->y_parity, signature->r, signature->s});
  }

  Bytes split(std::size_t id) {
    const std::uint64_t quantity = lots[id].quantity;
    const std::size_t custodian = lots[id].custodian;
    const std::uint64_t first = random.between(1, quantity / 2);
    const std::uint64_t second = random.between(1, quantity / 4);
    const std::vector<u256> parts = {first, second, quantity - first - second};
    for (const u256& part : parts) lots.push_back({.custodian = custodian, .quantity = part.low64()});
    lots[id].quantity = 0;
    return encode_call("split(uint256,uint64[])", {id, parts});
  }

  /// A lot nearby that can be merged with this one.
  std::optional<std::size_t> another_of_the_same(std::size_t id) const {
    if (lots[id].quantity == 0) return std::nullopt;
    for (std::size_t other = id + 1; other < lots.size() && other < id + 64; ++other)
      if (lots[other].custodian == lots[id].custodian && lots[other].quantity != 0) return other;
    return std::nullopt;
  }

  Bytes merge(std::size_t one, std::size_t other) {
    const Lot merged{.custodian = lots[one].custodian, .quantity = lots[one].quantity + lots[other].quantity};
    lots[one].quantity = 0;
    lots[other].quantity = 0;
    lots.push_back(merged);
    return encode_call("merge(uint256[],bytes32)", {std::vector<u256>{one, other}, random.next()});
  }

  Violation check(const Aftermath& aftermath) const {
    Probe probe(aftermath.after);
    if (probe.word(contract, encode_call("count()", {})) != u256(lots.size())) return "a lot is missing, or too many";
    u256 quantity;
    for (std::size_t id = 0; id < lots.size(); ++id) {
      const Lot& lot = lots[id];
      const u256 found = *aftermath.after.storage(contract, array_slot(kLotsSlot) + u256(kLotSize * id));
      const u256 expected = to_u256(handlers[lot.custodian]) + (u256(lot.quantity) << kQuantityBit) +
                            (u256(lot.handovers) << kHandoversBit);
      if (found != expected) return fmt::format("lot {} is not where, or not what, it should be", id);
      quantity += u256(lot.quantity);
    }
    if (probe.word(contract, encode_call("registered()", {})) != quantity) return "goods were made or lost";
    return std::nullopt;
  }

  StateBuilder builder;
  Random random;
  std::vector<Hash32> secrets;
  std::vector<Address> handlers;
  std::vector<Address> certifiers;
  Address contract;
  std::vector<Lot> lots;
};

constexpr Workload kRows[] = {
    {"supply_chain/provenance", "lots registered, handed on with signatures, certified, split, merged, traced",
     scenario_of<SupplyChain>},
};

}  // namespace

std::span<const Workload> supply_chain_family() { return kRows; }

}  // namespace hocket::workloads
