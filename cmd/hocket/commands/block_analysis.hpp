// What the commands have in common that say how much parallelism a block holds.
#pragma once

#include "analysis/block_report.hpp"
#include "analysis/hot_spots.hpp"
#include "analysis/trace_block.hpp"
#include "replay/block_bundle.hpp"

#include <nlohmann/json.hpp>
#include <string>

namespace hocket::block_analysis {

struct TracedBundle {
  RecoveredBlock block;
  BlockTrace trace;
};

/// Executes the bundle's block sequentially, with a tracer: slowly.
/// Errors: the block is invalid, its state cannot be read, or its outcome is not what the header says; without the
/// bundle's name.
Result<TracedBundle> trace(const BlockBundle& bundle, ProgramCache& programs);

/// "slot"
std::string_view to_string(LocationKind kind) noexcept;
/// "slot 0x... 0x...": kind, address, and which slot.
std::string text_of(const Location& location);

/// One line a model: pairs, critical paths, schedules.
void print_models(const BlockReport& report);

/// What print_models prints, and all numbers of workers.
nlohmann::ordered_json models_json(const BlockReport& report);
nlohmann::ordered_json to_json(const HotLocation& hot);

}  // namespace hocket::block_analysis
