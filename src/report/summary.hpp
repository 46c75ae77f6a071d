// The summary of a report: all blocks together.
#pragma once

#include <nlohmann/json.hpp>
#include <span>

namespace hocket::report {

/// `sections`: as make_section gives them. Thread safety: pure.
nlohmann::ordered_json summary_of(std::span<const nlohmann::ordered_json> sections);

}  // namespace hocket::report
