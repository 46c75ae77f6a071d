// OpcodeInfo: what the translation of code needs to know of an opcode under one fork, in one load.
#pragma once

#include "protocol/spec.hpp"

#include <array>
#include <cstdint>

namespace hocket {

struct OpcodeInfo {
  enum Kind : std::uint8_t { plain, undefined, push, dup, swap, pop, jumpdest, jump, jumpi, pc };

  std::uint16_t gas = 0;
  std::uint8_t inputs = 0;
  std::uint8_t outputs = 0;
  Kind kind = plain;
  bool ends_block = false;  // a jump, or an instruction that must see the exact gas left
  bool halts = false;       // what follows is reached through a JUMPDEST only
  std::uint8_t immediate_size = 0;
};
static_assert(sizeof(OpcodeInfo) == 8);

using OpcodeInfos = std::array<OpcodeInfo, 256>;

/// Thread safety: any number of threads.
const OpcodeInfos& opcode_infos(const Spec& spec);

}  // namespace hocket
