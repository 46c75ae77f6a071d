#include "workloads/contract_code.hpp"

#include "base/assert.hpp"
#include "base/hex.hpp"

namespace hocket::workloads {

Bytes creation_code(std::string_view name) {
  for (const ContractRow& row : contract_table())
    if (row.name == name) return *from_hex(row.creation_code);
  HOCKET_ASSERT(!"no contract of this name");
  return {};
}

}  // namespace hocket::workloads
