// ByteStream: a file's bytes in order, unpacked if it is gzip or zstd, with bounded memory.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace hocket {

/// Thread safety: none.
class ByteStream {
 public:
  /// Errors: the file cannot be opened, or is empty.
  static Result<ByteStream> open(const std::string& path);
  ~ByteStream();
  ByteStream(ByteStream&&) noexcept;
  ByteStream& operator=(ByteStream&&) noexcept;

  /// Up to `size` bytes without taking them: fewer at the end of the file. Valid until the next call.
  /// Errors: the file cannot be read, or is damaged.
  Result<BytesView> peek(std::size_t size);
  /// Takes exactly `size` bytes. Errors: as above; the file ends before.
  Result<Bytes> take(std::size_t size);

  /// Bytes taken so far, counted unpacked: the place for an error message.
  std::uint64_t offset() const noexcept;

 private:
  struct Impl;
  explicit ByteStream(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace hocket
