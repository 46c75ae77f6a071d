// Arena: memory that is handed out piece by piece and given back all at once. What lies in it must not need a
// destructor. The memory is kept for the next round, so that steady use neither allocates nor faults pages in.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

namespace hocket {

/// Thread safety: none.
class Arena {
 public:
  /// Of a chunk's first byte: a cache line.
  static constexpr std::size_t kAlignment = 64;

  Arena() = default;
  /// What is allocated at least when there is no room left.
  explicit Arena(std::size_t chunk_bytes) : chunk_bytes_(chunk_bytes) {}

  /// An object that lives until `clear`.
  template <class T, class... Arguments>
  T& make(Arguments&&... arguments) {
    static_assert(std::is_trivially_destructible_v<T>);
    return *::new (allocate(sizeof(T), alignof(T))) T(std::forward<Arguments>(arguments)...);
  }

  /// Memory for `count` objects, not initialised.
  template <class T>
  T* allocate_array(std::size_t count) {
    static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);
    return static_cast<T*>(allocate(count * sizeof(T), alignof(T)));
  }

  /// Requires: `alignment` is a power of two, at most kAlignment.
  void* allocate(std::size_t size_bytes, std::size_t alignment) {
    std::size_t at = (used_ + alignment - 1) & ~(alignment - 1);
    if (chunk_ == chunks_.size() || at + size_bytes > chunks_[chunk_].size) {
      next_chunk(size_bytes);
      at = 0;
    }
    used_ = at + size_bytes;
    return chunks_[chunk_].bytes.get() + at;
  }

  void clear() noexcept {
    chunk_ = 0;
    used_ = 0;
  }

 private:
  struct Free {
    void operator()(std::byte* bytes) const noexcept { ::operator delete(bytes, std::align_val_t{kAlignment}); }
  };
  struct Chunk {
    std::unique_ptr<std::byte, Free> bytes;
    std::size_t size = 0;
  };

  void next_chunk(std::size_t size_bytes) {
    if (chunk_ < chunks_.size()) ++chunk_;
    while (chunk_ < chunks_.size() && chunks_[chunk_].size < size_bytes) ++chunk_;
    if (chunk_ < chunks_.size()) return;
    const std::size_t size = size_bytes > chunk_bytes_ ? size_bytes : chunk_bytes_;
    std::unique_ptr<std::byte, Free> bytes(static_cast<std::byte*>(::operator new(size, std::align_val_t{kAlignment})));
    chunks_.push_back({std::move(bytes), size});
  }

  std::size_t chunk_bytes_ = std::size_t{256} << 10;
  std::vector<Chunk> chunks_;
  std::size_t chunk_ = 0;  // in use
  std::size_t used_ = 0;   // bytes of it
};

}  // namespace hocket
