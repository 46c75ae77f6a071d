// ChainFile: the blocks of a file, one after the other. Concatenated RLP blocks, as geth's and besu's exports are, or
// an era1 archive (e2store with snappy frames); plain, gzip or zstd.
#pragma once

#include "core/block.hpp"
#include "replay/byte_stream.hpp"

#include <optional>

namespace hocket {

/// A block as the file holds it.
struct StoredBlock {
  Block block;
  std::size_t rlp_size_bytes = 0;
  /// Up to and including the block, where the file holds it (era1).
  std::optional<u256> total_difficulty;
};

/// Thread safety: none.
class ChainFile {
 public:
  /// Errors: the file cannot be read, or is neither.
  static Result<ChainFile> open(const std::string& path);

  /// The next block; an empty optional at the end. Of era1's entries the receipts, the accumulator and the index are
  /// passed over. Errors: with the path and the offset (of the unpacked file); there is no going on after one.
  Result<std::optional<StoredBlock>> next();

 private:
  ChainFile(std::string path, ByteStream stream, bool is_era1)
      : path_(std::move(path)), stream_(std::move(stream)), is_era1_(is_era1) {}

  Result<std::optional<StoredBlock>> next_rlp();
  Result<std::optional<StoredBlock>> next_era1();

  std::string path_;
  ByteStream stream_;
  bool is_era1_;
};

}  // namespace hocket
