// Block: a header and its body.
#pragma once

#include "core/header.hpp"
#include "core/transaction.hpp"

#include <optional>
#include <vector>

namespace hocket {

/// EIP-4895.
struct Withdrawal {
  std::uint64_t index = 0;
  std::uint64_t validator_index = 0;
  Address address;
  std::uint64_t amount_gwei = 0;

  friend bool operator==(const Withdrawal&, const Withdrawal&) = default;
};

struct Block {
  Header header;
  std::vector<Transaction> transactions;
  std::vector<Header> ommers;
  std::optional<std::vector<Withdrawal>> withdrawals;

  friend bool operator==(const Block&, const Block&) = default;
};

}  // namespace hocket
