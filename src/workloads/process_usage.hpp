// What the process has used so far: processor time and memory, as the system tells.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace hocket::workloads {

/// User and system time of all threads.
std::chrono::nanoseconds processor_time() noexcept;

/// Bytes resident now.
std::optional<std::uint64_t> resident_bytes();

/// Gives freed memory back and starts a new peak. False: the system does not offer it.
bool reset_peak_memory();
/// The most bytes resident since `reset_peak_memory`.
std::optional<std::uint64_t> peak_bytes();

}  // namespace hocket::workloads
