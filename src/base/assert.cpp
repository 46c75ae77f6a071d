#include "base/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace hocket {

void assertion_failed(const char* condition, const char* file, int line) noexcept {
  std::fprintf(stderr, "hocket: assertion failed: %s at %s:%d\nThis is a bug in Hocket; please report it.\n", condition,
               file, line);
  std::abort();
}

}  // namespace hocket
