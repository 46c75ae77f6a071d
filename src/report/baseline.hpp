// Baseline: an earlier report.json, and what has become slower or faster since then by more than noise.
#pragma once

#include "base/result.hpp"
#include "workloads/measure.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hocket::report {

enum class Verdict : std::uint8_t {
  same,
  slower,
  faster,
  unknown,  // too few executions, then or now, to tell
};

/// As report.json has it.
std::string_view to_string(Verdict verdict) noexcept;

/// A difference counts if it is at least this share of the old time, and chance would bring it with at most this
/// probability (rank_test).
inline constexpr double kLeastChange = 0.02;
inline constexpr double kMostProbability = 0.01;

/// One way of executing one block, then and now.
struct Change {
  double old_ms = 0;  // median
  double ratio = 1;   // new median over old median
  double probability = 1;
  Verdict verdict = Verdict::same;
};

/// Of times in ms. Requires: neither is empty.
Change compare(const std::vector<double>& old_times, const std::vector<double>& new_times);

/// Thread safety: pure.
class Baseline {
 public:
  /// `text`: a report.json. Errors: it is none, or one of another version.
  static Result<Baseline> parse(std::string_view text);
  /// Errors: as above, with the file's name.
  static Result<Baseline> read(const std::string& path);

  /// Nothing: that block was not measured so then.
  std::optional<Change> change(const workloads::Measurement& measurement, const workloads::Cost& cost) const;

  const std::string& path() const noexcept { return path_; }
  const std::string& time() const noexcept { return time_; }
  const std::string& processor() const noexcept { return processor_; }

 private:
  struct Block {
    std::string hash;
    std::map<unsigned, std::vector<double>> times;  // ms, by threads
  };

  std::string path_;
  std::string time_;
  std::string processor_;
  std::map<std::string, Block> blocks_;  // by name
};

}  // namespace hocket::report
