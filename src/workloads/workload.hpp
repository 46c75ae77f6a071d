// Workload: a kind of block, by name. The table of all of them.
#pragma once

#include "base/result.hpp"
#include "workloads/scenario.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hocket::workloads {

struct Workload {
  std::string_view name;     // family/variant: "erc20/zipf"
  std::string_view summary;  // one line
  /// Deterministic: the same options give the same scenario. Thread safety: pure.
  Scenario (*make)(const WorkloadOptions& options);

  std::string_view family() const noexcept { return name.substr(0, name.find('/')); }
};

/// All workloads, those of a family together.
std::span<const Workload> all_workloads();

/// The workloads that `name` means: one, or a family's.
/// Errors: there is none; the message names what there is.
Result<std::vector<const Workload*>> find_workloads(std::string_view name);

}  // namespace hocket::workloads
