// FusionRule: how an opcode can be put together with its operands (evm/cell.hpp says into what).
#pragma once

#include "evm/cell.hpp"

#include <array>

namespace hocket {

/// How an opcode can be fused with its operands.
struct FusionRule {
  enum Kind : std::uint8_t {
    none,
    binary,
    comparison,
    iszero,
    negation,
    mload,
    mstore,
    keccak,
    calldataload,
    sload,
    div,
    exp,
  };
  Kind kind = none;
  std::uint8_t number = 0;  // FusedOp or Comparison
  bool commutes = false;
};

constexpr std::array<FusionRule, 256> make_fusion_rules() {
  std::array<FusionRule, 256> rules{};
  const auto binary = [&](Opcode opcode, FusedOp op, bool commutes) {
    rules[opcode] = {FusionRule::binary, static_cast<std::uint8_t>(op), commutes};
  };
  const auto comparing = [&](Opcode opcode, Comparison comparison, bool commutes) {
    rules[opcode] = {FusionRule::comparison, static_cast<std::uint8_t>(comparison), commutes};
  };
  const auto other = [&](Opcode opcode, FusionRule::Kind kind) { rules[opcode] = {kind, 0, false}; };
  binary(OP_ADD, FusedOp::add, true);
  binary(OP_SUB, FusedOp::sub, false);
  binary(OP_MUL, FusedOp::mul, true);
  binary(OP_AND, FusedOp::bit_and, true);
  binary(OP_OR, FusedOp::bit_or, true);
  binary(OP_XOR, FusedOp::bit_xor, true);
  binary(OP_SHL, FusedOp::shl, false);
  binary(OP_SHR, FusedOp::shr, false);
  binary(OP_SAR, FusedOp::sar, false);
  binary(OP_SIGNEXTEND, FusedOp::signextend, false);
  comparing(OP_LT, Comparison::lt, false);
  comparing(OP_GT, Comparison::gt, false);
  comparing(OP_SLT, Comparison::slt, false);
  comparing(OP_SGT, Comparison::sgt, false);
  comparing(OP_EQ, Comparison::eq, true);
  other(OP_ISZERO, FusionRule::iszero);
  other(OP_NOT, FusionRule::negation);
  other(OP_MLOAD, FusionRule::mload);
  other(OP_MSTORE, FusionRule::mstore);
  other(OP_KECCAK256, FusionRule::keccak);
  other(OP_CALLDATALOAD, FusionRule::calldataload);
  other(OP_SLOAD, FusionRule::sload);
  other(OP_DIV, FusionRule::div);
  other(OP_EXP, FusionRule::exp);
  return rules;
}

inline constexpr std::array<FusionRule, 256> kFusionRules = make_fusion_rules();

/// The comparison that says of (b, a) what this one says of (a, b).
constexpr Comparison mirrored(Comparison comparison) noexcept {
  switch (comparison) {
    case Comparison::lt:
      return Comparison::gt;
    case Comparison::gt:
      return Comparison::lt;
    case Comparison::slt:
      return Comparison::sgt;
    case Comparison::sgt:
      return Comparison::slt;
    case Comparison::eq:
      break;
  }
  return Comparison::eq;
}

/// The handler of a rule's instruction with its operands in these places.
constexpr std::uint16_t handler_of(const FusionRule& rule, Operands operands) noexcept {
  return rule.kind == FusionRule::comparison ? comparison_handler(static_cast<Comparison>(rule.number), operands)
                                             : fused_handler(static_cast<FusedOp>(rule.number), operands);
}

constexpr bool is_fusable(const FusionRule& rule) noexcept {
  return rule.kind == FusionRule::binary || rule.kind == FusionRule::comparison;
}

}  // namespace hocket
