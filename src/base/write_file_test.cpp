#include "base/write_file.hpp"

#include <csignal>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <sys/resource.h>
#include <unistd.h>

namespace hocket {
namespace {

namespace fs = std::filesystem;

class WriteFile : public testing::Test {
 protected:
  WriteFile() {
    std::string pattern = (fs::temp_directory_path() / "hocket-write-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~WriteFile() override { fs::remove_all(folder_); }

  std::string text_of(const fs::path& path) const {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }

  fs::path folder_;
};

TEST_F(WriteFile, ReplacesWhatWasThere) {
  const fs::path path = folder_ / "a.json";
  for (const char* text : {"longer than the next", "short", ""}) {
    ASSERT_TRUE(write_file(path, text));
    EXPECT_EQ(text_of(path), text);
  }
  ASSERT_TRUE(check_writable(path));
  EXPECT_EQ(files(), 1u);
}

TEST_F(WriteFile, SaysWhyItCannotBegin) {
  const fs::path nowhere = folder_ / "nowhere" / "a.json";
  for (const auto& result : {write_file(nowhere, "x"), check_writable(nowhere)}) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().message, nowhere.string() + ": cannot be written: No such file or directory");
  }
  EXPECT_EQ(write_file(folder_, "x").error().message, folder_.string() + ": is a folder");
}

// A limit on files' sizes ends a write in its middle, as a full disk does.
TEST_F(WriteFile, LeavesNothingHalfWritten) {
  const fs::path path = folder_ / "a.json";
  ASSERT_TRUE(write_file(path, "old"));
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit little{.rlim_cur = 4096, .rlim_max = before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &little);
  const auto result = write_file(path, std::string(100'000, 'x'));
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, path.string() + ": cannot be written: File too large");
  EXPECT_EQ(text_of(path), "old");
  EXPECT_EQ(files(), 1u);
}

}  // namespace
}  // namespace hocket
