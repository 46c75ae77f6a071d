#include "architecture/tree.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <memory>

namespace hocket::architecture {
namespace {

const std::filesystem::path kRoot = HOCKET_SOURCE_DIR;

struct ClosePipe {
  void operator()(std::FILE* pipe) const { pclose(pipe); }
};

}  // namespace

std::vector<SourceFile> tracked_files() {
  const std::string command = "git -C '" + kRoot.string() + "' ls-files -z 2>/dev/null";
  const std::unique_ptr<std::FILE, ClosePipe> pipe(popen(command.c_str(), "r"));
  std::string listing;
  std::array<char, 4096> buffer{};
  if (pipe)
    for (std::size_t n = 0; (n = std::fread(buffer.data(), 1, buffer.size(), pipe.get())) > 0;)
      listing.append(buffer.data(), n);

  std::vector<SourceFile> files;
  for (std::size_t start = 0; start < listing.size();) {
    const std::size_t end = listing.find('\0', start);
    std::string path = listing.substr(start, end - start);
    start = end + 1;
    std::error_code error;
    const std::uintmax_t size_bytes = std::filesystem::file_size(kRoot / path, error);
    if (!error) files.push_back({.path = std::move(path), .size_bytes = size_bytes});
  }
  std::ranges::sort(files, {}, &SourceFile::path);
  return files;
}

std::vector<std::string> lines_of(const std::string& path) {
  std::ifstream stream(kRoot / path);
  HOCKET_ASSERT(stream.good());
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::size_t columns(std::string_view line) {
  return static_cast<std::size_t>(
      std::ranges::count_if(line, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

bool is_cpp(std::string_view path) { return path.ends_with(".cpp") || path.ends_with(".hpp"); }

}  // namespace hocket::architecture
