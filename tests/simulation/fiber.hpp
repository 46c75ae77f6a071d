// Fiber: a stack of its own to run on, entered and left by hand. Virtual workers are fibers: all of them run on one
// thread, so that nothing but the simulation's seed decides what happens when.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace hocket::simulation {

/// Thread safety: none; a fiber stays on one thread.
class Fiber {
 public:
  Fiber();
  ~Fiber();
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  /// `body` begins with the next `resume`. A body under way is forgotten: what is on its stack is not destroyed.
  void start(std::function<void()> body);
  /// Runs the body until it suspends or ends. Requires: called from outside any fiber; the body has not ended.
  void resume();
  /// Back to where the running fiber was resumed. Requires: called on a fiber.
  static void suspend();
  /// The body has ended, or was never started.
  bool ended() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hocket::simulation
