// InputFiles: every JSON document under the paths that a user named, one after the other, with bounded memory. Paths
// are files, folders (searched recursively) and patterns; files may be plain, gzip, zstd, or tar archives of many
// documents (plain, gzip, zstd with windows up to 128 MiB, as `zstd --long=27` makes them). The content decides, not
// the name.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hocket {

/// No document may be larger, packed or not: what a mistyped path or a decompression bomb can cost is bounded.
inline constexpr std::uint64_t kMaxDocumentBytes = std::uint64_t{1} << 30;

struct InputDocument {
  /// As a person would find it: "folder/file.json", or "packs/all.tar.zst:inside/file.json".
  std::string name;
  /// The text, with at least `kTextPadding` bytes of capacity behind its end (simdjson reads past it).
  std::string text;

  static constexpr std::size_t kTextPadding = 64;
};

/// Why there is no document; the message begins with `name`.
struct InputError : Error {
  /// As a document's; of what holds the document, where that is as far as reading came.
  std::string name;
  /// There is a file of that name, which a document was to be in.
  bool is_file = false;
};

/// Thread safety: none; callers that share one instance lock around `next`.
class InputFiles {
 public:
  /// Nothing is opened yet: every error comes from `next`, so that a caller may go on after it.
  /// A path "-" is standard input. A pattern (* ? [) that names no existing file is expanded.
  /// In folders and archives only names ending in .json (in folders also .json.gz, .json.zst, .tar, .tar.gz, .tgz,
  /// .tar.zst) are taken; a file named itself is taken whatever its name.
  explicit InputFiles(std::vector<std::string> paths, std::uint64_t max_document_bytes = kMaxDocumentBytes);
  ~InputFiles();
  InputFiles(InputFiles&&) noexcept;
  InputFiles& operator=(InputFiles&&) noexcept;

  /// The next document; an empty optional at the end.
  /// Errors, each naming the file: it does not exist, cannot be read, is empty, is damaged or too large; a folder,
  /// archive or pattern without documents. After an error the next call goes on with the next file.
  std::expected<std::optional<InputDocument>, InputError> next();

  /// Files found so far, archives counting as one; grows while folders are expanded. For a progress display.
  std::size_t files_found() const noexcept;
  std::size_t files_done() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hocket
