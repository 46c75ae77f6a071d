#include "workloads/process_usage.hpp"

#include <fstream>
#include <malloc.h>
#include <string>
#include <string_view>
#include <sys/resource.h>

namespace hocket::workloads {
namespace {

// A line of /proc/self/status: "VmHWM:     1234 kB".
std::optional<std::uint64_t> status_kibibytes(std::string_view name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(name)) return std::strtoull(line.c_str() + name.size(), nullptr, 10) * 1024;
  return std::nullopt;
}

std::chrono::nanoseconds duration_of(const timeval& time) noexcept {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

}  // namespace

std::chrono::nanoseconds processor_time() noexcept {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return duration_of(usage.ru_utime) + duration_of(usage.ru_stime);
}

std::optional<std::uint64_t> resident_bytes() { return status_kibibytes("VmRSS:"); }

bool reset_peak_memory() {
  malloc_trim(0);
  // proc(5): 5 sets the peak of resident memory to what is resident now.
  std::ofstream clear("/proc/self/clear_refs");
  clear << "5" << std::flush;
  return clear.good();
}

std::optional<std::uint64_t> peak_bytes() { return status_kibibytes("VmHWM:"); }

}  // namespace hocket::workloads
