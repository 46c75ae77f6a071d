// import_chain: executes a chain of blocks from its genesis, every one checked in full: header against parent, body,
// results, and the state root after it.
#pragma once

#include "replay/chain_file.hpp"
#include "replay/genesis.hpp"
#include "transition/executor.hpp"

#include <chrono>
#include <cstdint>
#include <functional>

namespace hocket {

struct ImportReport {
  std::uint64_t blocks = 0;
  std::uint64_t transactions = 0;
  std::uint64_t gas_used = 0;
  std::chrono::nanoseconds execution{};  // without decoding, recovery and roots
  Header head;
  Hash32 head_hash;
};

/// Called after each block; false stops the import there.
using ImportProgress = std::function<bool(const Header& imported)>;

/// Executes the blocks of `path` on `genesis`, whose state becomes that after the last block. A block 0 at the start of
/// the file must be the genesis block.
/// Errors: with the path and the block: it cannot be read, is invalid, or its results are not what its header says; the
/// state is then that after the block before. The proof-of-work seal is not checked.
Result<ImportReport> import_chain(Genesis& genesis, const std::string& path, Executor& executor,
                                  const ImportProgress& progress = {});

}  // namespace hocket
