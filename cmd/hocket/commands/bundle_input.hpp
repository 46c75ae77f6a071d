// BundleInput: the bundles that a command was given, one after the other, and what it says of those that fail.
#pragma once

#include "replay/block_bundle.hpp"
#include "terminal.hpp"

#include <CLI/CLI.hpp>
#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace hocket {

struct BundleOptions {
  std::vector<std::string> paths;
  bool keep_going = false;
  bool json = false;  // results go to standard output as JSON lines; each command says which

  /// Adds the paths. Options show up in the order in which they are added.
  void define_paths(CLI::App& app);
  void define_keep_going(CLI::App& app);
};

struct DecodedBundle {
  BlockBundle bundle;
  std::chrono::nanoseconds decoding{};
};

/// Shows its progress. Thread safety: none.
class BundleInput {
 public:
  /// `command`: its name. Requires: the options outlive this.
  BundleInput(const char* command, const BundleOptions& options)
      : command_(command), options_(options), files_(options.paths) {}

  /// Nothing: that was the last one, or one has failed and the command is not to keep going. What cannot be read or
  /// decoded is reported here.
  std::optional<DecodedBundle> next();

  /// A block that fails: one line on standard error, and with --json an object on standard output unless
  /// `has_object`, which is where the command has printed one.
  void report_block(const BlockBundle& bundle, const std::string& message, bool has_object);

  /// To be called before anything is printed.
  void clear_progress() { progress_.clear(); }

  bool failed() const noexcept { return failed_; }
  /// How many documents could not be read or were no bundles.
  std::size_t undecoded() const noexcept { return undecoded_; }

 private:
  /// `file`: the document, or what it was to be in.
  void report(const std::string& message, const std::string& file, bool has_object);

  const char* command_;
  const BundleOptions& options_;
  InputFiles files_;
  ProgressBar progress_;
  std::size_t undecoded_ = 0;
  bool failed_ = false;
};

/// On standard output.
void print_json_line(const nlohmann::ordered_json& line);

}  // namespace hocket
