#include "report/names.hpp"

#include "base/hex.hpp"
#include "crypto/keccak.hpp"
#include "report/known_names.hpp"
#include "state/in_memory_state.hpp"
#include "workloads/abi.hpp"
#include "workloads/contract_code.hpp"
#include "workloads/state_builder.hpp"

#include <cctype>
#include <gtest/gtest.h>
#include <set>

namespace hocket::report {
namespace {

// EIP-55
std::string with_checksum(const Address& address) {
  std::string text = to_hex(address);
  const std::string hash = to_hex(keccak256(as_bytes(std::string_view(text).substr(2))));
  for (std::size_t i = 2; i < text.size(); ++i)
    if (hash[i] >= '8') text[i] = static_cast<char>(std::toupper(text[i]));
  return text;
}

TEST(KnownNames, AddressesHaveTheirChecksums) {
  std::set<std::string_view> seen;
  for (const KnownContract& contract : known_contracts()) {
    const auto address = fixed_from_hex<Address>(contract.address);
    ASSERT_TRUE(address) << contract.name;
    EXPECT_EQ(with_checksum(*address), contract.address) << contract.name;
    EXPECT_TRUE(seen.insert(contract.name).second) << contract.name;
  }
}

TEST(KnownNames, FunctionsOfEveryTokenAndOfTheWorkloads) {
  EXPECT_EQ(function_name(0xa9059cbb), "transfer");
  EXPECT_EQ(function_name(0x095ea7b3), "approve");
  EXPECT_EQ(function_name(0x7ff36ab5), "swapExactETHForTokens");
  EXPECT_EQ(function_name(0xab834bab), "atomicMatch_");
  EXPECT_EQ(function_name(0x12345678), "");
}

TEST(Names, RecogniseTheWorkloadsContractsByTheirCode) {
  workloads::StateBuilder builder;
  const Address token =
      builder.deploy("Token", workloads::encode_arguments({workloads::AbiValue::text("Gold"),
                                                           workloads::AbiValue::text("AU"), builder.deployer()}));
  const Address stepper = builder.deploy("Stepper", workloads::encode_arguments({std::uint64_t{3}}));
  const Address nobody = builder.accounts("nobody", 1).front();
  const InMemoryState state = builder.take();
  Names names(state, 1);
  EXPECT_EQ(names.contract(token), "Token");
  EXPECT_EQ(names.contract(stepper), "Stepper");
  EXPECT_EQ(names.contract(nobody), "");

  Transaction transaction;
  EXPECT_EQ(names.call(transaction), "creation");
  transaction.to = nobody;
  EXPECT_EQ(names.call(transaction), "ether");
  transaction.to = token;
  EXPECT_EQ(names.call(transaction), "receive");
  transaction.data = *from_hex("a9059cbb00");
  EXPECT_EQ(names.call(transaction), "Token.transfer");
  transaction.data = *from_hex("12345678");
  EXPECT_EQ(names.call(transaction), "Token.0x12345678");
  transaction.to = nobody;
  EXPECT_EQ(names.call(transaction), "0x12345678");
}

TEST(Names, TakeMainnetsFromTheTable) {
  const InMemoryState state;
  const Address usdt = *fixed_from_hex<Address>("0xdAC17F958D2ee523a2206206994597C13D831ec7");
  EXPECT_EQ(Names(state, 1).contract(usdt), "USDT");
  EXPECT_EQ(Names(state, 5).contract(usdt), "");
}

}  // namespace
}  // namespace hocket::report
