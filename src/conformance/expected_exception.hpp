// The reasons that fixtures name for a rejection, against the reason that Hocket gives. Execution-spec-tests' names are
// those of TransactionError and BlockError; older fixtures have names of their own, and names for what goes wrong
// inside an encoding. A name that is in no table matches nothing: the test fails.
#pragma once

#include "transition/block_error.hpp"

#include <string>
#include <string_view>

namespace hocket {

/// Why a transaction or a block was rejected.
struct Rejection {
  /// The rule, as to_string(TransactionError) or to_string(BlockError) name it; empty: bytes that do not decode.
  std::string_view rule;
  /// For a person; where bytes did not decode, the place and what was expected there.
  std::string message;

  static Rejection of(TransactionError error);
  static Rejection of(const InvalidBlock& invalid);
  /// `message`: of the decoder.
  static Rejection undecodable(std::string message);
};

/// Whether `rejection` is one of the reasons in `expected`, names separated by '|'.
/// Errors: what was expected and what was found, or a name that nobody knows.
Result<void> check_exception(std::string_view expected, const Rejection& rejection);

}  // namespace hocket
