// The code of the contracts in contracts/, which the build puts into the program.
#pragma once

#include "base/bytes.hpp"

#include <span>
#include <string_view>

namespace hocket::workloads {

struct ContractRow {
  std::string_view name;           // "Token"
  std::string_view creation_code;  // hex
};

/// All of them, by name.
std::span<const ContractRow> contract_table() noexcept;

/// Requires: there is a contract of this name.
Bytes creation_code(std::string_view name);

}  // namespace hocket::workloads
