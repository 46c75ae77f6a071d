#include "commands/bundle_input.hpp"

#include <cstdio>
#include <fmt/core.h>

namespace hocket {

void BundleOptions::define_paths(CLI::App& app) {
  app.add_option("paths", paths, "Bundles: files, folders, archives, patterns")->type_name("FILE|DIR|GLOB")->required();
}

void BundleOptions::define_keep_going(CLI::App& app) {
  app.add_flag("--keep-going", keep_going, "Go on after a block or file that fails");
}

std::optional<DecodedBundle> BundleInput::next() {
  while (!failed_ || options_.keep_going) {
    auto document = files_.next();
    if (!document) {
      if (document.error().is_file) ++undecoded_;
      report(document.error().message, document.error().name, false);
      continue;
    }
    if (!*document) break;
    const std::string name = (*document)->name;
    progress_.show(files_.files_done(), files_.files_found(), name);
    const auto start = std::chrono::steady_clock::now();
    auto bundle = decode_bundle(std::move(**document));
    const auto decoding = std::chrono::steady_clock::now() - start;
    if (bundle) return DecodedBundle{.bundle = std::move(*bundle), .decoding = decoding};
    ++undecoded_;
    report(bundle.error().message, name, false);
  }
  progress_.clear();
  return std::nullopt;
}

void BundleInput::report_block(const BlockBundle& bundle, const std::string& message, bool has_object) {
  report(fmt::format("{}: block {}: {}", bundle.name, bundle.block.header.number, message), bundle.name, has_object);
}

void BundleInput::report(const std::string& message, const std::string& file, bool has_object) {
  failed_ = true;
  progress_.clear();
  if (options_.json && !has_object) {
    nlohmann::ordered_json object;
    object["file"] = file;
    object["ok"] = false;
    object["error"] = message;
    print_json_line(object);
  }
  std::fflush(stdout);
  fmt::print(stderr, "hocket {}: {}\n", command_, one_line(message));
}

void print_json_line(const nlohmann::ordered_json& line) {
  using nlohmann::ordered_json;
  fmt::print("{}\n", line.dump(-1, ' ', false, ordered_json::error_handler_t::replace));
}

}  // namespace hocket
