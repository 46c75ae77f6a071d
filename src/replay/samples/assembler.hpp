// Assembler: bytecode from opcodes, constants and labels, for the contracts that the project writes itself.
#pragma once

#include "base/bytes.hpp"
#include "base/uint256.hpp"
#include "protocol/opcode.hpp"

#include <initializer_list>
#include <vector>

namespace hocket {

class Assembler {
 public:
  /// A place in the code that may be jumped to before it is known where it is.
  struct Label {
    std::size_t id;
  };

  Assembler& op(std::initializer_list<Opcode> opcodes);
  /// The shortest PUSH1 to PUSH32.
  Assembler& push(const u256& value);
  /// PUSH2 of the label's position.
  Assembler& push(Label label);
  /// The bytes as one PUSH. Requires: 1 to 32 of them.
  Assembler& push_bytes(BytesView bytes);

  Label new_label();
  /// Puts a JUMPDEST here.
  Assembler& place(Label label);

  static Opcode dup(int n) { return static_cast<Opcode>(OP_DUP1 + n - 1); }
  static Opcode swap(int n) { return static_cast<Opcode>(OP_SWAP1 + n - 1); }

  /// The code. Requires: every label was placed.
  Bytes take();

 private:
  struct Use {
    std::size_t position;  // of the two bytes
    std::size_t label;
  };

  Bytes code_;
  std::vector<std::size_t> positions_;  // by label; kUnplaced if not placed
  std::vector<Use> uses_;
};

}  // namespace hocket
