#include "report/baseline.hpp"

#include "base/hex.hpp"
#include "replay/input_files.hpp"
#include "replay/json_reader.hpp"
#include "report/format.hpp"
#include "report/rank_sums.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace hocket::report {
namespace {

using nlohmann::json;

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

/// The smallest probability that so many times can give.
double least_probability(std::size_t a, std::size_t b) {
  const std::vector<double> low(a, 0.0);
  const std::vector<double> high(b, 1.0);
  return rank_test(low, high);
}

/// A member that must be there. nullptr: it is not, or is of another type.
const json* member(const json& of, const char* name, json::value_t type) {
  const auto found = of.find(name);
  return found != of.end() && found->type() == type ? &*found : nullptr;
}

std::string text_of(const json& of, const char* name) {
  const json* text = member(of, name, json::value_t::string);
  return text != nullptr ? text->get<std::string>() : std::string();
}

}  // namespace

std::string_view to_string(Verdict verdict) noexcept {
  constexpr std::string_view kNames[] = {"same", "slower", "faster", "unknown"};
  return kNames[static_cast<int>(verdict)];
}

Change compare(const std::vector<double>& old_times, const std::vector<double>& new_times) {
  Change change;
  change.old_ms = median(old_times);
  const double now = median(new_times);
  change.ratio = change.old_ms > 0 ? now / change.old_ms : 1;
  change.probability = rank_test(old_times, new_times);
  if (least_probability(old_times.size(), new_times.size()) > kMostProbability)
    change.verdict = Verdict::unknown;
  else if (change.probability > kMostProbability || std::abs(change.ratio - 1) < kLeastChange)
    change.verdict = Verdict::same;
  else
    change.verdict = change.ratio > 1 ? Verdict::slower : Verdict::faster;
  return change;
}

Result<Baseline> Baseline::parse(std::string_view text) {
  const json document = json::parse(text, nullptr, false);
  if (document.is_discarded()) return fail("is no JSON: " + hocket::json::find_fault(text).value_or(""));
  if (!document.is_object() || text_of(document, "format") != kFormatName) return fail("is no report of hocket bench");
  const json* version = member(document, "version", json::value_t::number_unsigned);
  if (version == nullptr || version->get<unsigned>() != kFormatVersion)
    return fail(fmt::format("is a report of version {}, and this program reads version {}",
                            version != nullptr ? version->dump() : "unknown", kFormatVersion));
  const json* blocks = member(document, "blocks", json::value_t::array);
  if (blocks == nullptr) return fail("has no \"blocks\"");

  Baseline baseline;
  baseline.time_ = text_of(document, "time");
  if (const json* machine = member(document, "machine", json::value_t::object))
    baseline.processor_ = text_of(*machine, "processor");
  for (const json& block : *blocks) {
    const json* costs = block.is_object() ? member(block, "costs", json::value_t::array) : nullptr;
    if (costs == nullptr) return fail("a block has no \"costs\"");
    Block& made = baseline.blocks_[text_of(block, "name")];
    made.hash = text_of(block, "hash");
    for (const json& cost : *costs) {
      const json* threads = cost.is_object() ? member(cost, "threads", json::value_t::number_unsigned) : nullptr;
      const json* times = threads != nullptr ? member(cost, "msAll", json::value_t::array) : nullptr;
      if (times == nullptr || times->empty()) return fail("a block's costs have no \"threads\" or no \"msAll\"");
      std::vector<double>& all = made.times[threads->get<unsigned>()];
      all.clear();
      for (const json& time : *times) {
        if (!time.is_number()) return fail("\"msAll\" holds something other than numbers");
        all.push_back(time.get<double>());
      }
    }
  }
  return baseline;
}

Result<Baseline> Baseline::read(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return fail(path + ": is a folder, expected a report.json");
  HOCKET_TRY(const auto document, InputFiles({path}).next());
  auto baseline = parse(document->text);
  if (!baseline) return fail(path + ": " + baseline.error().message);
  baseline->path_ = path;
  return baseline;
}

std::optional<Change> Baseline::change(const workloads::Measurement& measurement, const workloads::Cost& cost) const {
  const auto found = blocks_.find(measurement.name);
  if (found == blocks_.end() || found->second.hash != to_hex(measurement.hash)) return std::nullopt;
  const auto times = found->second.times.find(cost.threads);
  if (times == found->second.times.end() || cost.walls.empty()) return std::nullopt;
  std::vector<double> now;
  for (const std::chrono::nanoseconds wall : cost.walls) now.push_back(milliseconds(wall));
  return compare(times->second, now);
}

}  // namespace hocket::report
