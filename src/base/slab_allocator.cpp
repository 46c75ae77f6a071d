#include "base/slab_allocator.hpp"

#include <cstdlib>

namespace hocket {

constinit thread_local Slabs::Current Slabs::current_;

void Slabs::begin_slab() {
  static thread_local Owner owner;  // the first slab of a thread has it destroyed with the thread
  auto* memory = static_cast<std::uint8_t*>(::operator new(kSlabBytes, std::align_val_t{kSlabBytes}));
  leave_slab();
  current_ = {.next = memory + sizeof(Slab), .end = memory + kSlabBytes, .slab = ::new (memory) Slab, .pieces = 0};
}

void Slabs::leave_slab() noexcept {
  if (current_.slab != nullptr) give_back(current_.slab, kOwned - current_.pieces);
  current_ = {};
}

void Slabs::free_slab(Slab* slab) noexcept { ::operator delete(slab, std::align_val_t{kSlabBytes}); }

}  // namespace hocket
