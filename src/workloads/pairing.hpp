// Pairing: who pays whom. The patterns that transfers of ether and of tokens have in common.
#pragma once

#include "workloads/scenario.hpp"
#include "workloads/zipf.hpp"

#include <optional>
#include <utility>
#include <vector>

namespace hocket::workloads {

enum class Pattern : std::uint8_t {
  independent,  // every account takes part once, as long as there are accounts
  to_one,       // all pay the first account
  from_one,     // the first account pays all
  chain,        // each pays the next, and has only what the one before paid
  relay,        // each pays the next, and has enough anyway
  zipf,         // payer and payee by Zipf's law
  hot,          // a share of the choices falls on a tenth of the accounts, the rest on the others
  self,         // each pays itself
};

/// Thread safety: none.
class Pairing {
 public:
  /// `expected`: how many pairs will be asked for, about; decides the number of accounts where the options do not.
  Pairing(Pattern pattern, const WorkloadOptions& options, std::size_t expected);

  const std::vector<Address>& accounts() const noexcept { return accounts_; }
  Pattern pattern() const noexcept { return pattern_; }
  /// The next payer and payee: indices into `accounts`.
  std::pair<std::size_t, std::size_t> next();

 private:
  std::size_t pick();

  Pattern pattern_;
  std::vector<Address> accounts_;
  Random random_;
  std::optional<Zipf> zipf_;
  double hot_share_;
  std::size_t count_ = 0;  // of the pairs so far
};

}  // namespace hocket::workloads
