#include "base/processors.hpp"

#include <algorithm>
#include <sched.h>
#include <thread>

namespace hocket {

unsigned available_processors() noexcept {
  cpu_set_t allowed;
  // It fails where the machine has more processors than a cpu_set_t (1024).
  if (::sched_getaffinity(0, sizeof(allowed), &allowed) == 0)
    return std::max(1u, static_cast<unsigned>(CPU_COUNT(&allowed)));
  return std::max(1u, std::thread::hardware_concurrency());
}

}  // namespace hocket
