#include "commands/replay_rows.hpp"

#include "base/hex.hpp"
#include "commands/bundle_input.hpp"
#include "terminal.hpp"

#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

namespace hocket::replay_rows {
namespace {

double milliseconds(std::chrono::nanoseconds time) { return std::chrono::duration<double, std::milli>(time).count(); }
double ratio(std::chrono::nanoseconds a, std::chrono::nanoseconds b) {
  return b.count() > 0 ? static_cast<double>(a.count()) / static_cast<double>(b.count()) : 0;
}
double megagas(std::uint64_t gas) { return static_cast<double>(gas) / 1e6; }

std::vector<std::string_view> checks_with(const ReplayReport& report, CheckResult result) {
  std::vector<std::string_view> names;
  for (int i = 0; i < kCheckCount; ++i)
    if (report.checks[static_cast<std::size_t>(i)] == result) names.push_back(to_string(static_cast<Check>(i)));
  return names;
}

std::string joined(const std::vector<std::string_view>& words) {
  std::string text;
  for (const std::string_view word : words) text += (text.empty() ? "" : ", ") + std::string(word);
  return text;
}

std::string threads_text(unsigned threads) {
  return fmt::format("{} {}", threads, threads == 1 ? "thread" : "threads");
}

nlohmann::ordered_json to_json(const SpeedUps& speed_ups) {
  nlohmann::ordered_json json;
  json["blocks"] = speed_ups.blocks();
  if (speed_ups.blocks() == 0) return json;
  json["sequentialMs"] = milliseconds(speed_ups.sequential().median);
  json["parallelMs"] = milliseconds(speed_ups.parallel().median);
  json["sequentialCpuMs"] = milliseconds(speed_ups.sequential().cpu);
  json["parallelCpuMs"] = milliseconds(speed_ups.parallel().cpu);
  json["timeWeighted"] = speed_ups.time_weighted();
  json["timeWeightedOfMinima"] = speed_ups.time_weighted_least();
  json["mean"] = speed_ups.mean();
  json["worst"] = speed_ups.worst();
  json["worstBlock"] = speed_ups.worst_block();
  return json;
}

}  // namespace

std::string network_name(const ChainConfig& config) {
  return config.name == "custom" ? fmt::format("{}", config.chain_id) : config.name;
}

double Row::megagas_per_second() const {
  const double seconds = milliseconds(report->execution) / 1e3;
  return seconds > 0 ? megagas(gas()) / seconds : 0;
}

double Row::speed_up() const { return ratio(sequential.median, parallel.median); }
double Row::speed_up_least() const { return ratio(sequential.least, parallel.least); }

ExecutionTimes& ExecutionTimes::operator+=(const ExecutionTimes& other) {
  median += other.median;
  least += other.least;
  cpu += other.cpu;
  return *this;
}

void SpeedUps::add(const Row& row) {
  const double speed_up = row.speed_up();
  if (blocks_ == 0 || speed_up < worst_) {
    worst_ = speed_up;
    worst_block_ = fmt::format("{} {}", network_name(row.bundle.config), row.bundle.block.header.number);
  }
  ++blocks_;
  sum_ += speed_up;
  sequential_ += row.sequential;
  parallel_ += row.parallel;
}

double SpeedUps::time_weighted() const { return ratio(sequential_.median, parallel_.median); }
double SpeedUps::time_weighted_least() const { return ratio(sequential_.least, parallel_.least); }

void Totals::add(const Row& row, const Mode& mode) {
  ++(row.report ? verified : failed);
  decoding += row.decoding;
  if (!row.report) return;
  transactions += row.bundle.block.transactions.size();
  gas += row.gas();
  recovery += row.report->recovery;
  execution += row.report->execution;
  verification += row.report->verification;
  // A block without transactions has nothing to be faster at.
  if (!mode.compares || row.bundle.block.transactions.empty()) return;
  all.add(row);
  if (row.gas() >= kLargeBlockGas) large.add(row);
}

// --- for programs ----------------------------------------------------------------------------------------------------

void print_json(const Row& row, const Mode& mode, nlohmann::ordered_json report) {
  const Header& header = row.bundle.block.header;
  nlohmann::ordered_json line{
      {"file", row.bundle.name},
      {"network", row.bundle.config.name},
      {"chainId", row.bundle.config.chain_id},
      {"block", header.number},
      {"hash", to_hex(row.bundle.block_hash)},
      {"fork", fork_name(header, row.bundle.config)},
      {"transactions", row.bundle.block.transactions.size()},
      {"gasUsed", header.gas_used},
      {"ok", row.report.has_value()},
  };
  if (row.report) {
    line["repeat"] = mode.repeat;
    line["threads"] = mode.threads;
    line["decodeMs"] = milliseconds(row.decoding);
    line["recoverMs"] = milliseconds(row.report->recovery);
    if (mode.roots_meanwhile) line["rootsMeanwhile"] = true;
    line["executeMs"] = milliseconds(row.report->execution);
    line["executeCpuMs"] = milliseconds(row.report->execution_cpu);
    line["verifyMs"] = milliseconds(row.report->verification);
    if (mode.compares) {
      line["executeMinMs"] = milliseconds(row.parallel.least);
      line["sequentialMs"] = milliseconds(row.sequential.median);
      line["sequentialMinMs"] = milliseconds(row.sequential.least);
      line["sequentialCpuMs"] = milliseconds(row.sequential.cpu);
      line["speedUp"] = row.speed_up();
    }
    line["mgasPerSecond"] = row.megagas_per_second();
    line["verified"] = checks_with(*row.report, CheckResult::verified);
    line["notVerified"] = checks_with(*row.report, CheckResult::not_verified);
    if (!report.is_null()) line["report"] = std::move(report);
  } else {
    line["error"] = row.report.error().message;
  }
  print_json_line(line);
}

void print_json(const Totals& totals, const Mode& mode) {
  nlohmann::ordered_json line;
  line["totals"]["threads"] = mode.threads;
  line["totals"]["repeat"] = mode.repeat;
  line["totals"]["all"] = to_json(totals.all);
  line["totals"]["atLeast5Mgas"] = to_json(totals.large);
  print_json_line(line);
}

// --- for people ------------------------------------------------------------------------------------------------------

void print_heading(const Mode& mode, bool colours) {
  std::string heading = fmt::format("{:<8} {:>9}  {:<17} {:>5} {:>8} ", "network", "block", "fork", "txs", "Mgas");
  if (mode.compares)
    heading += fmt::format("{:>13} {:>11} {:>8}", "sequential ms", "parallel ms", "speed-up");
  else
    heading += fmt::format("{:>9} {:>8}", "ms", "Mgas/s");
  fmt::print("{}\n", coloured(heading + "  verified", Colour::bold, colours));
}

void print_row(const Row& row, const Mode& mode, bool colours) {
  const Header& header = row.bundle.block.header;
  fmt::print("{:<8} {:>9}  {:<17} {:>5} {:>8.3f} ", network_name(row.bundle.config), header.number,
             fork_name(header, row.bundle.config), row.bundle.block.transactions.size(), megagas(header.gas_used));
  if (!row.report) {
    fmt::print("{:>{}}  {}\n", "", mode.compares ? 34 : 18, coloured("FAILED", Colour::red, colours));
    return;
  }
  const auto missing = checks_with(*row.report, CheckResult::not_verified);
  const std::string verified = missing.empty() ? coloured("all", Colour::green, colours)
                                               : coloured("all but ", Colour::green, colours) +
                                                     coloured(joined(missing), Colour::yellow, colours);
  const double execution_ms = milliseconds(row.report->execution);
  if (mode.compares)
    fmt::print("{:>13.3f} {:>11.3f} {:>8.2f}  {}\n", milliseconds(row.sequential.median), execution_ms, row.speed_up(),
               verified);
  else
    fmt::print("{:>9.3f} {:>8}  {}\n", execution_ms,
               header.gas_used == 0 ? "-" : fmt::format("{:.0f}", row.megagas_per_second()), verified);
}

namespace {

void print_speed_ups(const char* which, const SpeedUps& speed_ups) {
  if (speed_ups.blocks() == 0) return;
  fmt::print("{:<17} {:>6} {:>13.3f} {:>11.3f} {:>13.2f} {:>9.2f} {:>6.2f} {:>6.2f}  {}\n", which,
             grouped(speed_ups.blocks()), milliseconds(speed_ups.sequential().median),
             milliseconds(speed_ups.parallel().median), speed_ups.time_weighted(), speed_ups.time_weighted_least(),
             speed_ups.mean(), speed_ups.worst(), speed_ups.worst_block());
}

void print_speed_ups(const Totals& totals, const Mode& mode, bool colours) {
  if (totals.all.blocks() == 0) return;
  const std::string heading =
      fmt::format("{:<17} {:>6} {:>13} {:>11} {:>13} {:>9} {:>6} {:>6}  {}", "speed-up", "blocks", "sequential ms",
                  "parallel ms", "time-weighted", "of minima", "mean", "worst", "at block");
  fmt::print("\n{}\n", coloured(heading, Colour::bold, colours));
  print_speed_ups("all", totals.all);
  print_speed_ups("at least 5 Mgas", totals.large);
  const std::size_t left_out = totals.verified - totals.all.blocks();
  const std::string detail =
      fmt::format("parallel: {}; receipts, logs, gas, requests and state changes were the same in every execution{}",
                  threads_text(mode.threads),
                  left_out == 0 ? "" : fmt::format("; left out, without transactions: {}", grouped(left_out)));
  fmt::print("{}\n", coloured(detail, Colour::dim, colours));
}

}  // namespace

void print_totals(const Totals& totals, const Mode& mode, bool colours) {
  const double execution_ms = milliseconds(totals.execution);
  const std::size_t blocks = totals.verified + totals.failed;
  fmt::print(
      "\n{}{}\n",
      coloured(fmt::format("{} of {} {} verified", grouped(totals.verified), grouped(blocks),
                           blocks == 1 ? "block" : "blocks"),
               totals.failed == 0 ? Colour::green : Colour::red, colours),
      fmt::format(": {} transactions, {:.3f} Mgas in {:.1f} ms, {:.0f} Mgas/s", grouped(totals.transactions),
                  megagas(totals.gas), execution_ms, execution_ms > 0 ? megagas(totals.gas) / execution_ms * 1e3 : 0));
  const std::string runs = mode.repeat == 1 ? "" : fmt::format(", medians of {} runs", mode.repeat);
  const std::string detail = fmt::format(
      "ms is execution {}, {}{}; besides: decoding {:.1f} ms, sender recovery {:.1f} ms, {} {:.1f} ms\n"
      "all: block hash, parent, roots of transactions, receipts, withdrawals and state, senders, ommers, gas, blob "
      "gas, "
      "bloom,\n     requests, as far as the block's fork has them; the proof-of-work seal is not checked",
      mode.roots_meanwhile ? "with the roots of transactions and receipts, which are made meanwhile" : "alone",
      threads_text(mode.threads), runs, milliseconds(totals.decoding), milliseconds(totals.recovery),
      mode.roots_meanwhile ? "other roots" : "roots", milliseconds(totals.verification));
  fmt::print("{}\n", coloured(detail, Colour::dim, colours));
  if (mode.compares) print_speed_ups(totals, mode, colours);
}

}  // namespace hocket::replay_rows
