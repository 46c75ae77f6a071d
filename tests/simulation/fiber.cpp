#include "simulation/fiber.hpp"

#include "base/assert.hpp"

#include <cstdint>
#include <cstring>

#if defined(__x86_64__) && !defined(HOCKET_PORTABLE)
#define HOCKET_FIBER_ASSEMBLY 1
#else
#include <ucontext.h>
#endif

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#include <sanitizer/common_interface_defs.h>
#define HOCKET_FIBER_ASAN 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#include <sanitizer/common_interface_defs.h>
#define HOCKET_FIBER_ASAN 1
#endif

namespace hocket::simulation {
namespace {

constexpr std::size_t kStackBytes = 256 << 10;

#ifdef HOCKET_FIBER_ASSEMBLY
// Saves the callee-saved registers (System V ABI) on the running stack, its pointer in *save, and continues on `load`.
extern "C" void hocket_switch_stack(void** save, void* load);
asm(R"(
  .text
  .type hocket_switch_stack, @function
hocket_switch_stack:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
  .size hocket_switch_stack, .-hocket_switch_stack
)");
#endif

/// Tells the address sanitizer that the stack changes.
void before_switch([[maybe_unused]] void** fake_stack, [[maybe_unused]] const void* bottom,
                   [[maybe_unused]] std::size_t size) {
#ifdef HOCKET_FIBER_ASAN
  __sanitizer_start_switch_fiber(fake_stack, bottom, size);
#endif
}
void after_switch([[maybe_unused]] void* fake_stack, [[maybe_unused]] const void** bottom,
                  [[maybe_unused]] std::size_t* size) {
#ifdef HOCKET_FIBER_ASAN
  __sanitizer_finish_switch_fiber(fake_stack, bottom, size);
#endif
}

}  // namespace

struct Fiber::Impl {
  std::unique_ptr<std::uint8_t[]> stack = std::make_unique_for_overwrite<std::uint8_t[]>(kStackBytes);
  std::function<void()> body;
  bool ended = true;
#ifdef HOCKET_FIBER_ASSEMBLY
  void* own = nullptr;      // where the fiber is suspended
  void* resumer = nullptr;  // where `resume` is
#else
  ucontext_t own;
  ucontext_t resumer;
#endif
  void* own_fake_stack = nullptr;
  void* resumer_fake_stack = nullptr;
  const void* resumer_bottom = nullptr;
  std::size_t resumer_size = 0;

  static thread_local Impl* running;

  void switch_in() {
    before_switch(&resumer_fake_stack, stack.get(), kStackBytes);
#ifdef HOCKET_FIBER_ASSEMBLY
    hocket_switch_stack(&resumer, own);
#else
    swapcontext(&resumer, &own);
#endif
    after_switch(resumer_fake_stack, nullptr, nullptr);
  }
  void switch_out() {
    before_switch(ended ? nullptr : &own_fake_stack, resumer_bottom, resumer_size);
#ifdef HOCKET_FIBER_ASSEMBLY
    hocket_switch_stack(&own, resumer);
#else
    swapcontext(&own, &resumer);
#endif
    after_switch(own_fake_stack, &resumer_bottom, &resumer_size);
  }

  static void main() {
    Impl& self = *running;
    after_switch(nullptr, &self.resumer_bottom, &self.resumer_size);
    self.body();
    self.ended = true;
    self.switch_out();
    __builtin_unreachable();
  }
};

thread_local Fiber::Impl* Fiber::Impl::running = nullptr;

Fiber::Fiber() : impl_(std::make_unique<Impl>()) {}
Fiber::~Fiber() = default;

void Fiber::start(std::function<void()> body) {
  Impl& x = *impl_;
  x.body = std::move(body);
  x.ended = false;
  x.own_fake_stack = nullptr;
#ifdef HOCKET_FIBER_ASSEMBLY
  // Six registers, and the address to return to, which must be a multiple of 16: so main finds the stack as after a
  // call.
  auto top = reinterpret_cast<std::uintptr_t>(x.stack.get()) + kStackBytes;
  top = (top & ~std::uintptr_t{15}) - 16;
  auto* frame = reinterpret_cast<void**>(top) - 6;
  std::memset(frame, 0, 8 * sizeof(void*));
  frame[6] = reinterpret_cast<void*>(&Impl::main);
  x.own = frame;
#else
  getcontext(&x.own);
  x.own.uc_stack.ss_sp = x.stack.get();
  x.own.uc_stack.ss_size = kStackBytes;
  x.own.uc_link = nullptr;
  makecontext(&x.own, &Impl::main, 0);
#endif
}

void Fiber::resume() {
  HOCKET_ASSERT(!impl_->ended && Impl::running == nullptr);
  Impl::running = impl_.get();
  impl_->switch_in();
  Impl::running = nullptr;
}

void Fiber::suspend() {
  HOCKET_ASSERT(Impl::running != nullptr);
  Impl::running->switch_out();
}

bool Fiber::ended() const noexcept { return impl_->ended; }

}  // namespace hocket::simulation
