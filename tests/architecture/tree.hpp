// The project's files as the architecture tests see them: what git tracks, read as text.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace hocket::architecture {

struct SourceFile {
  std::string path;  // relative to the project's root, with forward slashes
  std::uintmax_t size_bytes = 0;
};

/// Files that git tracks and that exist, sorted. Empty where this is no git checkout.
std::vector<SourceFile> tracked_files();

/// Lines without their line feeds. Aborts the test program if the file cannot be read.
std::vector<std::string> lines_of(const std::string& path);

/// Number of columns of a line of UTF-8.
std::size_t columns(std::string_view line);

/// True for our own C++.
bool is_cpp(std::string_view path);

}  // namespace hocket::architecture
