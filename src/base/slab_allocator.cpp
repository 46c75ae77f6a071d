#include "base/slab_allocator.hpp"

namespace hocket {

constinit thread_local Slabs::Current Slabs::current;

void Slabs::begin_slab() {
  static thread_local Owner owner;  // the first slab of a thread has it destroyed with the thread
  auto* memory = static_cast<std::uint8_t*>(::operator new(kSlabBytes, std::align_val_t{kSlabBytes}));
  leave_slab();
  current = {.next = memory + sizeof(Slab), .end = memory + kSlabBytes, .slab = ::new (memory) Slab, .pieces = 0};
}

void Slabs::leave_slab() noexcept {
  if (current.slab != nullptr) give_back(current.slab, kOwned - current.pieces);
  current = {};
}

void Slabs::free_slab(Slab* slab) noexcept { ::operator delete(slab, std::align_val_t{kSlabBytes}); }

}  // namespace hocket
