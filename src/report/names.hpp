// Names: what people call contracts and functions. Known are the workloads' contracts, by their code and interfaces,
// and a small table of what is much used on mainnet.
#pragma once

#include "core/transaction.hpp"
#include "state/state_view.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace hocket::report {

/// "transfer" for the selector of "transfer(address,uint256)"; empty: it is not known. Thread safety: pure.
std::string_view function_name(std::uint32_t selector);

/// The workloads' contract whose creation leaves this code; empty: none. What a constructor writes into the code
/// (immutables) makes no difference. Thread safety: pure.
std::string_view workload_contract(BytesView code);

/// The name of a much used contract on mainnet; empty: not known. Thread safety: pure.
std::string_view mainnet_contract(const Address& address);

/// Of one block. Thread safety: none.
class Names {
 public:
  /// `state`: before the block; it must live as long.
  Names(const StateView& state, std::uint64_t chain_id) : state_(&state), chain_id_(chain_id) {}

  /// Empty: not known.
  const std::string& contract(const Address& address);
  /// "Token.transfer", "transfer", "0xa9059cbb"; "ether" for a transfer of it; "creation".
  std::string call(const Transaction& transaction);

 private:
  bool has_code(const Address& address) const;

  const StateView* state_;
  std::uint64_t chain_id_;
  std::map<Address, std::string> contracts_;
};

}  // namespace hocket::report
