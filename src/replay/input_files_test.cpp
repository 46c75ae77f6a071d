#include "replay/input_files.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <tuple>
#include <unistd.h>

namespace hocket {
namespace {

namespace fs = std::filesystem;

class InputFilesTest : public testing::Test {
 protected:
  InputFilesTest() {
    std::string pattern = (fs::temp_directory_path() / "hocket-input-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~InputFilesTest() override { fs::remove_all(folder_); }

  std::string at(const std::string& name) const { return (folder_ / name).string(); }

  std::string write(const std::string& name, std::string_view text) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return at(name);
  }

  // `filter` as libarchive names it; not `as_tar`: the first text alone, without an archive around it.
  std::string pack(const std::string& name, const char* filter, bool as_tar,
                   const std::vector<std::pair<std::string, std::string>>& entries) {
    archive* a = archive_write_new();
    if (std::string_view(filter) != "none") {
      EXPECT_EQ(archive_write_add_filter_by_name(a, filter), ARCHIVE_OK);
    }
    EXPECT_EQ(as_tar ? archive_write_set_format_pax_restricted(a) : archive_write_set_format_raw(a), ARCHIVE_OK);
    EXPECT_EQ(archive_write_open_filename(a, at(name).c_str()), ARCHIVE_OK);
    for (const auto& [inside, text] : entries) {
      archive_entry* entry = archive_entry_new();
      archive_entry_set_pathname(entry, inside.c_str());
      archive_entry_set_filetype(entry, AE_IFREG);
      archive_entry_set_perm(entry, 0644);
      archive_entry_set_size(entry, static_cast<la_int64_t>(text.size()));
      EXPECT_EQ(archive_write_header(a, entry), ARCHIVE_OK);
      EXPECT_EQ(archive_write_data(a, text.data(), text.size()), static_cast<la_ssize_t>(text.size()));
      archive_entry_free(entry);
    }
    archive_write_close(a);
    archive_write_free(a);
    return at(name);
  }

  // One line a document ("name=text") or error ("!message"), the temporary folder cut off.
  std::vector<std::string> read_all(std::vector<std::string> paths, std::uint64_t max_bytes = kMaxDocumentBytes) const {
    std::vector<std::string> lines;
    InputFiles files(std::move(paths), max_bytes);
    for (;;) {
      auto document = files.next();
      if (document && !*document) break;
      if (!document) {
        EXPECT_TRUE(document.error().message.starts_with(document.error().name + ": ")) << document.error().message;
      }
      std::string line = document ? (*document)->name + "=" + (*document)->text : "!" + document.error().message;
      const std::string prefix = folder_.string() + "/";
      for (auto at = line.find(prefix); at != std::string::npos; at = line.find(prefix)) line.erase(at, prefix.size());
      lines.push_back(line);
      if (lines.size() > 100) break;
    }
    EXPECT_EQ(files.files_done(), files.files_found());
    return lines;
  }

  fs::path folder_;
};

using Lines = std::vector<std::string>;

TEST_F(InputFilesTest, ReadsPlainAndPackedFilesByContent) {
  write("a.json", "{1}");
  pack("b.json.gz", "gzip", false, {{"x", "{2}"}});
  pack("c.json.zst", "zstd", false, {{"x", "{3}"}});
  pack("named-otherwise", "zstd", false, {{"x", "{4}"}});
  EXPECT_EQ(read_all({at("a.json"), at("b.json.gz"), at("c.json.zst"), at("named-otherwise")}),
            (Lines{"a.json={1}", "b.json.gz={2}", "c.json.zst={3}", "named-otherwise={4}"}));
}

TEST_F(InputFilesTest, ReadsEveryJsonOfAnArchive) {
  for (const char* filter : {"none", "gzip", "zstd"}) {
    pack("all.tar", filter, true, {{"w/1.json", "{1}"}, {"w/readme", "no"}, {"w/2.json", "{2}"}});
    EXPECT_EQ(read_all({at("all.tar")}), (Lines{"all.tar:w/1.json={1}", "all.tar:w/2.json={2}"})) << filter;
  }
}

TEST_F(InputFilesTest, SearchesFoldersInOrderAndTakesKnownNamesOnly) {
  write("d/z.json", "Z");
  write("d/sub/a.json", "A");
  write("d/notes.txt", "no");
  EXPECT_EQ(read_all({at("d")}), (Lines{"d/sub/a.json=A", "d/z.json=Z"}));
}

TEST_F(InputFilesTest, ExpandsPatternsUnlessAFileHasThatName) {
  write("p1.json", "1");
  write("p2.json", "2");
  write("odd[1].json", "odd");
  EXPECT_EQ(read_all({at("p*.json")}), (Lines{"p1.json=1", "p2.json=2"}));
  EXPECT_EQ(read_all({at("odd[1].json")}), (Lines{"odd[1].json=odd"}));
  EXPECT_EQ(read_all({at("q*.json")}), (Lines{"!q*.json: no file matches this pattern"}));
}

TEST_F(InputFilesTest, KeepsPaddingBehindTheText) {
  write("a.json", "{}");
  InputFiles files({at("a.json")});
  const auto document = files.next();
  ASSERT_TRUE(document && *document);
  EXPECT_GE((*document)->text.capacity(), (*document)->text.size() + InputDocument::kTextPadding);
}

TEST_F(InputFilesTest, NamesTheFileInEveryErrorAndGoesOn) {
  write("good.json", "G");
  write("empty.json", "");
  write("none/readme", "no");
  pack("empty.json.gz", "gzip", false, {{"x", ""}});
  pack("none.tar", "none", true, {{"readme", "no"}});
  const std::string nothing_in_folder =
      "!none: nothing to read in this folder, expected names ending in .json, .json.gz, .json.zst, .tar, .tar.gz or "
      ".tar.zst";
  const Lines lines =
      read_all({at("absent.json"), at("empty.json"), at("none"), at("empty.json.gz"), at("none.tar"), at("good.json")});
  EXPECT_EQ(lines, (Lines{"!absent.json: No such file or directory",
                          "!empty.json: the file is empty, expected a JSON document or an archive", nothing_in_folder,
                          "!empty.json.gz: the file is empty, expected a JSON document or an archive",
                          "!none.tar: nothing in it ends in .json, expected a JSON document", "good.json=G"}));
}

TEST_F(InputFilesTest, TellsAFileThatCannotBeReadFromNone) {
  write("empty.json", "");
  write("none/readme", "no");
  pack("cut.tar", "none", true, {{"1.json", std::string(5000, 'x')}});
  fs::resize_file(at("cut.tar"), 3000);
  const std::tuple<std::string, std::string, bool> cases[] = {
      {"absent.json", "absent.json", false},
      {"*.gz", "*.gz", false},
      {"none", "none", false},
      {"empty.json", "empty.json", true},
      {"cut.tar", "cut.tar:1.json", true},
  };
  for (const auto& [path, name, is_file] : cases) {
    const auto document = InputFiles({at(path)}).next();
    ASSERT_FALSE(document) << path;
    EXPECT_EQ(document.error().name, at(name));
    EXPECT_EQ(document.error().is_file, is_file) << path;
  }
}

TEST_F(InputFilesTest, RefusesWhatIsTooLargePackedOrNot) {
  const std::string large(3000, 'x');
  write("large.json", large);
  pack("large.json.zst", "zstd", false, {{"x", large}});
  pack("mixed.tar.gz", "gzip", true, {{"large.json", large}, {"small.json", "s"}});
  EXPECT_EQ(read_all({at("large.json"), at("large.json.zst"), at("mixed.tar.gz")}, 2999),
            (Lines{"!large.json: larger than 2999 bytes, the most that one document may have",
                   "!large.json.zst: larger than 2999 bytes, the most that one document may have",
                   "!mixed.tar.gz:large.json: larger than 2999 bytes, the most that one document may have",
                   "mixed.tar.gz:small.json=s"}));
}

TEST_F(InputFilesTest, ReportsDamagedPackings) {
  std::string noise;
  for (unsigned i = 0, x = 1; i < 200'000; ++i) noise += static_cast<char>((x = x * 1664525 + 1013904223) >> 24);
  for (const char* filter : {"gzip", "zstd"}) {
    for (const bool as_tar : {false, true}) {
      const std::string path = pack("cut", filter, as_tar, {{"x.json", noise}});
      fs::resize_file(path, fs::file_size(path) / 2);
      write("after.json", "A");
      const Lines lines = read_all({path, at("after.json")});
      ASSERT_EQ(lines.size(), 2u) << filter << as_tar;
      EXPECT_TRUE(lines[0].starts_with("!cut") && lines[0].find(": cannot be read: ") != std::string::npos) << lines[0];
      EXPECT_EQ(lines[1], "after.json=A");
    }
  }
}

TEST_F(InputFilesTest, BoundsAnEndlessFile) {
  if (!fs::exists("/dev/zero")) GTEST_SKIP() << "no /dev/zero";
  const Lines lines = read_all({"/dev/zero"}, 1 << 20);
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_TRUE(lines[0].starts_with("!/dev/zero: ")) << lines[0];
}

}  // namespace
}  // namespace hocket
