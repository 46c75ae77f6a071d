// StablePool: objects that are only ever added and all forgotten at once. Their addresses do not change, and the memory
// is kept for the next round, so that steady use does not allocate.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace hocket {

/// Requires: T is default constructible and assignable. Thread safety: none.
template <class T, std::size_t kChunk = 64>
class StablePool {
 public:
  /// A fresh, default-valued object.
  T& add() {
    if (size_ == chunks_.size() * kChunk) chunks_.push_back(std::make_unique<T[]>(kChunk));
    T& object = (*this)[size_++];
    object = T{};
    return object;
  }

  void clear() noexcept { size_ = 0; }
  std::size_t size() const noexcept { return size_; }
  T& operator[](std::size_t i) noexcept { return chunks_[i / kChunk][i % kChunk]; }
  const T& operator[](std::size_t i) const noexcept { return chunks_[i / kChunk][i % kChunk]; }

 private:
  std::vector<std::unique_ptr<T[]>> chunks_;
  std::size_t size_ = 0;
};

}  // namespace hocket
