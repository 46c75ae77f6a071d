// What hocket replay shows of each block and of all together: a table for people, JSON lines for programs.
#pragma once

#include "replay/block_bundle.hpp"
#include "replay/compare_executors.hpp"

#include <chrono>
#include <expected>
#include <nlohmann/json.hpp>
#include <string>

namespace hocket::replay_rows {

/// A chain without a name is known by its id.
std::string network_name(const ChainConfig& config);

/// How the blocks are executed, as far as it shows.
struct Mode {
  int repeat = 1;
  unsigned threads = 1;
  bool compares = false;
  bool roots_meanwhile = false;  // see ReplayOptions
};

/// Times of one block's execution by one executor.
struct ExecutionTimes {
  std::chrono::nanoseconds median{};
  std::chrono::nanoseconds least{};
  std::chrono::nanoseconds cpu{};  // median, of all cores together

  ExecutionTimes& operator+=(const ExecutionTimes& other);
};

/// One block's way through: what is shown of it, whether or not it was verified.
struct Row {
  const BlockBundle& bundle;
  std::chrono::nanoseconds decoding{};
  std::expected<ReplayReport, ReplayFailure> report;
  // With --compare or --report.
  ExecutionTimes sequential;
  ExecutionTimes parallel;

  std::uint64_t gas() const { return bundle.block.header.gas_used; }
  double megagas_per_second() const;
  /// Of a compared block. 0: it was too short to be measured.
  double speed_up() const;
  /// The same of the least times: on a busy machine nearer to the truth.
  double speed_up_least() const;
};

/// How much faster than sequential execution a set of blocks was.
class SpeedUps {
 public:
  void add(const Row& row);

  std::size_t blocks() const noexcept { return blocks_; }
  double time_weighted() const;
  /// The same of the least times: on a busy machine nearer to the truth.
  double time_weighted_least() const;
  double mean() const { return sum_ / static_cast<double>(blocks_); }
  double worst() const noexcept { return worst_; }
  /// "mainnet 46147"
  const std::string& worst_block() const noexcept { return worst_block_; }
  const ExecutionTimes& sequential() const noexcept { return sequential_; }
  const ExecutionTimes& parallel() const noexcept { return parallel_; }

 private:
  std::size_t blocks_ = 0;
  double sum_ = 0;
  double worst_ = 0;
  std::string worst_block_;
  ExecutionTimes sequential_, parallel_;
};

struct Totals {
  std::size_t verified = 0;
  std::size_t failed = 0;
  std::size_t transactions = 0;
  std::uint64_t gas = 0;
  std::chrono::nanoseconds decoding{}, recovery{}, execution{}, verification{};
  // With --compare.
  SpeedUps all;
  SpeedUps large;  // blocks of at least kLargeBlockGas

  void add(const Row& row, const Mode& mode);
};

/// What is below it is over in a few milliseconds: totals are also given without it.
inline constexpr std::uint64_t kLargeBlockGas = 5'000'000;

/// `report`: what --report adds; null for nothing.
void print_json(const Row& row, const Mode& mode, nlohmann::ordered_json report);
/// A last line, with --compare.
void print_json(const Totals& totals, const Mode& mode);

void print_heading(const Mode& mode, bool colours);
void print_row(const Row& row, const Mode& mode, bool colours);
void print_totals(const Totals& totals, const Mode& mode, bool colours);

}  // namespace hocket::replay_rows
