// Result<T>: a value, or why there is none. Used for invalid input and operating failures;
// an EVM halt is a value of its own and a bug of ours is an assertion.
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace hocket {

/// An error for a person: what was wrong, where, and what was expected, in one line.
struct Error {
  std::string message;

  /// The same error seen from further out: "outer: message".
  Error in(std::string_view outer) && { return {std::string(outer) + ": " + message}; }
};

template <class T, class E = Error>
using Result = std::expected<T, E>;

inline std::unexpected<Error> fail(std::string message) { return std::unexpected(Error{std::move(message)}); }

}  // namespace hocket

/// Returns early with the error of `expr`, or binds its value to `var`.
#define HOCKET_CONCAT_(a, b) a##b
#define HOCKET_CONCAT(a, b) HOCKET_CONCAT_(a, b)
#define HOCKET_TRY(var, expr)                                                                                         \
  auto HOCKET_CONCAT(result_, __LINE__) = (expr);                                                                     \
  if (!HOCKET_CONCAT(result_, __LINE__)) return std::unexpected(std::move(HOCKET_CONCAT(result_, __LINE__)).error()); \
  var = std::move(*HOCKET_CONCAT(result_, __LINE__))
/// The same for a Result<void>.
#define HOCKET_CHECK(expr)                                                               \
  if (auto HOCKET_CONCAT(result_, __LINE__) = (expr); !HOCKET_CONCAT(result_, __LINE__)) \
  return std::unexpected(std::move(HOCKET_CONCAT(result_, __LINE__)).error())
