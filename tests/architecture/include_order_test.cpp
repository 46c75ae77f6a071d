// The tree is the architecture: a folder of src/ includes only folders above it in the list below (DESIGN.md, "The
// tree"), what it includes is what src/CMakeLists.txt links it to, and headers do not include each other in a circle.
#include "architecture/tree.hpp"

#include <algorithm>
#include <array>
#include <gtest/gtest.h>
#include <map>
#include <optional>
#include <regex>
#include <set>

namespace hocket::architecture {
namespace {

// Lowest first. A new folder gets its place here and its line in src/CMakeLists.txt.
constexpr std::array kFolders = {"base",        "crypto",   "rlp",    "core",    "protocol", "state",  "evm",
                                 "transition",  "parallel", "trie",   "storage", "block",    "replay", "workloads",
                                 "conformance", "analysis", "report", "rpc",     "node"};

std::optional<std::size_t> level_of(const std::string& folder) {
  const auto it = std::ranges::find(kFolders, folder);
  if (it == kFolders.end()) return std::nullopt;
  return static_cast<std::size_t>(it - kFolders.begin());
}

struct Include {
  std::string file;  // relative to src/
  int line = 0;
  std::string target;  // as written: relative to src/

  std::string folder() const { return file.substr(0, file.find('/')); }
  std::string target_folder() const { return target.substr(0, target.find('/')); }
  std::string place() const { return "src/" + file + ":" + std::to_string(line) + ": "; }
};

std::vector<Include> includes_of_src() {
  static const std::regex kQuoted(R"(^\s*#\s*include\s*"([^"]+)\")");
  std::vector<Include> includes;
  for (const SourceFile& file : tracked_files()) {
    if (!file.path.starts_with("src/") || !is_cpp(file.path)) continue;
    int number = 0;
    for (const std::string& line : lines_of(file.path)) {
      ++number;
      std::smatch match;
      // A name without a folder is a file that the build makes.
      if (std::regex_search(line, match, kQuoted) && match[1].str().find('/') != std::string::npos)
        includes.push_back({.file = file.path.substr(4), .line = number, .target = match[1]});
    }
  }
  return includes;
}

/// What each folder links to, directly or through others, from the hocket_library(name deps...) lines.
std::map<std::string, std::set<std::string>> linked_folders() {
  static const std::regex kLibrary(R"(^hocket_library\((\w+)([^)]*)\))");
  std::map<std::string, std::set<std::string>> linked;
  for (const std::string& line : lines_of("src/CMakeLists.txt")) {
    std::smatch match;
    if (!std::regex_search(line, match, kLibrary)) continue;
    std::set<std::string>& deps = linked[match[1]];
    static const std::regex kWord(R"(\w+)");
    const std::string words = match[2];
    for (std::sregex_iterator it(words.begin(), words.end(), kWord), end; it != end; ++it) deps.insert(it->str());
    // A line names only folders of lines above it, whose sets are complete.
    for (const std::string& dep : std::set(deps)) deps.merge(std::set(linked[dep]));
  }
  return linked;
}

class IncludeOrder : public testing::Test {
 protected:
  void SetUp() override {
    includes_ = includes_of_src();
    if (includes_.empty()) GTEST_SKIP() << "not a git checkout: there is no list of files to check";
  }

  std::vector<Include> includes_;
};

TEST_F(IncludeOrder, EveryFolderHasItsPlaceInTheList) {
  for (const Include& include : includes_)
    EXPECT_TRUE(level_of(include.folder())) << include.place() << "folder " << include.folder() << " is not listed";
  for (const auto& [folder, deps] : linked_folders()) {
    ASSERT_TRUE(level_of(folder)) << "src/CMakeLists.txt: " << folder << " is not listed";
    for (const std::string& dep : deps) {
      ASSERT_TRUE(level_of(dep)) << "src/CMakeLists.txt: " << dep << " is not listed";
      EXPECT_LT(level_of(dep), level_of(folder)) << "src/CMakeLists.txt: " << folder << " links to " << dep;
    }
  }
}

TEST_F(IncludeOrder, FoldersIncludeOnlyFoldersAboveThem) {
  const auto linked = linked_folders();
  for (const Include& include : includes_) {
    const std::string folder = include.folder();
    const std::string target = include.target_folder();
    ASSERT_TRUE(level_of(target)) << include.place() << "\"" << include.target << "\" is not relative to src/";
    if (folder == target) continue;
    EXPECT_LT(level_of(target), level_of(folder)) << include.place() << "upward include of " << include.target;
    const bool is_test = include.file.ends_with("_test.cpp");
    EXPECT_TRUE(is_test || (linked.contains(folder) && linked.at(folder).contains(target)))
        << include.place() << "src/CMakeLists.txt does not link " << folder << " to " << target;
    EXPECT_FALSE(folder == "parallel" && (target == "trie" || target == "storage"))
        << include.place() << "the parallel executor knows neither trie nor storage";
  }
}

// Depth-first search that reports the circle it finds.
class CircleSearch {
 public:
  explicit CircleSearch(const std::vector<Include>& includes) {
    for (const Include& include : includes)
      if (!is_second_half(include)) edges_[include.file].push_back(include.target);
  }

  std::optional<std::string> find() {
    for (const auto& [file, targets] : edges_)
      if (auto circle = visit(file)) return circle;
    return std::nullopt;
  }

 private:
  /// x_impl.hpp is the end of x.hpp, in a file of its own.
  static bool is_second_half(const Include& include) {
    return include.file.ends_with("_impl.hpp") &&
           include.target ==
               include.file.substr(0, include.file.size() - std::string_view("_impl.hpp").size()) + ".hpp";
  }

  std::optional<std::string> visit(const std::string& file) {
    if (done_.contains(file)) return std::nullopt;
    if (const auto seen = std::ranges::find(path_, file); seen != path_.end()) {
      std::string circle;
      for (auto it = seen; it != path_.end(); ++it) circle += *it + " -> ";
      return circle + file;
    }
    path_.push_back(file);
    if (const auto targets = edges_.find(file); targets != edges_.end())
      for (const std::string& target : targets->second)
        if (auto circle = visit(target)) return circle;
    path_.pop_back();
    done_.insert(file);
    return std::nullopt;
  }

  std::map<std::string, std::vector<std::string>> edges_;
  std::vector<std::string> path_;
  std::set<std::string> done_;
};

TEST_F(IncludeOrder, HeadersDoNotIncludeEachOtherInACircle) {
  const auto circle = CircleSearch(includes_).find();
  EXPECT_FALSE(circle) << *circle;
}

TEST(CircleSearch, FindsACircleAndOnlyACircle) {
  const Include a_to_b{.file = "base/a.hpp", .line = 1, .target = "base/b.hpp"};
  const Include a_to_c{.file = "base/a.hpp", .line = 2, .target = "base/c.hpp"};
  const Include b_to_c{.file = "base/b.hpp", .line = 1, .target = "base/c.hpp"};
  const Include c_to_a{.file = "base/c.hpp", .line = 1, .target = "base/a.hpp"};
  EXPECT_EQ(CircleSearch({a_to_b, a_to_c, b_to_c}).find(), std::nullopt);
  EXPECT_EQ(CircleSearch({a_to_b, b_to_c, c_to_a}).find(), "base/a.hpp -> base/b.hpp -> base/c.hpp -> base/a.hpp");
}

}  // namespace
}  // namespace hocket::architecture
