#include "replay/byte_stream.hpp"

#include <archive.h>
#include <archive_entry.h>

namespace hocket {
namespace {

struct ArchiveCloser {
  void operator()(archive* a) const noexcept { archive_read_free(a); }
};

std::string why(archive* a) {
  const char* text = archive_error_string(a);
  return text != nullptr ? text : "unknown error";
}

}  // namespace

struct ByteStream::Impl {
  std::unique_ptr<archive, ArchiveCloser> reader{archive_read_new()};
  Bytes buffer;  // read and not yet taken: from `start` on
  std::size_t start = 0;
  std::uint64_t offset = 0;
  bool ended = false;

  // Makes `size` bytes available, or all that are left.
  Result<void> fill(std::size_t size) {
    constexpr std::size_t kChunkBytes = 1 << 17;
    while (!ended && buffer.size() - start < size) {
      if (start > 0) {
        buffer.erase(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(start));
        start = 0;
      }
      const std::size_t had = buffer.size();
      buffer.resize(had + kChunkBytes);
      const la_ssize_t got = archive_read_data(reader.get(), buffer.data() + had, kChunkBytes);
      buffer.resize(had + (got > 0 ? static_cast<std::size_t>(got) : 0));
      if (got == ARCHIVE_RETRY) continue;
      if (got < 0) return fail("cannot be read: " + why(reader.get()));
      ended = got == 0;
    }
    return {};
  }
};

ByteStream::ByteStream(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ByteStream::~ByteStream() = default;
ByteStream::ByteStream(ByteStream&&) noexcept = default;
ByteStream& ByteStream::operator=(ByteStream&&) noexcept = default;

Result<ByteStream> ByteStream::open(const std::string& path) {
  auto impl = std::make_unique<Impl>();
  archive* reader = impl->reader.get();
  archive_read_support_filter_gzip(reader);
  archive_read_support_filter_zstd(reader);
  archive_read_support_format_raw(reader);
  archive_read_support_format_empty(reader);
  constexpr std::size_t kBlockBytes = 1 << 17;
  archive_entry* entry = nullptr;
  if (archive_read_open_filename(reader, path.c_str(), kBlockBytes) != ARCHIVE_OK)
    return fail("cannot be opened: " + why(reader));
  const int status = archive_read_next_header(reader, &entry);
  if (status == ARCHIVE_EOF) return fail("the file is empty");
  if (status < ARCHIVE_WARN) return fail("cannot be read: " + why(reader));
  return ByteStream(std::move(impl));
}

Result<BytesView> ByteStream::peek(std::size_t size) {
  HOCKET_CHECK(impl_->fill(size));
  return BytesView(impl_->buffer).subspan(impl_->start, std::min(size, impl_->buffer.size() - impl_->start));
}

Result<Bytes> ByteStream::take(std::size_t size) {
  HOCKET_TRY(const BytesView view, peek(size));
  if (view.size() < size)
    return fail("offset " + std::to_string(impl_->offset + view.size()) + ": the file ends here, expected " +
                std::to_string(size - view.size()) + " more bytes");
  Bytes bytes = to_bytes(view);
  impl_->start += size;
  impl_->offset += size;
  return bytes;
}

std::uint64_t ByteStream::offset() const noexcept { return impl_->offset; }

}  // namespace hocket
