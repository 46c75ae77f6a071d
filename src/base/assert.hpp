// Assertions: HOCKET_ASSERT guards boundaries and conservation laws in every build;
// HOCKET_DEBUG_ASSERT is for hot code and vanishes in release.
#pragma once

namespace hocket {

[[noreturn, gnu::cold]] void assertion_failed(const char* condition, const char* file, int line) noexcept;

}  // namespace hocket

#define HOCKET_ASSERT(condition) \
  (__builtin_expect(!(condition), 0) ? ::hocket::assertion_failed(#condition, __FILE__, __LINE__) : (void)0)

#ifdef NDEBUG
#define HOCKET_DEBUG_ASSERT(condition) ((void)0)
#else
#define HOCKET_DEBUG_ASSERT(condition) HOCKET_ASSERT(condition)
#endif
