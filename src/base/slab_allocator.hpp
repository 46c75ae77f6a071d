// SlabAllocator: memory for many small things that one thread makes in a row and another one destroys much later, such
// as the logs of receipts. malloc gives such memory back piece by piece to the thread that made it, which costs more
// than the rest of a token transfer's log; here a thread hands out pieces of a slab one after the other, and the slab
// goes as a whole, with its last piece.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <new>

namespace hocket {

/// Thread safety: any number of threads; what one has allocated another may deallocate.
class Slabs {
 public:
  /// What is larger is allocated by itself.
  static constexpr std::size_t kLargestPiece = 2048;

  /// Aligned to 16 bytes. Throws std::bad_alloc. Requires: `size_bytes` is 1 to kLargestPiece.
  static void* allocate(std::size_t size_bytes) {
    const std::size_t rounded = (size_bytes + kAlignment - 1) & ~(kAlignment - 1);
    if (rounded > static_cast<std::size_t>(current.end - current.next)) [[unlikely]]
      begin_slab();
    std::uint8_t* piece = current.next;
    current.next += rounded;
    ++current.pieces;
    return piece;
  }
  static void deallocate(void* piece) noexcept {
    // A slab is aligned to its size.
    std::uint8_t* slab = static_cast<std::uint8_t*>(piece) - reinterpret_cast<std::uintptr_t>(piece) % kSlabBytes;
    give_back(reinterpret_cast<Slab*>(slab), 1);
  }

 private:
  static constexpr std::size_t kAlignment = 16;
  static constexpr std::size_t kSlabBytes = 64 << 10;
  /// As if so many pieces were there while a thread hands out more, so that it need not count each for the others.
  static constexpr std::uint32_t kOwned = 1u << 31;

  struct alignas(64) Slab {
    std::atomic<std::uint32_t> pieces{kOwned};
  };
  /// The slab that this thread hands out.
  struct Current {
    std::uint8_t* next = nullptr;
    std::uint8_t* end = nullptr;
    Slab* slab = nullptr;
    std::uint32_t pieces = 0;
  };
  /// Ends with its thread.
  struct Owner {
    ~Owner() { leave_slab(); }
  };

  static void begin_slab();
  static void leave_slab() noexcept;
  static void give_back(Slab* slab, std::uint32_t pieces) noexcept {
    // acq_rel: whoever gives back the last piece comes after everybody's use of the others.
    if (slab->pieces.fetch_sub(pieces, std::memory_order_acq_rel) == pieces) free_slab(slab);
  }
  static void free_slab(Slab* slab) noexcept;

  static constinit thread_local Current current;
};

/// An allocator of the standard library's containers. Stateless: all are equal.
template <class T>
struct SlabAllocator {
  using value_type = T;
  static_assert(alignof(T) <= 16);

  SlabAllocator() = default;
  template <class U>
  // NOLINTNEXTLINE(google-explicit-constructor): an allocator's requirement.
  SlabAllocator(const SlabAllocator<U>&) noexcept {}

  T* allocate(std::size_t count) {
    if (!is_in_slab(count)) return static_cast<T*>(::operator new(bytes_of(count)));
    return static_cast<T*>(Slabs::allocate(count * sizeof(T)));
  }
  void deallocate(T* memory, std::size_t count) noexcept {
    if (is_in_slab(count))
      Slabs::deallocate(memory);
    else
      ::operator delete(memory);
  }

  friend bool operator==(const SlabAllocator&, const SlabAllocator&) noexcept { return true; }

 private:
#ifdef HOCKET_NO_SLABS
  static constexpr std::size_t kMostInSlab = 0;
#else
  static constexpr std::size_t kMostInSlab = Slabs::kLargestPiece / sizeof(T);
#endif
  /// Nothing is not: it may lie where the next slab begins.
  static constexpr bool is_in_slab(std::size_t count) noexcept { return count - 1 < kMostInSlab; }
  static std::size_t bytes_of(std::size_t count) {
    if (count > static_cast<std::size_t>(-1) / sizeof(T)) throw std::bad_array_new_length();
    return count * sizeof(T);
  }
};

}  // namespace hocket
