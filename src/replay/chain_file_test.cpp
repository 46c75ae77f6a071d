#include "replay/chain_file.hpp"

#include "base/endian.hpp"
#include "core/account.hpp"
#include "core/codec.hpp"
#include "replay/snappy_frames.hpp"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <snappy.h>
#include <unistd.h>

namespace hocket {
namespace {

Block block_number(std::uint64_t number) {
  Block block;
  block.header.ommers_hash = kEmptyListHash;
  block.header.number = number;
  block.header.extra_data = Bytes(number, 7);
  return block;
}

class ChainFileTest : public testing::Test {
 protected:
  ~ChainFileTest() override { std::filesystem::remove(path_); }

  std::string write(BytesView content) {
    std::ofstream(path_, std::ios::binary)
        << std::string_view(reinterpret_cast<const char*>(content.data()), content.size());
    return path_;
  }

  // "number number ... !message"
  std::string read_all(BytesView content) {
    auto file = ChainFile::open(write(content));
    if (!file) return "!" + without_path(file.error().message);
    std::string text;
    for (;;) {
      const auto stored = file->next();
      if (!stored) return text + "!" + without_path(stored.error().message);
      if (!*stored) return text;
      text += std::to_string((*stored)->block.header.number) + " ";
    }
  }

 private:
  std::string without_path(const std::string& message) const {
    EXPECT_TRUE(message.starts_with(path_ + ": ")) << message;
    return message.substr(std::min(message.size(), path_.size() + 2));
  }

