// The state roots of real networks' first blocks, from their allocations.
#include "base/hex.hpp"
#include "block/roots.hpp"
#include "support/fixtures.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace hocket {
namespace {

using nlohmann::json;

InMemoryState state_of(const json& allocations) {
  InMemoryState state;
  for (const auto& [address, account] : allocations.items()) {
    std::vector<std::pair<u256, u256>> storage;
    if (account.contains("storage"))
      for (const auto& [slot, value] : account.at("storage").items())
        storage.emplace_back(u256_from_text(slot).value(), u256_from_text(value.get<std::string>()).value());
    state.put(fixed_from_hex<Address>(address).value(), u256_from_text(account.value("nonce", "0x0")).value().low64(),
              u256_from_text(account.at("balance").get<std::string>()).value(),
              from_hex(account.value("code", "0x")).value(), storage);
  }
  return state;
}

TEST(GenesisRoots, OfRealNetworks) {
  HOCKET_FIXTURE_PACK_OR_SKIP(pack, "chains");
  const struct {
    const char* file;
    const char* root;
  } networks[] = {
      {"mainnet.json", "0xd7f8974fb5ac78d9ac099b9ad5018bedc2ce0a72dad1827a1709da30580f0544"},
      {"sepolia.json", "0x5eb6e371a698b8d68f665192350ffcecbbbf322916f4b51bd79bb6887da3f494"},
      {"holesky.json", "0x69d8c9d72f6fa4ad42d4702b433707212f90db395eb54dc20bc85de253788783"},
      {"hoodi.json", "0xda87d7f5f91c51508791bbcbd4aa5baf04917830b86985eeb9ad3d5bfb657576"},
  };
  for (const auto& network : networks) {
    std::ifstream stream(pack / "chains/genesis" / network.file);
    const json genesis = json::parse(stream);
    EXPECT_EQ(to_hex(state_root(state_of(genesis.at("alloc")))), network.root) << network.file;
  }
}

}  // namespace
}  // namespace hocket
