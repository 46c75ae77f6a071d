#include "evm/memory.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <cstring>
#include <sys/mman.h>

namespace hocket {
namespace {

// A frame cannot address more than 2^32 bytes (they cost 2^45 gas); two such frames fit.
constexpr std::size_t kReserved = std::size_t{8} << 30;
constexpr std::size_t kClearedAhead = 1024;
constexpr std::size_t kKept = std::size_t{4} << 20;

}  // namespace

MemorySpace::MemorySpace() {
  void* p = ::mmap(nullptr, kReserved, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  HOCKET_ASSERT(p != MAP_FAILED);
  begin_ = static_cast<std::uint8_t*>(p);
  zero_begin_ = zero_end_ = dirty_end_ = begin_;
}

MemorySpace::~MemorySpace() { ::munmap(begin_, kReserved); }

HOCKET_PRESERVE_MOST bool MemorySpace::clear(std::uint8_t* from, std::uint8_t* to) noexcept {
  if (to > begin_ + kReserved) return false;
  std::uint8_t* const end = std::min(to + kClearedAhead, begin_ + kReserved);
  if (from < dirty_end_) std::memset(from, 0, static_cast<std::size_t>(std::min(end, dirty_end_) - from));
  dirty_end_ = std::max(dirty_end_, end);
  zero_begin_ = to;
  zero_end_ = end;
  return true;
}

void MemorySpace::trim() noexcept {
  const auto used = static_cast<std::size_t>(dirty_end_ - begin_);
  if (used <= kKept) return;
  if (::madvise(begin_ + kKept, used - kKept, MADV_DONTNEED) != 0) return;
  zero_begin_ = zero_end_ = dirty_end_ = begin_ + kKept;
}

}  // namespace hocket
