#include "conformance/expected_exception.hpp"

#include <gtest/gtest.h>

namespace hocket {
namespace {

bool accepts(std::string_view expected, const Rejection& rejection) {
  return check_exception(expected, rejection).has_value();
}

TEST(ExpectedException, IsTheRulesOwnName) {
  const Rejection rejection = Rejection::of(TransactionError::nonce_is_max);
  EXPECT_TRUE(accepts("TransactionException.NONCE_IS_MAX", rejection));
  EXPECT_FALSE(accepts("TransactionException.NONCE_MISMATCH_TOO_LOW", rejection));
}

TEST(ExpectedException, IsOneOfSeveralNames) {
  const Rejection rejection = Rejection::of(TransactionError::intrinsic_gas_too_low);
  EXPECT_TRUE(
      accepts("TransactionException.INSUFFICIENT_ACCOUNT_FUNDS|TransactionException.INTRINSIC_GAS_TOO_LOW", rejection));
  EXPECT_FALSE(accepts("TransactionException.INSUFFICIENT_ACCOUNT_FUNDS|TransactionException.NONCE_IS_MAX", rejection));
}

TEST(ExpectedException, HasOldNames) {
  EXPECT_TRUE(accepts("TR_NoFunds", Rejection::of(TransactionError::insufficient_account_funds)));
  EXPECT_TRUE(accepts("TR_NoFundsOrGas", Rejection::of(TransactionError::intrinsic_gas_too_low)));
  EXPECT_FALSE(accepts("TR_NoFunds", Rejection::of(TransactionError::intrinsic_gas_too_low)));
}

TEST(ExpectedException, FindsTheFieldThatDoesNotDecode) {
  const Rejection rejection = Rejection::undecodable("nonce: byte 3: integer with a leading zero byte");
  EXPECT_TRUE(accepts("TransactionException.RLP_LEADING_ZEROS_NONCE", rejection));
  EXPECT_FALSE(accepts("TransactionException.RLP_LEADING_ZEROS_VALUE", rejection));
  EXPECT_FALSE(accepts("TransactionException.RLP_INVALID_NONCE", rejection));
  // A rule that was broken is no encoding error, whatever its message says.
  EXPECT_FALSE(accepts("TransactionException.RLP_LEADING_ZEROS_NONCE",
                       {.rule = "TransactionException.NONCE_IS_MAX", .message = rejection.message}));
}

TEST(ExpectedException, IsNotANameThatNobodyKnows) {
  const auto checked = check_exception("TR_Whatever", Rejection::of(TransactionError::nonce_is_max));
  ASSERT_FALSE(checked.has_value());
  EXPECT_NE(checked.error().message.find("unknown exception name TR_Whatever"), std::string::npos);
}

}  // namespace
}  // namespace hocket
