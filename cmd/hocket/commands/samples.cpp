// hocket samples: writes the sample bundles that `./run` replays.
#include "base/write_file.hpp"
#include "command.hpp"
#include "replay/samples/sample_blocks.hpp"
#include "terminal.hpp"

#include <filesystem>
#include <fmt/core.h>
#include <memory>
#include <string>
#include <system_error>

namespace hocket {
namespace {

int write_samples(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    fmt::print(stderr, "hocket samples: {}: cannot make the folder: {}\n", one_line(folder), error.message());
    return kExitFailure;
  }
  for (const samples::SampleBundle& bundle : samples::make_sample_bundles()) {
    const std::filesystem::path path = std::filesystem::path(folder) / bundle.file_name;
    if (const auto written = write_file(path, bundle.json); !written) {
      fmt::print(stderr, "hocket samples: {}\n", one_line(written.error().message));
      return kExitFailure;
    }
  }
  return 0;
}

}  // namespace

const Command kSamplesCommand{
    .name = "samples",
    .summary = "Write a few sample blocks into a folder, to try the other commands on",
    .define = [](CLI::App& app) -> std::function<int()> {
      auto folder = std::make_shared<std::string>("samples");
      app.add_option("folder", *folder, "Where to write them; made if it is not there (default: samples)")
          ->type_name("DIR");
      app.footer(
          "The blocks are this project's own: a chain of six, one or two a fork from Paris to Osaka, with transfers,\n"
          "token and pool contracts, blobs, delegations and loops. Every run writes the same bytes.\n\n"
          "Example:\n"
          "  hocket samples /tmp/samples && hocket replay /tmp/samples");
      return [folder] { return write_samples(*folder); };
    },
};

}  // namespace hocket
