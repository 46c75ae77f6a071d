// What hocket analyze shows of each block and of all together: a table for people, JSON lines and CSV for programs.
#pragma once

#include "commands/block_analysis.hpp"

#include <cstdint>
#include <string>

namespace hocket::analyze_rows {

/// One block, analysed.
struct Row {
  const BlockBundle& bundle;
  BlockReport report;
  KeyOverlap overlap;
  HotSpots hot;
};

/// Sums over blocks.
struct Totals {
  std::size_t blocks = 0;
  std::size_t transactions = 0;
  std::uint64_t gas = 0;
  KeyOverlap overlap;
  std::uint64_t critical_gas = 0;
  std::array<std::uint64_t, kReportedWorkers.size()> makespans{};
  HotSpots hot;

  void add(const Row& row, std::span<const Transaction> transactions, const BlockTrace& trace);
};

// --- for people ------------------------------------------------------------------------------------------------------

void print_heading(bool colours);
void print_row(const Row& row);
/// With the `top` hottest locations, contracts and senders, and what the columns mean.
void print_totals(const Totals& totals, std::size_t top, bool colours);

// --- for programs ----------------------------------------------------------------------------------------------------

void print_json(const Row& row, std::size_t top);
void print_json(const Totals& totals, std::size_t top);

/// Which table --csv prints.
enum class CsvTable { blocks, locations, contracts, senders };

void print_csv_heading(CsvTable table);
/// Of the table of blocks.
void print_csv(const Row& row);
/// A last line of the table of blocks, or all lines of the others.
void print_csv(const Totals& totals, CsvTable table, std::size_t top);

}  // namespace hocket::analyze_rows
