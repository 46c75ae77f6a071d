#include "base/write_file.hpp"

#include <cerrno>
#include <fstream>
#include <system_error>

namespace hocket {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> not_written(const fs::path& path, const std::error_code& why) {
  return fail(path.string() + ": cannot be written: " + why.message());
}
/// Never none: a stream may fail without the system's having said why.
std::error_code reason() { return {errno != 0 ? errno : EIO, std::generic_category()}; }

/// An empty file beside `path`, under a name of its own.
Result<fs::path> make_part(const fs::path& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) return fail(path.string() + ": is a folder");
  fs::path part = path;
  part += ".part";
  errno = 0;
  if (!std::ofstream(part, std::ios::binary)) return not_written(path, reason());
  return part;
}

}  // namespace

Result<void> write_file(const fs::path& path, std::string_view text) {
  HOCKET_TRY(const fs::path part, make_part(path));
  std::error_code error;
  {
    std::ofstream file(part, std::ios::binary | std::ios::trunc);
    errno = 0;
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    file.close();
    if (!file) error = reason();
  }
  if (!error) fs::rename(part, path, error);
  if (!error) return {};
  std::error_code ignored;
  fs::remove(part, ignored);
  return not_written(path, error);
}

Result<void> check_writable(const fs::path& path) {
  HOCKET_TRY(const fs::path part, make_part(path));
  std::error_code ignored;
  fs::remove(part, ignored);
  return {};
}

}  // namespace hocket
