#include "replay/chain_import.hpp"

#include "base/hex.hpp"
#include "block/execute_block.hpp"
#include "block/recover_senders.hpp"
#include "block/roots.hpp"
#include "block/state_trie.hpp"
#include "block/verify.hpp"
#include "core/codec.hpp"

#include <deque>

namespace hocket {
namespace {

using Clock = std::chrono::steady_clock;

std::unexpected<Error> invalid(const InvalidBlock& reason) { return fail(reason.message()); }

class ChainImport {
 public:
  ChainImport(Genesis& genesis, Executor& executor)
      : config_(genesis.config),
        state_(genesis.state),
        executor_(executor),
        trie_(genesis.state),
        total_difficulty_(genesis.block.header.difficulty) {
    remember(genesis.block, hash_of(genesis.block.header));
  }

  const Hash32& head_hash() const noexcept { return ancestors_.front().hash; }
  const Header& head() const noexcept { return ancestors_.front().header; }

  /// The execution's time. Errors: as import_chain's.
  Result<std::chrono::nanoseconds> add(StoredBlock stored) {
    const Header header = stored.block.header;
    const Hash32 hash = hash_of(header);
    if (header.parent_hash != head_hash())
      return fail("its parent is " + to_hex(header.parent_hash) + ", expected " + to_hex(head_hash()));
    if (auto valid = check_claims(stored); !valid) return std::unexpected(std::move(valid).error());
    const Block kept{header, {}, stored.block.ommers, {}};
    auto recovered = recover_senders(std::move(stored.block), config_.spec_for(header), config_.chain_id);
    if (!recovered) return invalid(recovered.error());

    const auto start = Clock::now();
    auto output = execute_block(*recovered, config_, state_, executor_, intermediate_root());
    const auto execution = Clock::now() - start;
    if (!output) return fail(output.error().message());
    HOCKET_TRY(const Hash32 root, trie_.apply(output->diff));
    if (auto valid = verify(*output, header, config_, root); !valid) return invalid(valid.error());
    state_.apply(output->diff);
    total_difficulty_ = total_difficulty_ + header.difficulty;
    remember(kept, hash);
    return execution;
  }

 private:
  struct Remembered {
    Header header;
    Hash32 hash;
    std::vector<Header> ommers;
  };

  Result<void> check_claims(const StoredBlock& stored) const {
    const Header& header = stored.block.header;
    if (auto valid = validate_header(header, head(), config_, total_difficulty_); !valid) return invalid(valid.error());
    if (auto valid = validate_size(stored.rlp_size_bytes, config_.spec_for(header)); !valid)
      return invalid(valid.error());
    std::vector<Ancestor> ancestors;
    ancestors.reserve(ancestors_.size());
    for (const Remembered& a : ancestors_) ancestors.push_back({&a.header, a.hash, a.ommers});
    if (auto valid = validate_body(stored.block, config_, ancestors); !valid) return invalid(valid.error());
    const u256 total = total_difficulty_ + header.difficulty;
    if (stored.total_difficulty && *stored.total_difficulty != total)
      return fail("total difficulty " + to_decimal(*stored.total_difficulty) + ", expected " + to_decimal(total));
    return {};
  }

  // Receipts before Byzantium hold the root after each transaction. Computed on a copy of the whole state: long chains
  // of that time need something better, the short ones that exist for tests do not.
  IntermediateRoot intermediate_root() const {
    return [this](const StateDiff& diff) -> Result<Hash32> {
      InMemoryState copy = state_;
      copy.apply(diff);
      return state_root(copy);
    };
  }

  void remember(const Block& block, const Hash32& hash) {
    constexpr std::size_t kOmmerGenerations = 8;  // the parent, and the seven before it (YP section 11.1)
    ancestors_.push_front({block.header, hash, block.ommers});
    if (ancestors_.size() > kOmmerGenerations) ancestors_.pop_back();
    state_.put_block_hash(block.header.number, hash);
  }

  const ChainConfig& config_;
  InMemoryState& state_;
  Executor& executor_;
  StateTrie trie_;
  u256 total_difficulty_;             // including the head
  std::deque<Remembered> ancestors_;  // the head first
};

}  // namespace

Result<ImportReport> import_chain(Genesis& genesis, const std::string& path, Executor& executor,
                                  const ImportProgress& progress) {
  HOCKET_TRY(auto file, ChainFile::open(path));
  ChainImport chain(genesis, executor);
  ImportReport report;
  for (;;) {
    HOCKET_TRY(auto stored, file.next());
    if (!stored) break;
    const std::uint64_t number = stored->block.header.number;
    const std::string place = path + ": block " + std::to_string(number);
    if (number == 0 && report.blocks == 0) {
      const Hash32 hash = hash_of(stored->block.header);
      if (hash != chain.head_hash())
        return fail(place + ": is " + to_hex(hash) + ", expected the genesis block " + to_hex(chain.head_hash()));
      continue;
    }
    report.transactions += stored->block.transactions.size();
    report.gas_used += stored->block.header.gas_used;
    const auto execution = chain.add(std::move(*stored));
    if (!execution) return std::unexpected(Error(execution.error()).in(place));
    report.execution += *execution;
    ++report.blocks;
    if (progress && !progress(chain.head())) break;
  }
  report.head = chain.head();
  report.head_hash = chain.head_hash();
  return report;
}

}  // namespace hocket
