// How many processors there are for this process.
#pragma once

namespace hocket {

/// The processors that the calling thread may run on: less than the machine has under taskset, or in a container that
/// was given some of them. At least 1. Thread safety: any.
unsigned available_processors() noexcept;

}  // namespace hocket
