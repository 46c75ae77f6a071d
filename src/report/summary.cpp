#include "report/summary.hpp"

#include "report/format.hpp"

#include <cmath>
#include <cstdint>
#include <map>
#include <string>

namespace hocket::report {
namespace {

using nlohmann::ordered_json;

/// All blocks at one number of threads.
struct Total {
  std::size_t blocks = 0;
  double sequential_ms = 0;
  double ms = 0;
  double ms_at_bound = 0;  // if each block took what its dependencies allow at least
  double log_speed_up = 0;
  double least_speed_up = 0;
  std::uint64_t gas = 0;
  std::uint64_t executed_gas = 0;
  std::uint64_t transactions = 0;
  std::uint64_t executions = 0;
  std::uint64_t reexecutions = 0;
  std::uint64_t waits = 0;
};

void add(const ordered_json& section, const ordered_json& cost, double sequential_ms, Total& total) {
  const double speed_up = cost["speedUp"];
  if (total.blocks == 0 || speed_up < total.least_speed_up) total.least_speed_up = speed_up;
  ++total.blocks;
  total.sequential_ms += sequential_ms;
  total.ms += cost["ms"].get<double>();
  total.ms_at_bound += ratio(sequential_ms, cost["bound"]);
  total.log_speed_up += std::log(speed_up);
  total.gas += section["gas"].get<std::uint64_t>();
  total.executed_gas += cost["executedGas"].get<std::uint64_t>();
  total.transactions += section["transactions"].get<std::uint64_t>();
  total.executions += cost["executions"].get<std::uint64_t>();
  total.reexecutions += cost["reexecutions"].get<std::uint64_t>();
  total.waits += cost["waits"].get<std::uint64_t>();
}

ordered_json to_json(unsigned threads, const Total& total) {
  return {{"threads", threads},
          {"blocks", total.blocks},
          {"ms", total.ms},
          {"mgasPerSecond", ratio(static_cast<double>(total.gas) / 1e3, total.ms)},
          {"speedUp", ratio(total.sequential_ms, total.ms)},
          {"speedUpGeometricMean", std::exp(total.log_speed_up / static_cast<double>(total.blocks))},
          {"speedUpLeast", total.least_speed_up},
          {"bound", ratio(total.sequential_ms, total.ms_at_bound)},
          {"shareOfBound", ratio(total.ms_at_bound, total.ms)},
          {"executedOverCommitted",
           total.gas == 0 ? 1.0 : ratio(static_cast<double>(total.executed_gas), static_cast<double>(total.gas))},
          {"executions", total.executions},
          {"reexecutions", total.reexecutions},
          {"waits", total.waits}};
}

/// What the dependencies of all blocks together allow, beyond the threads that were measured.
ordered_json bounds_of(std::span<const ordered_json> sections) {
  std::map<unsigned, std::pair<double, double>> times;  // by workers: at the bound, and at that of whole transactions
  double sequential_ms = 0;
  for (const ordered_json& section : sections) {
    const double ms = section["costs"][0]["ms"];
    sequential_ms += ms;
    for (const ordered_json& bound : section["bounds"]) {
      auto& [at_bound, at_whole] = times[bound["workers"]];
      at_bound += ratio(ms, bound["bound"]);
      at_whole += ratio(ms, bound["boundWhole"]);
    }
  }
  ordered_json json = ordered_json::array();
  for (const auto& [workers, of] : times)
    json.push_back({{"workers", workers},
                    {"bound", ratio(sequential_ms, of.first)},
                    {"boundWhole", ratio(sequential_ms, of.second)}});
  return json;
}

}  // namespace

ordered_json summary_of(std::span<const ordered_json> sections) {
  std::map<unsigned, Total> totals;
  std::uint64_t transactions = 0;
  std::uint64_t gas = 0;
  std::map<std::string, std::size_t> verdicts = {{"slower", 0}, {"faster", 0}, {"same", 0}, {"unknown", 0}};
  std::size_t not_compared = 0;
  for (const ordered_json& section : sections) {
    transactions += section["transactions"].get<std::uint64_t>();
    gas += section["gas"].get<std::uint64_t>();
    const double sequential_ms = section["costs"][0]["ms"];
    for (const ordered_json& cost : section["costs"]) {
      add(section, cost, sequential_ms, totals[cost["threads"]]);
      if (const auto found = cost.find("baseline"); found != cost.end()) {
        if (found->is_null())
          ++not_compared;
        else
          ++verdicts[(*found)["verdict"]];
      }
    }
  }
  ordered_json json{{"blocks", sections.size()}, {"transactions", transactions}, {"gas", gas}};
  json["threads"] = ordered_json::array();
  for (const auto& [threads, total] : totals) json["threads"].push_back(to_json(threads, total));
  json["bounds"] = bounds_of(sections);
  json["changes"] = verdicts;
  json["changes"]["notCompared"] = not_compared;
  return json;
}

}  // namespace hocket::report
