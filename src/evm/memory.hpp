// MemorySpace: the memory of all frames of one execution, one above the other in a single reserved range of addresses.
// A frame's memory never moves, a call needs no allocation, and what was never written costs nothing.
#pragma once

#include <cstddef>
#include <cstdint>

/// For what is called from hot code and hardly ever: the callee saves what the caller has in registers.
#if defined(__clang__) && defined(__x86_64__) && __has_attribute(preserve_most) && !defined(HOCKET_PORTABLE)
#define HOCKET_PRESERVE_MOST __attribute__((preserve_most))
#else
#define HOCKET_PRESERVE_MOST
#endif

namespace hocket {

/// Thread safety: none.
class MemorySpace {
 public:
  /// Reserves address space; pages are backed on first use. Aborts if the system refuses.
  MemorySpace();
  ~MemorySpace();
  MemorySpace(const MemorySpace&) = delete;
  MemorySpace& operator=(const MemorySpace&) = delete;

  std::uint8_t* begin() const noexcept { return begin_; }

  /// Makes [from, to) zero and usable. False: beyond what is reserved.
  bool extend(std::uint8_t* from, std::uint8_t* to) noexcept {
    if (from < zero_begin_ || to > zero_end_) return clear(from, to);
    zero_begin_ = to;
    return true;
  }

  /// Between executions: gives pages back to the system if the last ones used unusually many.
  void trim() noexcept;

 private:
  HOCKET_PRESERVE_MOST bool clear(std::uint8_t* from, std::uint8_t* to) noexcept;

  std::uint8_t* begin_;
  // Between these all is zero: memory that grows step by step is not cleared step by step.
  std::uint8_t* zero_begin_;
  std::uint8_t* zero_end_;
  std::uint8_t* dirty_end_;  // everything from here on has never been written
};

}  // namespace hocket
