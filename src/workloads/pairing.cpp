#include "workloads/pairing.hpp"

#include "workloads/state_builder.hpp"

namespace hocket::workloads {
namespace {

std::size_t accounts_needed(Pattern pattern, std::size_t pairs) {
  switch (pattern) {
    case Pattern::independent:
    case Pattern::zipf:
    case Pattern::hot:
      return 2 * pairs;
    case Pattern::to_one:
    case Pattern::from_one:
    case Pattern::chain:
    case Pattern::relay:
      return pairs + 1;
    case Pattern::self:
      return pairs;
  }
  return 0;
}

}  // namespace

Pairing::Pairing(Pattern pattern, const WorkloadOptions& options, std::size_t expected)
    : pattern_(pattern),
      accounts_(make_accounts(options, "account",
                              std::max<std::size_t>(2, options.accounts.value_or(accounts_needed(pattern, expected))))),
      random_(options.seed),
      hot_share_(options.hot_share) {
  if (pattern == Pattern::zipf) zipf_.emplace(accounts_.size(), options.zipf_exponent);
}

std::pair<std::size_t, std::size_t> Pairing::next() {
  const std::size_t n = count_++;
  const std::size_t size = accounts_.size();
  switch (pattern_) {
    case Pattern::independent: {
      // A round uses every account once; the next round pairs each with another.
      const std::size_t pairs = size / 2;
      const std::size_t payer = n % pairs;
      return {payer, pairs + (payer + n / pairs) % pairs};
    }
    case Pattern::to_one:
      return {1 + n % (size - 1), 0};
    case Pattern::from_one:
      return {0, 1 + n % (size - 1)};
    case Pattern::chain:
    case Pattern::relay:
      return {n % size, (n + 1) % size};
    case Pattern::self:
      return {n % size, n % size};
    case Pattern::zipf:
    case Pattern::hot:
      break;
  }
  const std::size_t payer = pick();
  return {payer, pick()};
}

std::size_t Pairing::pick() {
  if (zipf_) return zipf_->pick(random_);
  const std::size_t hot = std::max<std::size_t>(1, accounts_.size() / 10);
  const std::size_t others = accounts_.size() - hot;
  if (hot_share_ <= 0) return random_.below(accounts_.size());
  return random_.with_probability(hot_share_) ? others + random_.below(hot) : random_.below(others);
}

}  // namespace hocket::workloads
