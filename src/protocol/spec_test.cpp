// What each fork changed, against the EIPs and execution-specs.
#include "protocol/spec.hpp"

#include <gtest/gtest.h>
#include <ostream>
#include <vector>

namespace hocket {
namespace {

using enum Revision;

struct Since {
  Revision fork;
  int gas;
};

/// An opcode's static gas: undefined before the first entry, then as of each fork.
struct OpcodeHistory {
  Opcode opcode;
  std::vector<Since> prices;
};

void PrintTo(const OpcodeHistory& history, std::ostream* out) { *out << kOpcodeTraits[history.opcode].name; }

class OpcodeGas : public ::testing::TestWithParam<OpcodeHistory> {};

TEST_P(OpcodeGas, ByFork) {
  for (int i = 0; i < kRevisionCount; ++i) {
    const auto fork = static_cast<Revision>(i);
    int expected = Spec::kUndefined;
    for (const Since& since : GetParam().prices)
      if (since.fork <= fork) expected = since.gas;
    EXPECT_EQ(spec_of(fork).opcode_gas[GetParam().opcode], expected) << to_string(fork);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Histories, OpcodeGas,
    ::testing::Values(
        OpcodeHistory{OP_STOP, {{frontier, 0}}}, OpcodeHistory{OP_ADD, {{frontier, 3}}},
        OpcodeHistory{OP_MUL, {{frontier, 5}}}, OpcodeHistory{OP_SIGNEXTEND, {{frontier, 5}}},
        OpcodeHistory{OP_ADDMOD, {{frontier, 8}}}, OpcodeHistory{OP_EXP, {{frontier, 10}}},
        OpcodeHistory{OP_KECCAK256, {{frontier, 30}}}, OpcodeHistory{OP_SHL, {{constantinople, 3}}},
        OpcodeHistory{OP_SAR, {{constantinople, 3}}}, OpcodeHistory{OP_CLZ, {{osaka, 5}}},
        OpcodeHistory{OP_BALANCE, {{frontier, 20}, {tangerine_whistle, 400}, {istanbul, 700}, {berlin, 100}}},
        OpcodeHistory{OP_EXTCODESIZE, {{frontier, 20}, {tangerine_whistle, 700}, {berlin, 100}}},
        OpcodeHistory{OP_EXTCODECOPY, {{frontier, 20}, {tangerine_whistle, 700}, {berlin, 100}}},
        OpcodeHistory{OP_EXTCODEHASH, {{constantinople, 400}, {istanbul, 700}, {berlin, 100}}},
        OpcodeHistory{OP_SLOAD, {{frontier, 50}, {tangerine_whistle, 200}, {istanbul, 800}, {berlin, 100}}},
        OpcodeHistory{OP_CALL, {{frontier, 40}, {tangerine_whistle, 700}, {berlin, 100}}},
        OpcodeHistory{OP_CALLCODE, {{frontier, 40}, {tangerine_whistle, 700}, {berlin, 100}}},
        OpcodeHistory{OP_DELEGATECALL, {{homestead, 40}, {tangerine_whistle, 700}, {berlin, 100}}},
        OpcodeHistory{OP_STATICCALL, {{byzantium, 700}, {berlin, 100}}}, OpcodeHistory{OP_CREATE, {{frontier, 32000}}},
        OpcodeHistory{OP_CREATE2, {{constantinople, 32000}}},
        OpcodeHistory{OP_SELFDESTRUCT, {{frontier, 0}, {tangerine_whistle, 5000}}},
        OpcodeHistory{OP_RETURNDATASIZE, {{byzantium, 2}}}, OpcodeHistory{OP_RETURNDATACOPY, {{byzantium, 3}}},
        OpcodeHistory{OP_REVERT, {{byzantium, 0}}}, OpcodeHistory{OP_CHAINID, {{istanbul, 2}}},
        OpcodeHistory{OP_SELFBALANCE, {{istanbul, 5}}}, OpcodeHistory{OP_BASEFEE, {{london, 2}}},
        OpcodeHistory{OP_BLOBHASH, {{cancun, 3}}}, OpcodeHistory{OP_BLOBBASEFEE, {{cancun, 2}}},
        OpcodeHistory{OP_TLOAD, {{cancun, 100}}}, OpcodeHistory{OP_TSTORE, {{cancun, 100}}},
        OpcodeHistory{OP_MCOPY, {{cancun, 3}}}, OpcodeHistory{OP_PUSH0, {{shanghai, 2}}},
        OpcodeHistory{OP_PUSH1, {{frontier, 3}}}, OpcodeHistory{OP_PUSH32, {{frontier, 3}}},
        OpcodeHistory{OP_DUP16, {{frontier, 3}}}, OpcodeHistory{OP_SWAP16, {{frontier, 3}}},
        OpcodeHistory{OP_BLOCKHASH, {{frontier, 20}}}, OpcodeHistory{OP_PREVRANDAO, {{frontier, 2}}},
        OpcodeHistory{OP_JUMP, {{frontier, 8}}}, OpcodeHistory{OP_JUMPI, {{frontier, 10}}},
        OpcodeHistory{OP_JUMPDEST, {{frontier, 1}}}, OpcodeHistory{OP_GAS, {{frontier, 2}}},
        OpcodeHistory{OP_LOG0, {{frontier, 375}}}, OpcodeHistory{OP_LOG4, {{frontier, 1875}}}));

TEST(SpecTest, NumberOfOpcodesByFork) {
  constexpr int kExpected[kRevisionCount] = {130, 131, 131, 131, 135, 140, 140, 142, 142, 143, 143, 144, 149, 149, 150};
  for (int i = 0; i < kRevisionCount; ++i) {
    int defined = 0;
    for (const std::int16_t gas : spec_of(static_cast<Revision>(i)).opcode_gas) defined += gas != Spec::kUndefined;
    EXPECT_EQ(defined, kExpected[i]) << to_string(static_cast<Revision>(i));
  }
}

TEST(SpecTest, StorageRules) {
  struct Row {
    Revision fork;
    SstoreRule rule;
    std::int64_t sload_gas, reset_gas, clear_refund;
  };
  const Row rows[] = {
      {frontier, SstoreRule::frontier, 50, 5000, 15000},       {byzantium, SstoreRule::frontier, 200, 5000, 15000},
      {constantinople, SstoreRule::eip1283, 200, 5000, 15000}, {petersburg, SstoreRule::frontier, 200, 5000, 15000},
      {istanbul, SstoreRule::eip2200, 800, 5000, 15000},       {berlin, SstoreRule::eip2929, 100, 2900, 15000},
      {london, SstoreRule::eip2929, 100, 2900, 4800},          {osaka, SstoreRule::eip2929, 100, 2900, 4800},
  };
  for (const Row& row : rows) {
    const Spec& spec = spec_of(row.fork);
    EXPECT_EQ(spec.sstore, row.rule) << to_string(row.fork);
    EXPECT_EQ(spec.sload_gas, row.sload_gas) << to_string(row.fork);
    EXPECT_EQ(spec.sstore_reset_gas, row.reset_gas) << to_string(row.fork);
    EXPECT_EQ(spec.sstore_clear_refund, row.clear_refund) << to_string(row.fork);
  }
}

TEST(SpecTest, PrecompilesAndRewards) {
  struct Row {
    Revision fork;
    int last_precompile;
    std::uint64_t reward;
  };
  const Row rows[] = {{frontier, 4, 5},  {spurious_dragon, 4, 5}, {byzantium, 8, 3}, {constantinople, 8, 2},
                      {istanbul, 9, 2},  {london, 9, 2},          {paris, 9, 0},     {cancun, 10, 0},
                      {prague, 0x11, 0}, {osaka, 0x11, 0}};
  for (const Row& row : rows) {
    EXPECT_EQ(spec_of(row.fork).last_precompile, row.last_precompile) << to_string(row.fork);
    EXPECT_EQ(spec_of(row.fork).block_reward_ether, row.reward) << to_string(row.fork);
  }
}

/// Rules that are off before a fork and on from it.
TEST(SpecTest, RulesThatForksSwitchOn) {
  struct Row {
    const char* name;
    bool (*rule)(const Spec&);
    Revision since;
  };
  const Row rows[] = {
      {"creation fails without deposit", [](const Spec& s) { return s.create_fails_without_deposit; }, homestead},
      {"creation costs 53000", [](const Spec& s) { return s.transaction_create_gas == 53000; }, homestead},
      {"low s", [](const Spec& s) { return s.low_s_signatures; }, homestead},
      {"63/64", [](const Spec& s) { return s.keeps_one_64th; }, tangerine_whistle},
      {"state clearing", [](const Spec& s) { return s.state_clearing; }, spurious_dragon},
      {"replay protection", [](const Spec& s) { return s.replay_protection; }, spurious_dragon},
      {"contracts start with nonce 1", [](const Spec& s) { return s.create_nonce == 1; }, spurious_dragon},
      {"code size", [](const Spec& s) { return s.max_code_size == 24576; }, spurious_dragon},
      {"EXP byte 50", [](const Spec& s) { return s.exp_byte_gas == 50; }, spurious_dragon},
      {"receipt status", [](const Spec& s) { return s.receipt_has_status; }, byzantium},
      {"calldata 16", [](const Spec& s) { return s.calldata_nonzero_gas == 16; }, istanbul},
      {"access lists", [](const Spec& s) { return s.access_lists && s.access_list_transactions; }, berlin},
      {"fee market", [](const Spec& s) { return s.fee_market; }, london},
      {"refund a fifth", [](const Spec& s) { return s.max_refund_quotient == 5; }, london},
      {"no refund for SELFDESTRUCT", [](const Spec& s) { return s.selfdestruct_refund == 0; }, london},
      {"0xef code", [](const Spec& s) { return s.rejects_ef_code; }, london},
      {"proof of stake", [](const Spec& s) { return s.proof_of_stake && s.prevrandao; }, paris},
      {"warm beneficiary", [](const Spec& s) { return s.warm_beneficiary; }, shanghai},
      {"init code", [](const Spec& s) { return s.max_initcode_size == 49152 && s.initcode_word_gas == 2; }, shanghai},
      {"withdrawals", [](const Spec& s) { return s.withdrawals; }, shanghai},
      {"blobs", [](const Spec& s) { return s.blob_transactions; }, cancun},
      {"beacon roots", [](const Spec& s) { return s.beacon_roots; }, cancun},
      {"SELFDESTRUCT in the same transaction only",
       [](const Spec& s) { return s.selfdestruct == SelfdestructRule::only_if_just_created; }, cancun},
      {"requests", [](const Spec& s) { return s.requests; }, prague},
      {"history", [](const Spec& s) { return s.block_hash_history; }, prague},
      {"calldata floor", [](const Spec& s) { return s.floor_gas_per_token == 10; }, prague},
      {"set code", [](const Spec& s) { return s.set_code_transactions; }, prague},
      {"transaction gas cap", [](const Spec& s) { return s.max_transaction_gas == 16'777'216; }, osaka},
      {"blobs a transaction", [](const Spec& s) { return s.max_blobs_per_transaction == 6; }, osaka},
      {"block size", [](const Spec& s) { return s.max_block_rlp_size == 8'388'608; }, osaka},
      {"blob price floor", [](const Spec& s) { return s.blob_base_cost_floor; }, osaka},
      {"P-256", [](const Spec& s) { return s.p256verify; }, osaka},
  };
  for (const Row& row : rows)
    for (int i = 0; i < kRevisionCount; ++i)
      EXPECT_EQ(row.rule(spec_of(static_cast<Revision>(i))), static_cast<Revision>(i) >= row.since)
          << row.name << " in " << to_string(static_cast<Revision>(i));
}

}  // namespace
}  // namespace hocket
