// The official suites: which packs there are, and how one is run: every k-th document by default, all of them with
// HOCKET_FULL=1.
#pragma once

#include "conformance/document_runners.hpp"

#include <cstddef>
#include <ostream>
#include <vector>

namespace hocket {

enum class SuiteKind : std::uint8_t { state, block, transaction, vm };

struct OfficialSuite {
  const char* name;
  const char* pack;
  /// What the names of the documents in the pack begin with.
  const char* folder;
  SuiteKind kind;
  /// Every so many documents are a sample that takes seconds.
  std::size_t stride;
};

void PrintTo(const OfficialSuite& suite, std::ostream* out);

std::vector<OfficialSuite> official_suites();
/// Those of blockchain tests.
std::vector<OfficialSuite> official_block_suites();

/// How many documents run at the same time.
std::size_t document_threads();

/// Runs the suite, prints what was run, so that docs/conformance.md can say it, and expects every test to pass. Skips
/// the test where the pack is absent. `make_executor`: as in TestSelection.
void run_official_suite(const OfficialSuite& suite, const MakeExecutor& make_executor = {});

}  // namespace hocket
