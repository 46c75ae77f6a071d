#include "transition/explain_error.hpp"

#include <gtest/gtest.h>

namespace hocket {
namespace {

using enum TransactionError;

Transaction transaction() {
  Transaction transaction;
  transaction.sender.bytes[19] = 0xab;
  transaction.nonce = 7;
  transaction.chain_id = 5;
  transaction.gas_limit = 21000;
  transaction.max_fee_per_gas = u256(3);
  transaction.value = u256(1);
  return transaction;
}

const BlockContext kBlock = [] {
  BlockContext block;
  block.base_fee = u256(11);
  block.blob_base_fee = u256(13);
  block.chain_id = 1;
  return block;
}();

TEST(ExplainError, GivesTheValuesThatBreakTheRule) {
  const std::string sender = "0x00000000000000000000000000000000000000ab";
  const Account account{.nonce = 9, .balance = u256(100)};
  struct Case {
    TransactionError error;
    std::optional<Account> account;
    std::string expected;
  };
  const Case cases[] = {
      {invalid_chainid, std::nullopt, "signed for another chain: 5, this is 1"},
      {insufficient_max_fee_per_gas, std::nullopt,
       "gas price or maxFeePerGas below the block's base fee: 3 wei, the base fee is 11"},
      {insufficient_max_fee_per_blob_gas, std::nullopt,
       "maxFeePerBlobGas below the block's blob base fee: 0 wei, the blob base fee is 13"},
      {sender_not_eoa, account, "the sender has code (EIP-3607): " + sender},
      {nonce_mismatch_too_low, account, "nonce below the sender's: 7, and " + sender + " has 9"},
      {nonce_mismatch_too_high, std::nullopt, "nonce above the sender's: 7, and " + sender + " does not exist"},
      {insufficient_account_funds, account,
       "the sender's balance does not cover value, gas and blob gas at their highest prices: 63001 wei, and " + sender +
           " has 100"},
      {nonce_is_max, account, std::string(describe(nonce_is_max))},
  };
  for (const Case& of : cases) EXPECT_EQ(explain(of.error, transaction(), kBlock, of.account), of.expected);
}

TEST(ExplainError, OfACostThatNobodyCanPay) {
  Transaction dear = transaction();
  dear.max_fee_per_gas = u256::max();
  EXPECT_NE(explain(insufficient_account_funds, dear, kBlock, Account{}).find(": 2^256 or more wei, and 0x"),
            std::string::npos);
}

TEST(ExplainError, OfAChainIdThatComesTooEarly) {
  Transaction early = transaction();
  early.chain_id = 1;
  EXPECT_EQ(explain(invalid_chainid, early, kBlock, std::nullopt),
            "signed for another chain: 1, before Spurious Dragon");
}

}  // namespace
}  // namespace hocket
