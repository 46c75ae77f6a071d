#include "replay/input_files.hpp"

#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <glob.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace hocket {
namespace {

constexpr std::array<std::string_view, 7> kFolderSuffixes{".json",    ".json.gz", ".json.zst", ".tar",
                                                          ".tar.zst", ".tar.gz",  ".tgz"};
constexpr std::string_view kFolderSuffixText = "names ending in .json, .json.gz, .json.zst, .tar, .tar.gz or .tar.zst";

bool is_taken_in_folder(std::string_view name) {
  return std::ranges::any_of(kFolderSuffixes, [&](std::string_view suffix) { return name.ends_with(suffix); });
}

std::string system_message(int error) { return std::error_code(error, std::generic_category()).message(); }

std::string size_text(std::uint64_t bytes) {
  constexpr std::uint64_t kMebibyte = 1 << 20;
  return bytes % kMebibyte == 0 ? std::to_string(bytes / kMebibyte) + " MiB" : std::to_string(bytes) + " bytes";
}

std::unexpected<InputError> refuse_path(const std::string& path, const std::string& why) {
  return std::unexpected(InputError{{path + ": " + why}, path, false});
}
std::unexpected<InputError> refuse_file(const std::string& name, const std::string& why) {
  return std::unexpected(InputError{{name + ": " + why}, name, true});
}

struct ArchiveCloser {
  void operator()(archive* a) const noexcept { archive_read_free(a); }
};

// An open file: whatever its packing, libarchive gives it as entries; a file that is no archive is one raw entry.
class OpenFile {
 public:
  static std::expected<OpenFile, InputError> open(const std::string& path) {
    const bool is_stdin = path == "-";
    OpenFile file;
    file.path_ = is_stdin ? "standard input" : path;
    file.fd_ = is_stdin ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file.fd_ < 0) return refuse_file(path, "cannot open: " + system_message(errno));
    struct stat status{};
    if (fstat(file.fd_, &status) == 0 && S_ISREG(status.st_mode)) {
      if (status.st_size == 0)
        return refuse_file(file.path_, "the file is empty, expected a JSON document or an archive");
      file.size_hint_ = static_cast<std::uint64_t>(status.st_size);
    }
    file.archive_.reset(archive_read_new());
    archive* a = file.archive_.get();
    archive_read_support_filter_gzip(a);
    archive_read_support_filter_zstd(a);
    archive_read_support_format_tar(a);
    archive_read_support_format_raw(a);
    archive_read_support_format_empty(a);
    constexpr std::size_t kBlockBytes = 1 << 17;
    if (archive_read_open_fd(a, file.fd_, kBlockBytes) != ARCHIVE_OK) return file.damaged(file.path_);
    return file;
  }

  OpenFile() = default;
  OpenFile(OpenFile&& other) noexcept
      : archive_(std::move(other.archive_)),
        path_(std::move(other.path_)),
        fd_(std::exchange(other.fd_, -1)),
        size_hint_(other.size_hint_),
        documents_(other.documents_) {}
  OpenFile& operator=(OpenFile&&) = delete;
  ~OpenFile() {
    archive_.reset();
    if (fd_ > STDIN_FILENO) ::close(fd_);
  }

  std::expected<std::optional<InputDocument>, InputError> next(std::uint64_t max_bytes) {
    for (;;) {
      archive_entry* entry = nullptr;
      const int status = archive_read_next_header(archive_.get(), &entry);
      if (status == ARCHIVE_EOF) {
        exhausted_ = true;
        if (documents_ != 0) return std::nullopt;
        return refuse_file(path_, archive_format(archive_.get()) == ARCHIVE_FORMAT_EMPTY
                                      ? "the file is empty, expected a JSON document or an archive"
                                      : "nothing in it ends in .json, expected a JSON document");
      }
      if (status == ARCHIVE_RETRY) continue;
      if (status < ARCHIVE_WARN) return damaged(path_);
      const bool is_raw = archive_format(archive_.get()) == ARCHIVE_FORMAT_RAW;
      std::string name = path_;
      if (!is_raw) {
        const char* inside = archive_entry_pathname(entry);
        if (inside == nullptr) inside = archive_entry_pathname_utf8(entry);
        if (archive_entry_filetype(entry) != AE_IFREG || inside == nullptr) continue;
        if (!std::string_view(inside).ends_with(".json")) continue;
        name += ':';
        name += inside;
      }
      ++documents_;
      const std::uint64_t declared =
          archive_entry_size_is_set(entry) ? static_cast<std::uint64_t>(archive_entry_size(entry)) : 0;
      HOCKET_TRY(std::string text, read_entry(name, is_raw ? size_hint_ : declared, max_bytes));
      if (text.empty()) return refuse_file(name, "the file is empty, expected a JSON document");
      return InputDocument{std::move(name), std::move(text)};
    }
  }

  /// False at the end, and after an error that leaves nothing to go on with.
  bool usable() const noexcept { return !exhausted_; }