  std::string path_ =
      (std::filesystem::temp_directory_path() / ("hocket-chain-" + std::to_string(::getpid()))).string();
};

Bytes three_blocks() {
  Bytes bytes;
  for (std::uint64_t number = 1; number <= 3; ++number) append(bytes, encode(block_number(number)));
  return bytes;
}

TEST_F(ChainFileTest, ReadsConcatenatedBlocks) {
  EXPECT_EQ(read_all(three_blocks()), "1 2 3 ");
  EXPECT_EQ(read_all(encode(block_number(60'000))), "60000 ");
}

TEST_F(ChainFileTest, NamesTheOffsetOfWhatIsWrong) {
  const Bytes good = three_blocks();
  const std::size_t first = encode(block_number(1)).size();
  Bytes cut = good;
  cut.resize(good.size() - 1);
  EXPECT_TRUE(read_all(cut).starts_with("1 2 !offset ")) << read_all(cut);
  Bytes garbage = good;
  garbage.insert(garbage.begin() + static_cast<std::ptrdiff_t>(first), 0x05);
  EXPECT_EQ(read_all(garbage), "1 !offset " + std::to_string(first) + ": expected a block, which is an RLP list");
  Bytes huge = good;
  append(huge, Bytes{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff});
  EXPECT_TRUE(read_all(huge).starts_with("1 2 3 !offset " + std::to_string(good.size()) + ": a block of "))
      << read_all(huge);
  Bytes field = good;
  field[first + 5] ^= 0xff;
  EXPECT_TRUE(read_all(field).starts_with("1 !offset " + std::to_string(first) + ": ")) << read_all(field);
  EXPECT_EQ(read_all({}), "!the file is empty");
  EXPECT_EQ(read_all(as_bytes("hello")), "!expected RLP blocks or an era1 archive");
}

// --- era1 ------------------------------------------------------------------------------------------------------------

// As the framing format says, with the checksum of CRC-32C's definition: bit by bit, unlike the code under test.
Bytes snappy_stream(BytesView data) {
  std::uint32_t crc = ~0u;
  for (const std::uint8_t byte : data) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82f63b78u : 0u);
  }
  crc = ~crc;
  std::string packed;
  snappy::Compress(reinterpret_cast<const char*>(data.data()), data.size(), &packed);
  Bytes stream{0xff, 6, 0, 0, 's', 'N', 'a', 'P', 'p', 'Y', 0x00};
  const std::size_t size = packed.size() + 4;
  for (int i = 0; i < 3; ++i) stream.push_back(static_cast<std::uint8_t>(size >> (8 * i)));
  std::uint8_t checksum[4];
  store_le32(checksum, ((crc >> 15) | (crc << 17)) + 0xa282ead8u);
  append(stream, checksum);
  append(stream, as_bytes(packed));
  return stream;
}

void add_entry(Bytes& to, std::uint16_t type, BytesView data) {
  std::uint8_t header[8] = {static_cast<std::uint8_t>(type), static_cast<std::uint8_t>(type >> 8)};
  store_le32(header + 2, static_cast<std::uint32_t>(data.size()));
  append(to, header);
  append(to, data);
}

Bytes era1(std::uint64_t blocks) {
  Bytes file;
  add_entry(file, 0x3265, {});
  for (std::uint64_t number = 1; number <= blocks; ++number) {
    add_entry(file, 0x03, snappy_stream(encode(block_number(number).header)));
    add_entry(file, 0x04, snappy_stream(Bytes{0xc2, 0xc0, 0xc0}));
    add_entry(file, 0x05, snappy_stream(Bytes{0xc0}));
    Bytes total_difficulty(32, 0);
    total_difficulty[0] = static_cast<std::uint8_t>(number);
    add_entry(file, 0x06, total_difficulty);
  }
  add_entry(file, 0x07, Bytes(32, 1));
  add_entry(file, 0x3266, Bytes(24, 0));
  return file;
}

TEST_F(ChainFileTest, ReadsEra1) {
  EXPECT_EQ(read_all(era1(3)), "1 2 3 ");
  auto file = ChainFile::open(write(era1(3)));
  const auto stored = file->next();
  EXPECT_EQ((*stored)->total_difficulty, u256(1));
  EXPECT_EQ((*stored)->block, block_number(1));
  EXPECT_EQ((*stored)->rlp_size_bytes, encode(block_number(1)).size());
}

TEST_F(ChainFileTest, RefusesDamagedEra1) {
  const Bytes good = era1(2);
  int refused = 0;
  for (std::size_t size = 9; size < good.size(); size += 7) {
    const std::string result = read_all(BytesView(good).first(size));
    refused += result.find('!') != std::string::npos ? 1 : 0;
  }
  EXPECT_GT(refused, 50);  // all but the cuts between entries behind the last block
  for (std::size_t i = 8; i < good.size() - 80; i += 3) {
    Bytes spoiled = good;
    spoiled[i] ^= 0x55;
    const std::string result = read_all(spoiled);
    EXPECT_EQ(result.find('\n'), std::string::npos);
  }
}

TEST(SnappyFrames, UnpacksChunksOfBothKinds) {
  Bytes stream = snappy_stream(as_bytes("hello "));
  append(stream, BytesView(snappy_stream(as_bytes("world"))).subspan(10));
  append(stream, Bytes{0xfe, 2, 0, 0, 9, 9});  // padding
  EXPECT_EQ(unpack_snappy_frames(stream, 100).value(), to_bytes(as_bytes("hello world")));
  EXPECT_FALSE(unpack_snappy_frames(stream, 10).has_value());
  EXPECT_EQ(unpack_snappy_frames(BytesView(stream).first(10), 100).value(), Bytes());
}

TEST(SnappyFrames, RefusesDamage) {
  const Bytes good = snappy_stream(as_bytes("hello world, hello world, hello world"));
  for (std::size_t i = 0; i < good.size(); ++i) {
    Bytes spoiled = good;
    spoiled[i] ^= 1;
    EXPECT_FALSE(unpack_snappy_frames(spoiled, 100).has_value()) << i;
  }
  for (std::size_t size = 0; size < good.size(); ++size) {
    if (size == 10) continue;  // the identifier alone is an empty stream
    EXPECT_FALSE(unpack_snappy_frames(BytesView(good).first(size), 100).has_value()) << size;
  }
}

}  // namespace
}  // namespace hocket
