// The contracts of the workloads, where a mistake would not show in a workload's invariants.
#include "workloads/abi.hpp"
#include "workloads/build_block.hpp"
#include "workloads/token.hpp"

#include <gtest/gtest.h>
#include <set>

namespace hocket::workloads {
namespace {

const std::vector<Address> kPeople = make_accounts("person", 3);

Bytes view(const char* signature) { return encode_call(signature, {}); }

TEST(Token, MovesApprovesMintsAndBurns) {
  StateBuilder builder;
  const Address token = deploy_token(builder, "TKN", builder.deployer());
  give_tokens(builder, token, {kPeople[0]}, 100);
  builder.call(builder.deployer(), token, mint_call(kPeople[1], 5));
  builder.call(kPeople[0], token, transfer_call(kPeople[1], 30));
  builder.call(kPeople[0], token, transfer_call(kPeople[0], 70));
  builder.call(kPeople[1], token, approve_call(kPeople[2], 20));
  builder.call(kPeople[2], token, transfer_from_call(kPeople[1], kPeople[2], 15));
  builder.call(builder.deployer(), token, encode_call("burn(address,uint256)", {kPeople[2], 4}));

  Probe probe(builder.state());
  const auto balance = [&](const Address& owner) {
    return probe.word(token, encode_call("balanceOf(address)", {owner}));
  };
  EXPECT_EQ(balance(kPeople[0]), u256(70));
  EXPECT_EQ(balance(kPeople[1]), u256(20));
  EXPECT_EQ(balance(kPeople[2]), u256(11));
  EXPECT_EQ(probe.word(token, view("totalSupply()")), u256(101));
  EXPECT_EQ(probe.word(token, encode_call("allowance(address,address)", {kPeople[1], kPeople[2]})), u256(5));
  // Storage as the workloads write it is storage as the contract reads it.
  EXPECT_EQ(balance(kPeople[0]), token_balance(builder.state(), token, kPeople[0]));
}

TEST(Token, RefusesWhatIsNotThere) {
  StateBuilder builder;
  const Address token = deploy_token(builder, "TKN", builder.deployer());
  give_tokens(builder, token, {kPeople[0]}, 100);
  Probe probe(builder.state());
  EXPECT_FALSE(probe.call(kPeople[0], token, transfer_call(kPeople[1], 101)));
  EXPECT_FALSE(probe.call(kPeople[0], token, transfer_call(Address(), 1)));
  EXPECT_FALSE(probe.call(kPeople[1], token, transfer_from_call(kPeople[0], kPeople[1], 1)));
  EXPECT_FALSE(probe.call(kPeople[0], token, mint_call(kPeople[0], 1)));
}

// Prices as the contract's arithmetic has them, computed apart from it; they are within 2e-10 of the exact ones.
TEST(ConcentratedPool, FindsTheTickOfAPrice) {
  const std::pair<std::int64_t, const char*> rows[] = {
      {-887271, "4295343490"},
      {-500000, "1101692437043807371"},
      {-60001, "3944932387690944757421487348"},
      {-1, "79224201403219477170569942574"},
      {0, "79228162514264337593543950336"},
      {1, "79232123823359799118286999568"},
      {59, "79462218954572724174121879631"},
      {60001, "1591181069407581343629326265922"},
      {500000, "5697689776495288729098254600827762987878"},
      {887271, "1461373636630004318706518188784493106690254656249"},
  };
  StateBuilder builder;
  for (const auto& [tick, price_text] : rows) {
    const u256 price = *u256_from_text(price_text);
    for (const std::int64_t below : {0, 1}) {
      const Address pool = builder.deploy("ConcentratedPool",
                                          encode_arguments({kPeople[0], kPeople[1], price - u256(below != 0 ? 1 : 0)}));
      EXPECT_EQ(Probe(builder.state()).word(pool, view("tick()")), signed_word(tick - below)) << price_text;
    }
  }
}

TEST(ConcentratedPool, CrossesTicksInItsWorkload) {
  const auto made = [] {
    WorkloadOptions options;
    options.gas = 20'000'000;
    return build_block(*find_workloads("dex/concentrated")->front(), options);
  }();
  ASSERT_TRUE(made) << made.error().message;
  ProgramCache programs;
  SequentialExecutor executor(programs);
  const auto output = execute_block(made->block, made->config, made->state, executor);
  ASSERT_TRUE(output);
  const Hash32 swapped = event_topic("Swapped(address,address,int256,int256,uint160,uint128,int24)");
  // Positions begin and end at every third tick that may have one.
  std::set<std::int64_t> ranges;
  std::set<u256> liquidities;
  for (const Receipt& receipt : output->receipts) {
    for (const Log& log : receipt.logs) {
      if (log.topics[0] != swapped) continue;
      liquidities.insert(load_be256(log.data.data() + 96));
      const auto tick = static_cast<std::int64_t>(load_be256(log.data.data() + 128).low64());
      ranges.insert((tick + 1'800'000) / 180);
    }
  }
  EXPECT_GT(ranges.size(), 10u);
  EXPECT_GT(liquidities.size(), 3u);
}

}  // namespace
}  // namespace hocket::workloads
