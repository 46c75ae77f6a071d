#include "commands/bench_table.hpp"

#include "analysis/block_report.hpp"
#include "terminal.hpp"

#include <fmt/core.h>
#include <string>

namespace hocket {
namespace {

using workloads::Cost;
using workloads::Measurement;

double milliseconds(std::chrono::nanoseconds time) { return std::chrono::duration<double, std::milli>(time).count(); }

}  // namespace

void BenchTable::print_heading() const {
  const std::string heading =
      fmt::format("{:<28} {:>7} {:>8} {:>7} {:>9} {:>8} {:>8} {:>6} {:>6} {:>6} {:>8} {:>8}{}", "workload", "txs",
                  "Mgas", "threads", "ms", "Mgas/s", "speed-up", "bound", "whole", "CPU %", "executed", "peak MB",
                  baseline_ != nullptr ? "  than before" : "");
  fmt::print("{}\n", coloured(heading, Colour::bold, colours_));
}

void BenchTable::print(const Measurement& measurement) const {
  fmt::print("{:<28} {:>7} {:>8.1f} ", measurement.name, measurement.transactions,
             static_cast<double>(measurement.gas) / 1e6);
  print_cost(measurement, measurement.sequential);
  for (const Cost& cost : measurement.parallel) {
    fmt::print("{:<28} {:>7} {:>8} ", "", "", "");
    print_cost(measurement, cost);
  }
}

void BenchTable::print_cost(const Measurement& measurement, const Cost& cost) const {
  const bool is_sequential = &cost == &measurement.sequential;
  const double speed_up = measurement.speed_up(cost);
  std::string speed_up_text(8, ' ');
  std::string executed_text(8, ' ');
  std::string bound_text(13, ' ');
  if (!is_sequential && measurement.critical_gas && measurement.critical_gas_waiting)
    bound_text = fmt::format("{:>6.2f} {:>6.2f}",
                             speed_up_bound(measurement.gas, *measurement.critical_gas_waiting, cost.threads),
                             speed_up_bound(measurement.gas, *measurement.critical_gas, cost.threads));
  if (!is_sequential) {
    const Colour colour = speed_up < 1 ? Colour::red : Colour::green;
    speed_up_text = coloured(fmt::format("{:>8.2f}", speed_up), colour, colours_);
    executed_text = fmt::format("{:>8.3f}", cost.executed_over_committed());
  }
  const std::string peak =
      cost.peak_bytes ? fmt::format("{:.1f}", static_cast<double>(*cost.peak_bytes) / 1e6) : std::string("-");
  fmt::print("{:>7} {:>9.2f} {:>8.0f} {} {} {:>6.0f} {} {:>8}{}\n", cost.threads, milliseconds(cost.wall),
             measurement.megagas_per_second(cost), speed_up_text, bound_text, 100 * cost.cpu_share, executed_text, peak,
             change_text(measurement, cost));
}

/// "  +12.3 % slower"
std::string BenchTable::change_text(const Measurement& measurement, const Cost& cost) const {
  if (baseline_ == nullptr) return {};
  const auto change = baseline_->change(measurement, cost);
  if (!change) return "  not there";
  const std::string percent = fmt::format("  {:+.1f} %", 100 * (change->ratio - 1));
  switch (change->verdict) {
    case report::Verdict::slower:
      return coloured(percent + " slower", Colour::red, colours_);
    case report::Verdict::faster:
      return coloured(percent + " faster", Colour::green, colours_);
    case report::Verdict::unknown:
      return percent + " (too few repeats to tell)";
    case report::Verdict::same:
      break;
  }
  return percent;
}

}  // namespace hocket
