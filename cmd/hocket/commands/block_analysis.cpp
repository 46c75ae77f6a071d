#include "commands/block_analysis.hpp"

#include "base/hex.hpp"
#include "block/verify.hpp"

#include <fmt/core.h>

namespace hocket::block_analysis {
namespace {

using nlohmann::ordered_json;

constexpr const char* kKinds[kLocationKindCount] = {"balance", "nonce", "code", "existence", "slot"};

double megagas(std::uint64_t gas) { return static_cast<double>(gas) / 1e6; }

}  // namespace

Result<TracedBundle> trace(const BlockBundle& bundle, ProgramCache& programs) {
  const Header& header = bundle.block.header;
  auto recovered = recover_senders(bundle.block, bundle.config.spec_for(header), bundle.config.chain_id);
  if (!recovered) return fail(recovered.error().message());
  HOCKET_TRY(auto traced, trace_block(*recovered, bundle.config, *bundle.state, programs));
  const Verdict verdict = verify(traced.output, header, bundle.config);
  if (!verdict) return fail(verdict.error().message());
  return TracedBundle{.block = std::move(*recovered), .trace = std::move(traced.trace)};
}

std::string_view to_string(LocationKind kind) noexcept { return kKinds[static_cast<std::size_t>(kind)]; }

std::string text_of(const Location& location) {
  std::string text = fmt::format("{} {}", to_string(location.kind), to_hex(location.address));
  if (location.kind == LocationKind::slot) text += " " + to_quantity(location.slot);
  return text;
}

void print_models(const BlockReport& report) {
  fmt::print("  {:<5} {:>6} {:>10} {:>10} | {:<32}| {:<32}| {}\n", "", "edges", "critical", "waiting",
             "Mgas on 2, 4, 8, 16 workers", "the same, waiting at reads", "gas before reads");
  for (const ModelReport& model : report.models) {
    fmt::print("  {:<5} {:>6} {:>10.3f} {:>10.3f} |", to_string(model.model), model.edges,
               megagas(model.paths.after_writers), megagas(model.paths.waiting_at_first_read));
    for (std::size_t i = 0; i < 4; ++i) fmt::print(" {:>7.3f}", megagas(model.makespans[i]));
    fmt::print(" |");
    for (std::size_t i = 0; i < 4; ++i) fmt::print(" {:>7.3f}", megagas(model.makespans_waiting[i]));
    const auto dependent = static_cast<double>(model.dependent_gas);
    fmt::print(" | {:.0f} %\n", dependent > 0 ? 100 * static_cast<double>(model.gas_before_reads) / dependent : 0);
  }
}

ordered_json models_json(const BlockReport& report) {
  ordered_json json;
  for (const ModelReport& model : report.models) {
    ordered_json of;
    of["edges"] = model.edges;
    of["dependentTransactions"] = model.dependents;
    of["critical"] = model.paths.after_writers;
    of["criticalWaiting"] = model.paths.waiting_at_first_read;
    of["gasBeforeReads"] = model.gas_before_reads;
    of["dependentGas"] = model.dependent_gas;
    for (std::size_t i = 0; i < kReportedWorkers.size(); ++i) {
      of["makespan"][std::to_string(kReportedWorkers[i])] = model.makespans[i];
      of["makespanWaiting"][std::to_string(kReportedWorkers[i])] = model.makespans_waiting[i];
    }
    json[std::string(to_string(model.model))] = std::move(of);
  }
  return json;
}

ordered_json to_json(const HotLocation& hot) {
  ordered_json json;
  json["kind"] = to_string(hot.location.kind);
  json["address"] = to_hex(hot.location.address);
  if (hot.location.kind == LocationKind::slot) json["slot"] = to_hex(to_hash32(hot.location.slot));
  json["readers"] = hot.readers;
  json["writers"] = hot.writers;
  json["gas"] = hot.gas;
  return json;
}

}  // namespace hocket::block_analysis
