#include "protocol/opcode.hpp"

namespace hocket {
namespace {

// Names of the runs of opcodes; a table of literals because std::string_view cannot own a composed name.
constexpr std::string_view kPushNames[] = {
    "PUSH1",  "PUSH2",  "PUSH3",  "PUSH4",  "PUSH5",  "PUSH6",  "PUSH7",  "PUSH8",  "PUSH9",  "PUSH10", "PUSH11",
    "PUSH12", "PUSH13", "PUSH14", "PUSH15", "PUSH16", "PUSH17", "PUSH18", "PUSH19", "PUSH20", "PUSH21", "PUSH22",
    "PUSH23", "PUSH24", "PUSH25", "PUSH26", "PUSH27", "PUSH28", "PUSH29", "PUSH30", "PUSH31", "PUSH32"};
constexpr std::string_view kDupNames[] = {"DUP1", "DUP2",  "DUP3",  "DUP4",  "DUP5",  "DUP6",  "DUP7",  "DUP8",
                                          "DUP9", "DUP10", "DUP11", "DUP12", "DUP13", "DUP14", "DUP15", "DUP16"};
constexpr std::string_view kSwapNames[] = {"SWAP1",  "SWAP2",  "SWAP3",  "SWAP4",  "SWAP5",  "SWAP6",
                                           "SWAP7",  "SWAP8",  "SWAP9",  "SWAP10", "SWAP11", "SWAP12",
                                           "SWAP13", "SWAP14", "SWAP15", "SWAP16"};
constexpr std::string_view kLogNames[] = {"LOG0", "LOG1", "LOG2", "LOG3", "LOG4"};

constexpr std::array<OpcodeTraits, 256> make_traits() {
  std::array<OpcodeTraits, 256> t{};
  const auto set = [&t](int opcode, std::string_view name, int inputs, int outputs) {
    t[static_cast<std::size_t>(opcode)] = {name, static_cast<std::uint8_t>(inputs), static_cast<std::uint8_t>(outputs),
                                           0};
  };
  set(OP_STOP, "STOP", 0, 0);
  set(OP_ADD, "ADD", 2, 1);
  set(OP_MUL, "MUL", 2, 1);
  set(OP_SUB, "SUB", 2, 1);
  set(OP_DIV, "DIV", 2, 1);
  set(OP_SDIV, "SDIV", 2, 1);
  set(OP_MOD, "MOD", 2, 1);
  set(OP_SMOD, "SMOD", 2, 1);
  set(OP_ADDMOD, "ADDMOD", 3, 1);
  set(OP_MULMOD, "MULMOD", 3, 1);
  set(OP_EXP, "EXP", 2, 1);
  set(OP_SIGNEXTEND, "SIGNEXTEND", 2, 1);
  set(OP_LT, "LT", 2, 1);
  set(OP_GT, "GT", 2, 1);
  set(OP_SLT, "SLT", 2, 1);
  set(OP_SGT, "SGT", 2, 1);
  set(OP_EQ, "EQ", 2, 1);
  set(OP_ISZERO, "ISZERO", 1, 1);
  set(OP_AND, "AND", 2, 1);
  set(OP_OR, "OR", 2, 1);
  set(OP_XOR, "XOR", 2, 1);
  set(OP_NOT, "NOT", 1, 1);
  set(OP_BYTE, "BYTE", 2, 1);
  set(OP_SHL, "SHL", 2, 1);
  set(OP_SHR, "SHR", 2, 1);
  set(OP_SAR, "SAR", 2, 1);
  set(OP_CLZ, "CLZ", 1, 1);
  set(OP_KECCAK256, "KECCAK256", 2, 1);
  set(OP_ADDRESS, "ADDRESS", 0, 1);
  set(OP_BALANCE, "BALANCE", 1, 1);
  set(OP_ORIGIN, "ORIGIN", 0, 1);
  set(OP_CALLER, "CALLER", 0, 1);
  set(OP_CALLVALUE, "CALLVALUE", 0, 1);
  set(OP_CALLDATALOAD, "CALLDATALOAD", 1, 1);
  set(OP_CALLDATASIZE, "CALLDATASIZE", 0, 1);
  set(OP_CALLDATACOPY, "CALLDATACOPY", 3, 0);
  set(OP_CODESIZE, "CODESIZE", 0, 1);
  set(OP_CODECOPY, "CODECOPY", 3, 0);
  set(OP_GASPRICE, "GASPRICE", 0, 1);
  set(OP_EXTCODESIZE, "EXTCODESIZE", 1, 1);
  set(OP_EXTCODECOPY, "EXTCODECOPY", 4, 0);
  set(OP_RETURNDATASIZE, "RETURNDATASIZE", 0, 1);
  set(OP_RETURNDATACOPY, "RETURNDATACOPY", 3, 0);
  set(OP_EXTCODEHASH, "EXTCODEHASH", 1, 1);
  set(OP_BLOCKHASH, "BLOCKHASH", 1, 1);
  set(OP_COINBASE, "COINBASE", 0, 1);
  set(OP_TIMESTAMP, "TIMESTAMP", 0, 1);
  set(OP_NUMBER, "NUMBER", 0, 1);
  set(OP_PREVRANDAO, "PREVRANDAO", 0, 1);
  set(OP_GASLIMIT, "GASLIMIT", 0, 1);
  set(OP_CHAINID, "CHAINID", 0, 1);
  set(OP_SELFBALANCE, "SELFBALANCE", 0, 1);
  set(OP_BASEFEE, "BASEFEE", 0, 1);
  set(OP_BLOBHASH, "BLOBHASH", 1, 1);
  set(OP_BLOBBASEFEE, "BLOBBASEFEE", 0, 1);
  set(OP_POP, "POP", 1, 0);
  set(OP_MLOAD, "MLOAD", 1, 1);
  set(OP_MSTORE, "MSTORE", 2, 0);
  set(OP_MSTORE8, "MSTORE8", 2, 0);
  set(OP_SLOAD, "SLOAD", 1, 1);
  set(OP_SSTORE, "SSTORE", 2, 0);
  set(OP_JUMP, "JUMP", 1, 0);
  set(OP_JUMPI, "JUMPI", 2, 0);
  set(OP_PC, "PC", 0, 1);
  set(OP_MSIZE, "MSIZE", 0, 1);
  set(OP_GAS, "GAS", 0, 1);
  set(OP_JUMPDEST, "JUMPDEST", 0, 0);
  set(OP_TLOAD, "TLOAD", 1, 1);
  set(OP_TSTORE, "TSTORE", 2, 0);
  set(OP_MCOPY, "MCOPY", 3, 0);
  set(OP_PUSH0, "PUSH0", 0, 1);
  for (int n = 1; n <= 32; ++n) {
    set(OP_PUSH1 + n - 1, kPushNames[n - 1], 0, 1);
    t[static_cast<std::size_t>(OP_PUSH1 + n - 1)].immediate_size = static_cast<std::uint8_t>(n);
  }
  for (int n = 1; n <= 16; ++n) {
    set(OP_DUP1 + n - 1, kDupNames[n - 1], n, n + 1);
    set(OP_SWAP1 + n - 1, kSwapNames[n - 1], n + 1, n + 1);
  }
  for (int n = 0; n <= 4; ++n) set(OP_LOG0 + n, kLogNames[n], n + 2, 0);
  set(OP_CREATE, "CREATE", 3, 1);
  set(OP_CALL, "CALL", 7, 1);
  set(OP_CALLCODE, "CALLCODE", 7, 1);
  set(OP_RETURN, "RETURN", 2, 0);
  set(OP_DELEGATECALL, "DELEGATECALL", 6, 1);
  set(OP_CREATE2, "CREATE2", 4, 1);
  set(OP_STATICCALL, "STATICCALL", 6, 1);
  set(OP_REVERT, "REVERT", 2, 0);
  set(OP_INVALID, "INVALID", 0, 0);
  set(OP_SELFDESTRUCT, "SELFDESTRUCT", 1, 0);
  return t;
}

}  // namespace

constexpr std::array<OpcodeTraits, 256> kOpcodeTraits = make_traits();

}  // namespace hocket
