// What hocket bench measures, once its words are understood: blocks of workloads, and real ones.
#pragma once

#include "commands/bench_report.hpp"
#include "workloads/workload.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace hocket {

struct BenchRunOptions {
  workloads::WorkloadOptions workload;
  std::vector<unsigned> threads;
  unsigned repeat = 5;
  std::uint64_t read_latency_us = 0;
  std::vector<std::string> real;  // paths of bundles
  std::size_t merge = 1;          // so many of them become one block
};

/// Makes and measures a block of each workload in `chosen`, then the real ones; prints the table and writes the report.
/// A block that fails is reported, and the next one measured. Returns the command's exit status.
/// Requires: `options.threads` is not empty.
int bench_blocks(const BenchRunOptions& options, std::vector<const workloads::Workload*> chosen, BenchReport report);

}  // namespace hocket
