// What STYLE.md asks of every file and a machine can check.
#include "architecture/tree.hpp"

#include <array>
#include <gtest/gtest.h>

namespace hocket::architecture {
namespace {

constexpr std::size_t kMaxColumns = 120;
constexpr std::uintmax_t kMaxFileBytes = 1'000'000;

/// Lines that cannot be broken: the licence's, a Markdown table's rows, and what clang-format leaves of a literal.
bool may_be_long(const std::string& path, const std::string& line) {
  return path == "LICENSE" || (path.ends_with(".md") && line.starts_with("|")) ||
         (is_cpp(path) && line.find('"') != std::string::npos);
}

bool is_text(std::string_view path) {
  static constexpr std::array kSuffixes = {".cpp", ".hpp",  ".cmake", ".md",  ".txt", ".json",
                                           ".sh",  ".dict", ".bash",  ".zsh", ".yml", ".py"};
  for (const std::string_view suffix : kSuffixes)
    if (path.ends_with(suffix)) return true;
  const std::string_view name = path.substr(path.rfind('/') + 1);
  return name.find('.') == std::string_view::npos && !path.starts_with("fuzz/corpus/");
}

class Tidiness : public testing::Test {
 protected:
  void SetUp() override {
    files_ = tracked_files();
    if (files_.empty()) GTEST_SKIP() << "not a git checkout: there is no list of files to check";
  }

  std::vector<SourceFile> files_;
};

TEST_F(Tidiness, NoFileIsLarge) {
  for (const SourceFile& file : files_)
    EXPECT_LE(file.size_bytes, kMaxFileBytes) << file.path << ": data belongs outside the tree, or is generated";
}

TEST_F(Tidiness, HeadersOpenWithTheirPurpose) {
  for (const SourceFile& file : files_) {
    if (!file.path.ends_with(".hpp")) continue;
    const auto lines = lines_of(file.path);
    ASSERT_FALSE(lines.empty()) << file.path;
    EXPECT_TRUE(lines[0].starts_with("// ")) << file.path << ":1: expected a comment that says what the file is";
  }
}

TEST_F(Tidiness, HeadersAreIncludedOnce) {
  for (const SourceFile& file : files_) {
    if (!file.path.ends_with(".hpp")) continue;
    int pragmas = 0;
    for (const std::string& line : lines_of(file.path)) pragmas += line == "#pragma once" ? 1 : 0;
    EXPECT_EQ(pragmas, 1) << file.path << ": expected one #pragma once";
  }
}

TEST_F(Tidiness, LinesFitTheScreen) {
  for (const SourceFile& file : files_) {
    if (!is_text(file.path) || file.path.starts_with("fuzz/corpus/")) continue;
    int number = 0;
    for (const std::string& line : lines_of(file.path)) {
      ++number;
      if (may_be_long(file.path, line)) continue;
      EXPECT_LE(columns(line), kMaxColumns) << file.path << ":" << number;
      EXPECT_EQ(line.find('\t'), std::string::npos) << file.path << ":" << number << ": a tab";
      EXPECT_FALSE(line.ends_with(' ') || line.ends_with('\r')) << file.path << ":" << number << ": white space at end";
    }
  }
}

TEST_F(Tidiness, NothingIsLeftForLater) {
  // Put together here so that this file does not name them itself.
  const std::array<std::string, 3> markers = {std::string("TO") + "DO", std::string("FIX") + "ME",
                                              std::string("X") + "XX:"};
  for (const SourceFile& file : files_) {
    if (!is_text(file.path) || file.path.starts_with("fuzz/corpus/")) continue;
    int number = 0;
    for (const std::string& line : lines_of(file.path)) {
      ++number;
      for (const std::string& marker : markers)
        EXPECT_EQ(line.find(marker), std::string::npos) << file.path << ":" << number << ": " << marker;
    }
  }
}

}  // namespace
}  // namespace hocket::architecture
