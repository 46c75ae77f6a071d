// Contracts and functions that are much used on mainnet.
#pragma once

#include <span>
#include <string_view>

namespace hocket::report {

struct KnownContract {
  std::string_view address;  // with the checksum of EIP-55
  std::string_view name;
};

std::span<const KnownContract> known_contracts() noexcept;

/// "transfer(address,uint256)"
std::span<const std::string_view> known_signatures() noexcept;

}  // namespace hocket::report
