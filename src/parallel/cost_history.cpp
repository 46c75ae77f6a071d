#include "parallel/cost_history.hpp"

#include "base/endian.hpp"
#include "base/hash_seed.hpp"

#include <algorithm>

namespace hocket {
namespace {

constexpr CostHistory::Cell kCreations{.index = 1, .tag = 1};

/// How little a new observation counts. What is longer than before is often an interruption.
constexpr std::uint64_t kLongerWeight = 8;
constexpr std::uint64_t kShorterWeight = 2;
constexpr std::uint64_t kMaxCost = (std::uint64_t{1} << 40) - 1;
/// Two more for a chain, one less for another block.
constexpr std::uint64_t kChain = 2;
constexpr std::uint64_t kMostChains = 8;
constexpr std::uint64_t kManyChains = 4;
/// A contended block is kept in mind for so many others.
constexpr std::uint64_t kContended = 2;

/// The logs' part of the cost is kept in so many.
constexpr std::uint64_t kParts = 16;

struct Word {
  std::uint64_t tag;
  std::uint64_t chains;
  std::uint64_t log_parts;
  std::uint64_t cost;

  static Word unpack(std::uint64_t word) noexcept {
    return {.tag = word >> 48, .chains = word >> 44 & 0xf, .log_parts = word >> 40 & 0xf, .cost = word & kMaxCost};
  }
  std::uint64_t pack() const noexcept { return tag << 48 | chains << 44 | log_parts << 40 | cost; }
};

std::uint64_t moved_towards(std::uint64_t old, std::uint64_t now, std::uint64_t weight) noexcept {
  // Rounded away from the old: a small difference counts too.
  return now > old ? old + (now - old + weight - 1) / weight : old - (old - now + weight - 1) / weight;
}

}  // namespace

CostHistory::Cell CostHistory::cell_of_call(const Transaction& transaction) noexcept {
  if (!transaction.to) return kCreations;
  std::uint64_t selector = 0;
  for (std::size_t i = 0; i < 4 && i < transaction.data.size(); ++i) selector = selector << 8 | transaction.data[i];
  const HashSeed& seed = hash_seed();
  const std::uint8_t* p = transaction.to->data();
  const std::uint64_t hash = fold_multiply(load_le64(p) ^ seed.words[0], load_le64(p + 8) ^ seed.words[1]) ^
                             fold_multiply(load_le32(p + 16) ^ seed.words[2], selector ^ seed.words[3]);
  return {.index = static_cast<std::uint16_t>(hash % kCells), .tag = static_cast<std::uint16_t>(hash >> 48 | 2)};
}

std::size_t CostHistory::find_word(Cell cell) const noexcept {
  const std::size_t line = cell.index & ~(kWays - 1);
  for (std::size_t i = 0; i < kWays; ++i) {
    const std::size_t at = line | ((cell.index + i) & (kWays - 1));
    if (Word::unpack(words_[at].load(std::memory_order_relaxed)).tag == cell.tag) return at;
  }
  return kCells;
}

std::size_t CostHistory::place_for(Cell cell) const noexcept {
  const std::size_t line = cell.index & ~(kWays - 1);
  for (std::size_t i = 0; i < kWays; ++i) {
    const std::size_t at = line | ((cell.index + i) & (kWays - 1));
    if (words_[at].load(std::memory_order_relaxed) == 0) return at;
  }
  return cell.index;
}

std::optional<CostHistory::Known> CostHistory::find(Cell cell) const noexcept {
  const std::size_t at = find_word(cell);
  if (at == kCells) return std::nullopt;
  const Word word = Word::unpack(words_[at].load(std::memory_order_relaxed));
  return Known{.cost = word.cost,
               .of_logs = word.cost * word.log_parts / kParts,
               .was_in_chains = word.chains >= kManyChains,
               .was_contended = word.chains > 0};
}

void CostHistory::note_cost(Cell cell, std::uint64_t execution, std::uint64_t logs) noexcept {
  const std::size_t found = find_word(cell);
  auto& at = words_[found != kCells ? found : place_for(cell)];
  Word word = Word::unpack(at.load(std::memory_order_relaxed));
  logs = std::min(logs, kMaxCost);
  const std::uint64_t ticks = std::min(std::min(execution, kMaxCost) + logs, kMaxCost);
  // What is known well enough is not written: every worker would take turns at it.
  if (word.tag == cell.tag && ticks >= word.cost - word.cost / 8 && ticks <= word.cost + word.cost / 4) return;
  if (word.tag == cell.tag)
    word.cost = moved_towards(word.cost, ticks, ticks > word.cost ? kLongerWeight : kShorterWeight);
  else
    word = {.tag = cell.tag, .chains = 0, .log_parts = 0, .cost = ticks};
  word.log_parts = logs * (kParts - 1) / std::max<std::uint64_t>(ticks, 1);
  at.store(word.pack(), std::memory_order_relaxed);
}

void CostHistory::note_outcome(Cell cell, Outcome outcome) noexcept {
  const std::size_t found = find_word(cell);
  if (found == kCells) return;
  auto& at = words_[found];
  Word word = Word::unpack(at.load(std::memory_order_relaxed));
  switch (outcome) {
    case Outcome::chain:
      word.chains = std::min(word.chains + kChain, kMostChains);
      break;
    case Outcome::contended:
      word.chains = std::max(word.chains, kContended);
      break;
    case Outcome::parallel:
      if (word.chains > 0) --word.chains;
      break;
  }
  at.store(word.pack(), std::memory_order_relaxed);
}

}  // namespace hocket