 private:
  std::expected<std::string, InputError> read_entry(const std::string& name, std::uint64_t size_hint,
                                                    std::uint64_t max_bytes) {
    const auto too_large = [&] {
      exhausted_ = archive_format(archive_.get()) == ARCHIVE_FORMAT_RAW;  // do not skip through what may have no end
      return refuse_file(name, "larger than " + size_text(max_bytes) + ", the most that one document may have");
    };
    if (size_hint > max_bytes) return too_large();
    // A declared size is only a hint: what it reserves stays small until the bytes are really there.
    constexpr std::uint64_t kMaxReserveBytes = 16 << 20;
    std::string text;
    text.reserve(std::min(size_hint, kMaxReserveBytes) + InputDocument::kTextPadding);
    std::vector<char> chunk(1 << 17);
    for (;;) {
      const la_ssize_t got = archive_read_data(archive_.get(), chunk.data(), chunk.size());
      if (got == 0) break;
      if (got == ARCHIVE_RETRY) continue;
      if (got < 0) return damaged(name);
      if (text.size() + static_cast<std::size_t>(got) > max_bytes) return too_large();
      text.append(chunk.data(), static_cast<std::size_t>(got));
    }
    text.reserve(text.size() + InputDocument::kTextPadding);
    return text;
  }

  std::unexpected<InputError> damaged(const std::string& name) {
    exhausted_ = true;
    const int number = archive_errno(archive_.get());
    if (number == EISDIR) return refuse_file(name, "is a folder, expected a file");
    const char* why = archive_error_string(archive_.get());
    return refuse_file(name, "cannot be read: " + (why != nullptr ? why : system_message(number)));
  }

  std::unique_ptr<archive, ArchiveCloser> archive_;
  std::string path_;
  int fd_ = -1;
  std::uint64_t size_hint_ = 0;
  std::size_t documents_ = 0;
  bool exhausted_ = false;
};

std::expected<std::vector<std::string>, InputError> files_in_folder(const std::string& folder) {
  namespace fs = std::filesystem;
  std::vector<std::string> files;
  std::error_code error;
  fs::recursive_directory_iterator it(folder, error);
  for (; !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
    // What is there and cannot be opened must be heard of: a link to nothing, a folder that may not be listed.
    std::error_code ignored;
    const fs::file_type type = it->status(ignored).type();
    const bool is_file = type == fs::file_type::regular || type == fs::file_type::not_found;
    if (is_file && is_taken_in_folder(it->path().native())) files.push_back(it->path().native());
    if (type == fs::file_type::directory && ::access(it->path().c_str(), R_OK | X_OK) != 0) {
      files.push_back(it->path().native());
      it.disable_recursion_pending();
    }
  }
  if (error) return refuse_path(folder, "cannot list the folder: " + error.message());
  if (files.empty())
    return refuse_path(folder, "nothing to read in this folder, expected " + std::string(kFolderSuffixText));
  std::ranges::sort(files);
  return files;
}

std::expected<std::vector<std::string>, InputError> expand(const std::string& path) {
  if (path == "-") return std::vector{path};
  if (path.empty()) return refuse_path("''", "expected the name of a file or folder");
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (std::filesystem::is_directory(status)) return files_in_folder(path);
  if (std::filesystem::exists(status)) return std::vector{path};
  if (path.find_first_of("*?[") == std::string::npos)
    return refuse_path(path, error ? error.message() : "no such file or folder");
  glob_t matches{};
  const int result = ::glob(path.c_str(), 0, nullptr, &matches);
  std::vector<std::string> expanded;
  if (result == 0) expanded.assign(matches.gl_pathv, matches.gl_pathv + matches.gl_pathc);
  ::globfree(&matches);
  if (expanded.empty()) return refuse_path(path, "no file matches this pattern");
  return expanded;
}

}  // namespace

struct InputFiles::Impl {
  std::vector<std::string> pending;  // paths as the user gave them, and what they stand for; the next one last
  std::uint64_t max_document_bytes;
  std::optional<OpenFile> open_file;
  std::size_t done = 0;
};

InputFiles::InputFiles(std::vector<std::string> paths, std::uint64_t max_document_bytes)
    : impl_(std::make_unique<Impl>(Impl{std::move(paths), max_document_bytes, std::nullopt, 0})) {
  std::ranges::reverse(impl_->pending);
}
InputFiles::~InputFiles() = default;
InputFiles::InputFiles(InputFiles&&) noexcept = default;
InputFiles& InputFiles::operator=(InputFiles&&) noexcept = default;

std::expected<std::optional<InputDocument>, InputError> InputFiles::next() {
  Impl& impl = *impl_;
  for (;;) {
    if (impl.open_file) {
      auto document = impl.open_file->next(impl.max_document_bytes);
      if (document && *document) return document;
      if (!document && impl.open_file->usable()) return document;
      impl.open_file.reset();
      ++impl.done;
      if (!document) return document;
      continue;
    }
    if (impl.pending.empty()) return std::nullopt;
    const std::string path = std::move(impl.pending.back());
    impl.pending.pop_back();
    auto expanded = expand(path);
    if (!expanded) return std::unexpected(std::move(expanded).error());
    if (expanded->size() == 1 && expanded->front() == path) {
      auto opened = OpenFile::open(path);
      if (!opened) {
        ++impl.done;
        return std::unexpected(std::move(opened).error());
      }
      impl.open_file.emplace(std::move(*opened));
    } else {
      impl.pending.insert(impl.pending.end(), expanded->rbegin(), expanded->rend());
    }
  }
}

std::size_t InputFiles::files_found() const noexcept {
  return impl_->done + impl_->pending.size() + (impl_->open_file ? 1 : 0);
}
std::size_t InputFiles::files_done() const noexcept { return impl_->done; }

}  // namespace hocket
