#include "evm/opcode_info.hpp"

namespace hocket {
namespace {

OpcodeInfo::Kind kind_of(int opcode) noexcept {
  if (opcode >= OP_PUSH0 && opcode <= OP_PUSH32) return OpcodeInfo::push;
  if (opcode >= OP_DUP1 && opcode <= OP_DUP16) return OpcodeInfo::dup;
  if (opcode >= OP_SWAP1 && opcode <= OP_SWAP16) return OpcodeInfo::swap;
  switch (opcode) {
    case OP_POP:
      return OpcodeInfo::pop;
    case OP_JUMPDEST:
      return OpcodeInfo::jumpdest;
    case OP_JUMP:
      return OpcodeInfo::jump;
    case OP_JUMPI:
      return OpcodeInfo::jumpi;
    case OP_PC:
      return OpcodeInfo::pc;
    default:
      return OpcodeInfo::plain;
  }
}

OpcodeInfos make_infos(const Spec& spec) {
  OpcodeInfos infos;
  for (int opcode = 0; opcode < 256; ++opcode) {
    const OpcodeTraits& traits = kOpcodeTraits[static_cast<std::size_t>(opcode)];
    const std::int16_t gas = spec.opcode_gas[static_cast<std::size_t>(opcode)];
    OpcodeInfo& info = infos[static_cast<std::size_t>(opcode)];
    info.immediate_size = traits.immediate_size;
    if (gas == Spec::kUndefined) {
      info.kind = OpcodeInfo::undefined;
      info.halts = true;
      continue;
    }
    info.gas = static_cast<std::uint16_t>(gas);
    info.inputs = traits.inputs;
    info.outputs = traits.outputs;
    info.kind = kind_of(opcode);
  }
  for (const Opcode opcode :
       {OP_JUMPI, OP_GAS, OP_SSTORE, OP_CREATE, OP_CREATE2, OP_CALL, OP_CALLCODE, OP_DELEGATECALL, OP_STATICCALL})
    infos[opcode].ends_block = true;
  for (const Opcode opcode : {OP_JUMP, OP_STOP, OP_RETURN, OP_REVERT, OP_INVALID, OP_SELFDESTRUCT})
    infos[opcode].halts = true;
  return infos;
}

}  // namespace

const OpcodeInfos& opcode_infos(const Spec& spec) {
  static const auto all = [] {
    std::array<OpcodeInfos, kRevisionCount> made;
    for (int i = 0; i < kRevisionCount; ++i)
      made[static_cast<std::size_t>(i)] = make_infos(spec_of(static_cast<Revision>(i)));
    return made;
  }();
  return all[static_cast<std::size_t>(spec.revision)];
}

}  // namespace hocket
