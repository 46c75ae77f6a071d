#include "evm/operand_queue.hpp"

#include "protocol/opcode.hpp"

namespace hocket {

std::optional<u256> fold(std::uint8_t opcode, const u256& a, const u256& b) noexcept {
  switch (opcode) {
    case OP_ADD:
      return a + b;
    case OP_MUL:
      return a * b;
    case OP_SUB:
      return a - b;
    case OP_DIV:
      return a / b;
    case OP_AND:
      return a & b;
    case OP_OR:
      return a | b;
    case OP_XOR:
      return a ^ b;
    case OP_SHL:
      return b << static_cast<unsigned>(a.clamp(256));
    case OP_SHR:
      return b >> static_cast<unsigned>(a.clamp(256));
    case OP_EXP:
      return power(a, b);
    default:
      return std::nullopt;
  }
}

std::optional<u256> fold(std::uint8_t opcode, const u256& a) noexcept {
  switch (opcode) {
    case OP_ISZERO:
      return u256{a.is_zero()};
    case OP_NOT:
      return ~a;
    default:
      return std::nullopt;
  }
}

}  // namespace hocket
