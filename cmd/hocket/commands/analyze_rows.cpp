#include "commands/analyze_rows.hpp"

#include "base/hex.hpp"
#include "commands/bundle_input.hpp"
#include "commands/replay_rows.hpp"
#include "terminal.hpp"

#include <fmt/core.h>

namespace hocket::analyze_rows {
namespace {

using nlohmann::ordered_json;
using replay_rows::network_name;

double megagas(std::uint64_t gas) { return static_cast<double>(gas) / 1e6; }
double percent(std::size_t part, std::size_t of) {
  return of > 0 ? 100 * static_cast<double>(part) / static_cast<double>(of) : 0;
}
double speed_up(std::uint64_t gas, std::uint64_t makespan) {
  return makespan > 0 ? static_cast<double>(gas) / static_cast<double>(makespan) : 1;
}

/// What the rows of a block and of the totals have in common.
struct Numbers {
  std::size_t transactions = 0;
  std::uint64_t gas = 0;
  KeyOverlap overlap;
  std::uint64_t critical_gas = 0;
  std::array<std::uint64_t, kReportedWorkers.size()> makespans{};

  double ideal(std::size_t workers_index) const { return speed_up(gas, makespans[workers_index]); }
};

Numbers numbers_of(const Row& row) {
  const ModelReport& model = row.report.of(ConflictModel::predicted_nonces);
  return {.transactions = row.bundle.block.transactions.size(),
          .gas = row.report.gas,
          .overlap = row.overlap,
          .critical_gas = model.paths.after_writers,
          .makespans = model.makespans};
}

Numbers numbers_of(const Totals& totals) {
  return {.transactions = totals.transactions,
          .gas = totals.gas,
          .overlap = totals.overlap,
          .critical_gas = totals.critical_gas,
          .makespans = totals.makespans};
}

std::string table_cells(const Numbers& of) {
  std::string cells = fmt::format("{:>7} {:>9.3f} {:>7.1f} {:>8.1f} {:>9.1f} {:>9.3f}", of.transactions,
                                  megagas(of.gas), percent(of.overlap.sharing.count, of.transactions),
                                  percent(of.overlap.overlapping.count, of.transactions),
                                  percent(of.overlap.dependent.count, of.transactions), megagas(of.critical_gas));
  for (std::size_t i = 0; i < kReportedWorkers.size(); ++i) cells += fmt::format(" {:>6.2f}", of.ideal(i));
  return cells;
}

ordered_json to_json(const TransactionShare& share) {
  ordered_json json;
  json["transactions"] = share.count;
  json["gas"] = share.gas;
  return json;
}

void add_numbers(const Numbers& of, ordered_json& json) {
  json["transactions"] = of.transactions;
  json["gas"] = of.gas;
  json["sharing"] = to_json(of.overlap.sharing);
  json["overlapping"] = to_json(of.overlap.overlapping);
  json["dependent"] = to_json(of.overlap.dependent);
  json["criticalGas"] = of.critical_gas;
  for (std::size_t i = 0; i < kReportedWorkers.size(); ++i)
    json["idealSpeedUp"][std::to_string(kReportedWorkers[i])] = of.ideal(i);
}

ordered_json to_json(const HotSpots& hot, std::size_t top) {
  ordered_json json;
  json["locations"] = ordered_json::array();
  for (const HotLocation& location : hot.locations(top)) json["locations"].push_back(block_analysis::to_json(location));
  json["contracts"] = ordered_json::array();
  for (const HotContract& contract : hot.contracts(top))
    json["contracts"].push_back(ordered_json{{"address", to_hex(contract.address)},
                                             {"locations", contract.locations},
                                             {"readers", contract.readers},
                                             {"writers", contract.writers},
                                             {"gas", contract.gas}});
  json["senders"] = ordered_json::array();
  for (const HotSender& sender : hot.senders(top))
    json["senders"].push_back(ordered_json{{"address", to_hex(sender.address)},
                                           {"transactions", sender.sent.count},
                                           {"gas", sender.sent.gas},
                                           {"dependent", to_json(sender.dependent)}});
  return json;
}

// RFC 4180.
std::string csv_text(std::string text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  for (std::size_t at = 0; (at = text.find('"', at)) != std::string::npos; at += 2) text.insert(at, "\"");
  return '"' + text + '"';
}

std::string csv_cells(const Numbers& of) {
  std::string cells = fmt::format("{},{}", of.transactions, of.gas);
  for (const TransactionShare& share : {of.overlap.sharing, of.overlap.overlapping, of.overlap.dependent})
    cells += fmt::format(",{},{}", share.count, share.gas);
  cells += fmt::format(",{}", of.critical_gas);
  for (std::size_t i = 0; i < kReportedWorkers.size(); ++i) cells += fmt::format(",{:.4f}", of.ideal(i));
  return cells;
}

}  // namespace

void Totals::add(const Row& row, std::span<const Transaction> transactions_of_row, const BlockTrace& trace) {
  const Numbers of = numbers_of(row);
  ++blocks;
  transactions += of.transactions;
  gas += of.gas;
  overlap += of.overlap;
  critical_gas += of.critical_gas;
  for (std::size_t i = 0; i < makespans.size(); ++i) makespans[i] += of.makespans[i];
  hot.add(trace, transactions_of_row);
}

// --- for people ------------------------------------------------------------------------------------------------------

void print_heading(bool colours) {
  std::string heading = fmt::format("{:<8} {:>9} {:>7} {:>9} {:>7} {:>8} {:>9} {:>9}", "network", "block", "txs",
                                    "Mgas", "share %", "overlap%", "dependent", "critical");
  for (const unsigned workers : kReportedWorkers) heading += fmt::format(" {:>6}", fmt::format("on {}", workers));
  fmt::print("{}\n", coloured(heading, Colour::bold, colours));
}

void print_row(const Row& row) {
  fmt::print("{:<8} {:>9} {}\n", network_name(row.bundle.config), row.bundle.block.header.number,
             table_cells(numbers_of(row)));
}

void print_totals(const Totals& totals, std::size_t top, bool colours) {
  const std::string name = fmt::format("{} {}", grouped(totals.blocks), totals.blocks == 1 ? "block" : "blocks");
  fmt::print("{}\n", coloured(fmt::format("{:<18} {}", name, table_cells(numbers_of(totals))), Colour::bold, colours));
  fmt::print("{}\n",
             coloured("share %: transactions that use a location which another one of the block uses too; overlap %: "
                      "one that somebody changes;\ndependent %: that need what an earlier one has changed; critical: "
                      "Mgas of the longest chain of these; on N: ideal speed-up on N\nworkers, time taken as gas "
                      "(docs/analyze.md)",
                      Colour::dim, colours));
  const auto locations = totals.hot.locations(top);
  if (!locations.empty()) fmt::print("\n{}\n", coloured("hottest locations", Colour::bold, colours));
  for (const HotLocation& hot : locations)
    fmt::print("  {}: {} transactions of {:.3f} Mgas depend on others for it, {} change it\n",
               block_analysis::text_of(hot.location), hot.readers, megagas(hot.gas), hot.writers);
  const auto contracts = totals.hot.contracts(top);
  if (!contracts.empty()) fmt::print("\n{}\n", coloured("hottest contracts and accounts", Colour::bold, colours));
  for (const HotContract& hot : contracts)
    fmt::print("  {}: {} transactions of {:.3f} Mgas depend on others for {} of its locations, {} change some\n",
               to_hex(hot.address), hot.readers, megagas(hot.gas), hot.locations, hot.writers);
  const auto senders = totals.hot.senders(top);
  if (!senders.empty()) fmt::print("\n{}\n", coloured("busiest senders", Colour::bold, colours));
  for (const HotSender& hot : senders)
    fmt::print("  {}: {} transactions of {:.3f} Mgas, {} of them of {:.3f} Mgas depend on others\n",
               to_hex(hot.address), hot.sent.count, megagas(hot.sent.gas), hot.dependent.count,
               megagas(hot.dependent.gas));
}

// --- for programs ----------------------------------------------------------------------------------------------------

void print_json(const Row& row, std::size_t top) {
  const Header& header = row.bundle.block.header;
  ordered_json line{
      {"file", row.bundle.name}, {"network", row.bundle.config.name},     {"chainId", row.bundle.config.chain_id},
      {"block", header.number},  {"hash", to_hex(row.bundle.block_hash)}, {"ok", true}};
  add_numbers(numbers_of(row), line);
  line["criticalPath"] = row.report.of(ConflictModel::predicted_nonces).paths.path;
  line["models"] = block_analysis::models_json(row.report);
  line["hottest"] = to_json(row.hot, top);
  print_json_line(line);
}

void print_json(const Totals& totals, std::size_t top) {
  ordered_json line;
  line["totals"]["blocks"] = totals.blocks;
  add_numbers(numbers_of(totals), line["totals"]);
  line["totals"]["hottest"] = to_json(totals.hot, top);
  print_json_line(line);
}

void print_csv_heading(CsvTable table) {
  switch (table) {
    case CsvTable::blocks: {
      std::string heading =
          "file,network,block,transactions,gas,sharing,sharingGas,overlapping,overlappingGas,dependent,dependentGas,"
          "criticalGas";
      for (const unsigned workers : kReportedWorkers) heading += fmt::format(",idealSpeedUp{}", workers);
      fmt::print("{}\n", heading);
      return;
    }
    case CsvTable::locations:
      fmt::print("kind,address,slot,readers,writers,gas\n");
      return;
    case CsvTable::contracts:
      fmt::print("address,locations,readers,writers,gas\n");
      return;
    case CsvTable::senders:
      fmt::print("address,transactions,gas,dependent,dependentGas\n");
      return;
  }
}

void print_csv(const Row& row) {
  fmt::print("{},{},{},{}\n", csv_text(row.bundle.name), csv_text(network_name(row.bundle.config)),
             row.bundle.block.header.number, csv_cells(numbers_of(row)));
}

void print_csv(const Totals& totals, CsvTable table, std::size_t top) {
  switch (table) {
    case CsvTable::blocks:
      fmt::print("total,,,{}\n", csv_cells(numbers_of(totals)));
      return;
    case CsvTable::locations:
      for (const HotLocation& hot : totals.hot.locations(top))
        fmt::print("{},{},{},{},{},{}\n", block_analysis::to_string(hot.location.kind), to_hex(hot.location.address),
                   hot.location.kind == LocationKind::slot ? to_hex(to_hash32(hot.location.slot)) : "", hot.readers,
                   hot.writers, hot.gas);
      return;
    case CsvTable::contracts:
      for (const HotContract& hot : totals.hot.contracts(top))
        fmt::print("{},{},{},{},{}\n", to_hex(hot.address), hot.locations, hot.readers, hot.writers, hot.gas);
      return;
    case CsvTable::senders:
      for (const HotSender& hot : totals.hot.senders(top))
        fmt::print("{},{},{},{},{}\n", to_hex(hot.address), hot.sent.count, hot.sent.gas, hot.dependent.count,
                   hot.dependent.gas);
      return;
  }
}

}  // namespace hocket::analyze_rows
