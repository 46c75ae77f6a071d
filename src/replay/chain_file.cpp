#include "replay/chain_file.hpp"

#include "base/endian.hpp"
#include "core/codec.hpp"
#include "replay/snappy_frames.hpp"
#include "rlp/decode.hpp"
#include "rlp/encode.hpp"

namespace hocket {
namespace {

// No block has come near this; what a damaged length can cost is bounded.
constexpr std::size_t kMaxBlockBytes = std::size_t{256} << 20;

// e2store: an entry is a type (2 bytes), a length (4), two zero bytes, then the data; all little-endian.
constexpr std::size_t kEntryHeaderBytes = 8;
enum EntryType : std::uint16_t {
  kCompressedHeader = 0x03,
  kCompressedBody = 0x04,
  kTotalDifficulty = 0x06,
  kVersion = 0x3265,
};

struct Entry {
  std::uint16_t type = 0;
  Bytes data;
};

Result<std::optional<Entry>> next_entry(ByteStream& stream) {
  HOCKET_TRY(const BytesView ahead, stream.peek(1));
  if (ahead.empty()) return std::nullopt;
  const std::uint64_t offset = stream.offset();
  HOCKET_TRY(const Bytes header, stream.take(kEntryHeaderBytes));
  const std::uint32_t low = load_le32(header.data());
  const std::uint32_t high = load_le32(header.data() + 4);
  const std::uint64_t length = (low >> 16) | (std::uint64_t{high & 0xffff} << 16);
  if ((high >> 16) != 0) return fail("offset " + std::to_string(offset) + ": expected an e2store entry");
  if (length > kMaxBlockBytes)
    return fail("offset " + std::to_string(offset) + ": an entry of " + std::to_string(length) +
                " bytes, expected at most " + std::to_string(kMaxBlockBytes));
  Entry entry{static_cast<std::uint16_t>(low & 0xffff), {}};
  HOCKET_TRY(entry.data, stream.take(length));
  return entry;
}

Result<Entry> expect_entry(ByteStream& stream, EntryType type, const char* what) {
  const std::uint64_t offset = stream.offset();
  HOCKET_TRY(auto entry, next_entry(stream));
  if (!entry || entry->type != type) return fail("offset " + std::to_string(offset) + ": expected " + what);
  return std::move(*entry);
}

// header and [transactions, ommers, ...] make [header, transactions, ommers, ...].
Result<Bytes> join_block(BytesView header, BytesView body) {
  rlp::Reader reader(body);
  HOCKET_TRY(const rlp::Item list, reader.item());
  HOCKET_CHECK(reader.end());
  if (!list.is_list) return fail("expected a list: the block's body");
  Bytes block(rlp::kMaxHeaderSize + header.size() + list.payload.size());
  const std::uint8_t* end = rlp::write_list_header(block.data(), header.size() + list.payload.size());
  block.resize(static_cast<std::size_t>(end - block.data()));
  append(block, header);
  append(block, list.payload);
  return block;
}

}  // namespace

Result<ChainFile> ChainFile::open(const std::string& path) {
  auto stream = ByteStream::open(path);
  if (!stream) return std::unexpected(std::move(stream).error().in(path));
  const auto start = stream->peek(2);
  if (!start) return std::unexpected(Error(start.error()).in(path));
  const bool is_era1 = start->size() == 2 && (*start)[0] == 0x65 && (*start)[1] == 0x32;
  const bool is_rlp_list = !start->empty() && (*start)[0] >= rlp::kEmptyList;
  if (!is_era1 && !is_rlp_list) return fail(path + ": expected RLP blocks or an era1 archive");
  return ChainFile(path, std::move(*stream), is_era1);
}

Result<std::optional<StoredBlock>> ChainFile::next() {
  auto block = is_era1_ ? next_era1() : next_rlp();
  if (!block) return std::unexpected(std::move(block).error().in(path_));
  return block;
}

Result<std::optional<StoredBlock>> ChainFile::next_rlp() {
  HOCKET_TRY(const BytesView start, stream_.peek(rlp::kMaxHeaderSize));
  if (start.empty()) return std::nullopt;
  const std::string place = "offset " + std::to_string(stream_.offset()) + ": ";
  const std::uint8_t prefix = start[0];
  if (prefix < rlp::kEmptyList) return fail(place + "expected a block, which is an RLP list");
  // The announced size decides how much to read; the decoder judges whether it was well formed.
  std::uint64_t size = 1u + prefix - rlp::kEmptyList;
  if (prefix > 0xf7) {
    const std::size_t length_bytes = prefix - 0xf7u;
    if (start.size() < 1 + length_bytes) return fail(place + "the file ends within a block's header");
    std::uint64_t payload = 0;
    for (std::size_t i = 0; i < length_bytes; ++i) payload = payload << 8 | start[1 + i];
    size = payload > kMaxBlockBytes ? payload : 1 + length_bytes + payload;
  }
  if (size > kMaxBlockBytes)
    return fail(place + "a block of " + std::to_string(size) + " bytes, expected at most " +
                std::to_string(kMaxBlockBytes));
  HOCKET_TRY(const Bytes encoded, stream_.take(size));
  auto block = decode_block(encoded);
  if (!block) return fail(place + block.error().message);
  return StoredBlock{std::move(*block), encoded.size(), std::nullopt};
}

Result<std::optional<StoredBlock>> ChainFile::next_era1() {
  for (;;) {
    const std::string place = "offset " + std::to_string(stream_.offset()) + ": ";
    HOCKET_TRY(const auto entry, next_entry(stream_));
    if (!entry) return std::nullopt;
    if (entry->type != kCompressedHeader) continue;
    HOCKET_TRY(const Entry body, expect_entry(stream_, kCompressedBody, "the block's body after its header"));
    const auto header_rlp = unpack_snappy_frames(entry->data, kMaxBlockBytes);
    if (!header_rlp) return fail(place + header_rlp.error().message);
    const auto body_rlp = unpack_snappy_frames(body.data, kMaxBlockBytes);
    if (!body_rlp) return fail(place + body_rlp.error().message);
    const auto encoded = join_block(*header_rlp, *body_rlp);
    if (!encoded) return fail(place + encoded.error().message);
    auto block = decode_block(*encoded);
    if (!block) return fail(place + block.error().message);
    StoredBlock stored{std::move(*block), encoded->size(), std::nullopt};
    // The receipts come between; the header's receipts root is the better check on ours.
    HOCKET_TRY(const auto receipts, next_entry(stream_));
    if (!receipts) return fail(place + "the file ends within a block");
    HOCKET_TRY(const Entry difficulty, expect_entry(stream_, kTotalDifficulty, "the block's total difficulty"));
    if (difficulty.data.size() != 32) return fail(place + "expected a total difficulty of 32 bytes");
    const Bytes big_endian(difficulty.data.rbegin(), difficulty.data.rend());
    stored.total_difficulty = u256_from_be(big_endian);
    return stored;
  }
}

}  // namespace hocket
