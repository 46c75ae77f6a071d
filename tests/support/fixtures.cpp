#include "support/fixtures.hpp"

#include <cstdlib>
#include <string>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace hocket::testing {
namespace {

namespace fs = std::filesystem;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string{} : std::string{value};
}

// Exit status of `tar --zstd -xf archive -C folder`; no shell, so that paths need no quoting.
int unpack(const fs::path& archive, const fs::path& folder) {
  const pid_t child = fork();
  if (child == 0) {
    execlp("tar", "tar", "--zstd", "-xf", archive.c_str(), "-C", folder.c_str(), static_cast<char*>(nullptr));
    _exit(127);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// Unpacks beside `target` and renames into it: other processes see all of it or nothing.
Result<void> unpack_whole(const fs::path& archive, const fs::path& target) {
  std::error_code error;
  fs::create_directories(target.parent_path(), error);
  std::string partial = target.string() + ".partial-XXXXXX";
  if (mkdtemp(partial.data()) == nullptr)
    return fail("fixtures: cannot create " + partial + ": " + std::generic_category().message(errno));
  if (const int status = unpack(archive, partial); status != 0) {
    fs::remove_all(partial, error);
    return fail("fixtures: tar --zstd -xf " + archive.string() + " failed with status " + std::to_string(status) +
                " (are tar and zstd installed, is there room?)");
  }
  fs::rename(partial, target, error);
  if (!error) return {};
  std::error_code ignored;
  fs::remove_all(partial, ignored);
  // Another process or thread was first: its copy is as good.
  if (fs::is_directory(target)) return {};
  return fail("fixtures: cannot create " + target.string() + ": " + error.message());
}

}  // namespace

Result<fs::path> fixture_folder_or_archive(std::string_view name) {
  if (const std::string unpacked = environment("HOCKET_FIXTURES_UNPACKED"); !unpacked.empty()) {
    fs::path folder = fs::path(unpacked) / name;
    if (!fs::is_directory(folder)) return fail("fixtures: no folder " + folder.string());
    return folder;
  }
  if (fs::path target = fs::path(HOCKET_SOURCE_DIR) / "build/fixtures" / name; fs::is_directory(target)) return target;
  const std::string packs = environment("HOCKET_FIXTURES");
  const fs::path folder = packs.empty() ? fs::path(HOCKET_SOURCE_DIR) / "../shared/fixtures" : fs::path(packs);
  fs::path archive = folder / (std::string(name) + ".tar.zst");
  if (!fs::exists(archive)) return fail("fixtures: no " + archive.string() + " (HOCKET_FIXTURES names their folder)");
  return archive;
}

Result<fs::path> fixture_pack(std::string_view name) {
  HOCKET_TRY(fs::path source, fixture_folder_or_archive(name));
  if (fs::is_directory(source)) return source;
  fs::path target = fs::path(HOCKET_SOURCE_DIR) / "build/fixtures" / name;
  HOCKET_CHECK(unpack_whole(source, target));
  return target;
}

}  // namespace hocket::testing
