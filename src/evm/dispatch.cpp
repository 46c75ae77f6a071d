// The dispatch loop. With clang each handler ends in a guaranteed tail call to the next one, under a calling
// convention that keeps the registers of the interpreter in machine registers. Other compilers get the same bodies in
// a switch. Exceptions (no memory) pass through either.

#include "evm/follower.hpp"
#include "evm/instructions/arithmetic.hpp"
#include "evm/instructions/bitwise.hpp"
#include "evm/instructions/control_flow.hpp"
#include "evm/instructions/environment.hpp"
#include "evm/instructions/fused.hpp"
#include "evm/instructions/memory.hpp"
#include "evm/instructions/storage.hpp"
#include "evm/instructions/system.hpp"
#include "evm/trace_recorder.hpp"

#include <array>

namespace hocket {
namespace {

namespace in = instructions;

inline Flow trace(Registers& r) {
  r.frame->machine->trace->begin_step(r, r.ip->immediate.value);
  return in::next(r);
}

// Every handler: its number and its body. `X(number, body)`.
#define HOCKET_HANDLERS(X)                                     \
  X(OP_STOP, in::stop)                                         \
  X(OP_ADD, in::add)                                           \
  X(OP_MUL, in::mul)                                           \
  X(OP_SUB, in::sub)                                           \
  X(OP_DIV, in::div)                                           \
  X(OP_SDIV, in::sdiv)                                         \
  X(OP_MOD, in::mod)                                           \
  X(OP_SMOD, in::smod)                                         \
  X(OP_ADDMOD, in::addmod)                                     \
  X(OP_MULMOD, in::mulmod)                                     \
  X(OP_EXP, in::exp)                                           \
  X(OP_SIGNEXTEND, in::signextend)                             \
  X(OP_AND, in::bit_and)                                       \
  X(OP_OR, in::bit_or)                                         \
  X(OP_XOR, in::bit_xor)                                       \
  X(OP_NOT, in::bit_not)                                       \
  X(OP_BYTE, in::byte)                                         \
  X(OP_SHL, in::shl)                                           \
  X(OP_SHR, in::shr)                                           \
  X(OP_SAR, in::sar)                                           \
  X(OP_CLZ, in::clz)                                           \
  X(OP_KECCAK256, in::keccak)                                  \
  X(OP_ADDRESS, in::address)                                   \
  X(OP_BALANCE, in::balance)                                   \
  X(OP_ORIGIN, in::origin)                                     \
  X(OP_CALLER, in::caller)                                     \
  X(OP_CALLVALUE, in::callvalue)                               \
  X(OP_CALLDATALOAD, in::calldataload)                         \
  X(OP_CALLDATASIZE, in::calldatasize)                         \
  X(OP_CALLDATACOPY, in::calldatacopy)                         \
  X(OP_CODESIZE, in::codesize)                                 \
  X(OP_CODECOPY, in::codecopy)                                 \
  X(OP_GASPRICE, in::gasprice)                                 \
  X(OP_EXTCODESIZE, in::extcodesize)                           \
  X(OP_EXTCODECOPY, in::extcodecopy)                           \
  X(OP_RETURNDATASIZE, in::returndatasize)                     \
  X(OP_RETURNDATACOPY, in::returndatacopy)                     \
  X(OP_EXTCODEHASH, in::extcodehash)                           \
  X(OP_BLOCKHASH, in::blockhash)                               \
  X(OP_COINBASE, in::coinbase)                                 \
  X(OP_TIMESTAMP, in::timestamp)                               \
  X(OP_NUMBER, in::number)                                     \
  X(OP_PREVRANDAO, in::prevrandao)                             \
  X(OP_GASLIMIT, in::gaslimit)                                 \
  X(OP_CHAINID, in::chainid)                                   \
  X(OP_SELFBALANCE, in::selfbalance)                           \
  X(OP_BASEFEE, in::basefee)                                   \
  X(OP_BLOBHASH, in::blobhash)                                 \
  X(OP_BLOBBASEFEE, in::blobbasefee)                           \
  X(OP_POP, in::pop)                                           \
  X(OP_MLOAD, in::mload)                                       \
  X(OP_MSTORE, in::mstore)                                     \
  X(OP_MSTORE8, in::mstore8)                                   \
  X(OP_SLOAD, in::sload<>)                                     \
  X(OP_SSTORE, in::sstore<>)                                   \
  X(OP_JUMP, in::jump)                                         \
  X(OP_JUMPI, in::jumpi)                                       \
  X(OP_MSIZE, in::msize)                                       \
  X(OP_GAS, in::gas)                                           \
  X(OP_TLOAD, in::tload)                                       \
  X(OP_TSTORE, in::tstore)                                     \
  X(OP_MCOPY, in::mcopy)                                       \
  X(OP_DUP1, in::dup<1>)                                       \
  X(OP_DUP1 + 1, in::dup<2>)                                   \
  X(OP_DUP1 + 2, in::dup<3>)                                   \
  X(OP_DUP1 + 3, in::dup<4>)                                   \
  X(OP_DUP1 + 4, in::dup<5>)                                   \
  X(OP_DUP1 + 5, in::dup<6>)                                   \
  X(OP_DUP1 + 6, in::dup<7>)                                   \
  X(OP_DUP1 + 7, in::dup<8>)                                   \
  X(OP_DUP1 + 8, in::dup<9>)                                   \
  X(OP_DUP1 + 9, in::dup<10>)                                  \
  X(OP_DUP1 + 10, in::dup<11>)                                 \
  X(OP_DUP1 + 11, in::dup<12>)                                 \
  X(OP_DUP1 + 12, in::dup<13>)                                 \
  X(OP_DUP1 + 13, in::dup<14>)                                 \
  X(OP_DUP1 + 14, in::dup<15>)                                 \
  X(OP_DUP16, in::dup<16>)                                     \
  X(OP_SWAP1, in::swap<1>)                                     \
  X(OP_SWAP1 + 1, in::swap<2>)                                 \
  X(OP_SWAP1 + 2, in::swap<3>)                                 \
  X(OP_SWAP1 + 3, in::swap<4>)                                 \
  X(OP_SWAP1 + 4, in::swap<5>)                                 \
  X(OP_SWAP1 + 5, in::swap<6>)                                 \
  X(OP_SWAP1 + 6, in::swap<7>)                                 \
  X(OP_SWAP1 + 7, in::swap<8>)                                 \
  X(OP_SWAP1 + 8, in::swap<9>)                                 \
  X(OP_SWAP1 + 9, in::swap<10>)                                \
  X(OP_SWAP1 + 10, in::swap<11>)                               \
  X(OP_SWAP1 + 11, in::swap<12>)                               \
  X(OP_SWAP1 + 12, in::swap<13>)                               \
  X(OP_SWAP1 + 13, in::swap<14>)                               \
  X(OP_SWAP1 + 14, in::swap<15>)                               \
  X(OP_SWAP16, in::swap<16>)                                   \
  X(OP_LOG0, in::log<0>)                                       \
  X(OP_LOG0 + 1, in::log<1>)                                   \
  X(OP_LOG0 + 2, in::log<2>)                                   \
  X(OP_LOG0 + 3, in::log<3>)                                   \
  X(OP_LOG4, in::log<4>)                                       \
  X(OP_CREATE, in::create<CallKind::create>)                   \
  X(OP_CALL, in::call<CallKind::call>)                         \
  X(OP_CALLCODE, in::call<CallKind::callcode>)                 \
  X(OP_RETURN, in::return_data<Status::success>)               \
  X(OP_DELEGATECALL, in::call<CallKind::delegatecall>)         \
  X(OP_CREATE2, in::create<CallKind::create2>)                 \
  X(OP_STATICCALL, in::call<CallKind::staticcall>)             \
  X(OP_REVERT, in::return_data<Status::revert>)                \
  X(OP_INVALID, in::invalid)                                   \
  X(OP_SELFDESTRUCT, in::selfdestruct)                         \
  X(kHandlerBlock, in::enter)                                  \
  X(kHandlerPush32Bits, in::push_32_bits)                      \
  X(kHandlerPush1Limb, in::push_limbs<1>)                      \
  X(kHandlerPush2Limbs, in::push_limbs<2>)                     \
  X(kHandlerPush3Limbs, in::push_limbs<3>)                     \
  X(kHandlerPush4Limbs, in::push_limbs<4>)                     \
  X(kHandlerJumpConst, in::jump_const)                         \
  X(kHandlerJumpiConst, in::jumpi_const)                       \
  X(kHandlerBadJump, in::bad_jump)                             \
  X(kHandlerArrive, in::arrive)                                \
  X(kHandlerResolve, in::resolve)                              \
  X(kHandlerDup, in::dup_deep)                                 \
  X(kHandlerDrop, in::drop<2>)                                 \
  X(kHandlerDrop + 1, in::drop<3>)                             \
  X(kHandlerDrop + 2, in::drop<4>)                             \
  X(kHandlerDrop + 3, in::drop<5>)                             \
  X(kHandlerDrop + 4, in::drop<6>)                             \
  X(kHandlerDrop + 5, in::drop<7>)                             \
  X(kHandlerDrop + 6, in::drop<8>)                             \
  X(kHandlerSwapPop, in::swap_pop<1>)                          \
  X(kHandlerSwapPop + 1, in::swap_pop<2>)                      \
  X(kHandlerSwapPop + 2, in::swap_pop<3>)                      \
  X(kHandlerSwapPop + 3, in::swap_pop<4>)                      \
  X(kHandlerSwapPop + 4, in::swap_pop<5>)                      \
  X(kHandlerSwapPop + 5, in::swap_pop<6>)                      \
  X(kHandlerSwapPop + 6, in::swap_pop<7>)                      \
  X(kHandlerSwapPop + 7, in::swap_pop<8>)                      \
  X(kHandlerSwapPop + 8, in::swap_pop<9>)                      \
  X(kHandlerSwapPop + 9, in::swap_pop<10>)                     \
  X(kHandlerSwapPop + 10, in::swap_pop<11>)                    \
  X(kHandlerSwapPop + 11, in::swap_pop<12>)                    \
  X(kHandlerSwapPop + 12, in::swap_pop<13>)                    \
  X(kHandlerSwapPop + 13, in::swap_pop<14>)                    \
  X(kHandlerSwapPop + 14, in::swap_pop<15>)                    \
  X(kHandlerSwapPop + 15, in::swap_pop<16>)                    \
  X(kHandlerSwapJump, in::swap_jump)                           \
  X(kHandlerSubImmediate, in::sub_immediate)                   \
  X(kHandlerMaskLimb0, in::mask_limb<0>)                       \
  X(kHandlerMaskLimb1, in::mask_limb<1>)                       \
  X(kHandlerMaskLimb2, in::mask_limb<2>)                       \
  X(kHandlerMaskLimb3, in::mask_limb<3>)                       \
  X(kHandlerShlWords0, in::shl_immediate<0>)                   \
  X(kHandlerShlWords1, in::shl_immediate<1>)                   \
  X(kHandlerShlWords2, in::shl_immediate<2>)                   \
  X(kHandlerShlWords3, in::shl_immediate<3>)                   \
  X(kHandlerShrWords0, in::shr_immediate<0>)                   \
  X(kHandlerShrWords1, in::shr_immediate<1>)                   \
  X(kHandlerShrWords2, in::shr_immediate<2>)                   \
  X(kHandlerShrWords3, in::shr_immediate<3>)                   \
  X(kHandlerDupShlWords0, in::dup_shl_immediate<0>)            \
  X(kHandlerDupShlWords1, in::dup_shl_immediate<1>)            \
  X(kHandlerDupShlWords2, in::dup_shl_immediate<2>)            \
  X(kHandlerDupShlWords3, in::dup_shl_immediate<3>)            \
  X(kHandlerDupShrWords0, in::dup_shr_immediate<0>)            \
  X(kHandlerDupShrWords1, in::dup_shr_immediate<1>)            \
  X(kHandlerDupShrWords2, in::dup_shr_immediate<2>)            \
  X(kHandlerDupShrWords3, in::dup_shr_immediate<3>)            \
  X(kHandlerMloadImmediate, in::mload_immediate)               \
  X(kHandlerMloadDup, in::mload_dup)                           \
  X(kHandlerMstoreImmediate, in::mstore_immediate)             \
  X(kHandlerMstoreDup, in::mstore_dup)                         \
  X(kHandlerMstoreImmediateDup, in::mstore_immediate_dup)      \
  X(kHandlerMstoreDupImmediate, in::mstore_dup_immediate)      \
  X(kHandlerKeccakImmediate, in::keccak_immediate)             \
  X(kHandlerCalldataloadImmediate, in::calldataload_immediate) \
  X(kHandlerSloadImmediate, in::sload_immediate<>)             \
  X(kHandlerUndefined, in::undefined)                          \
  X(kHandlerTrace, trace)

using Body = Flow (*)(TopRegisters&);

// Out of line, an instruction would have its registers in memory.
#if defined(__clang__)
#define HOCKET_INLINED [[clang::always_inline]]
#else
#define HOCKET_INLINED
#endif

/// Runs an instruction as it is, or between writing the top back and reading it again.
template <Body kBody>
[[gnu::always_inline]] inline Flow execute(TopRegisters& r) {
  HOCKET_INLINED return kBody(r);
}
template <Flow (*kBody)(Registers&)>
[[gnu::always_inline]] inline Flow execute(TopRegisters& r) {
  in::write_back(r);
  const Flow flow = kBody(r);
  r.top = in::load_limbs(r.sp[0]);
  return flow;
}

/// The families of handlers that are numbered by what they are made of (evm/cell.hpp), from kHandlerFused on.
template <int kNumber>
constexpr auto family_body() {
  constexpr int kHandler = kHandlerFused + kNumber;
  if constexpr (kHandler < kHandlerIszero) {
    return std::integral_constant<Body, &in::fused<static_cast<FusedOp>(kNumber / kFusedOperands),
                                                   static_cast<Operands>(kNumber % kFusedOperands)>>{};
  } else {
    constexpr auto kOutcome = static_cast<Outcome>((kHandler - kHandlerIszero) % kOutcomes);
    constexpr int kRest = (kHandler - kHandlerComparison) / kOutcomes;
    if constexpr (kHandler < kHandlerIszeroDup)
      return std::integral_constant<Body, &in::iszero<kOutcome>>{};
    else if constexpr (kHandler < kHandlerComparison)
      return std::integral_constant<Body, &in::iszero_dup<kOutcome>>{};
    else
      return std::integral_constant<Body,
                                    &in::comparison<static_cast<Comparison>(kRest / kComparisonOperands),
                                                    static_cast<Operands>(kRest % kComparisonOperands), kOutcome>>{};
  }
}
constexpr std::size_t kFamilySize = kHandlerCount - kHandlerFused;
using FamilyNumbers = std::make_index_sequence<kFamilySize>;

/// Every body as a function, for instructions that have to do with what is followed.
constexpr std::array<Body, kHandlerCount> make_followed_bodies() {
  std::array<Body, kHandlerCount> bodies{};
  bodies.fill(&execute<in::undefined>);
#define HOCKET_ROW(number, body) bodies[number] = &execute<body>;
  HOCKET_HANDLERS(HOCKET_ROW)
#undef HOCKET_ROW
  [&]<std::size_t... kNumbers>(std::index_sequence<kNumbers...>) {
    ((bodies[kHandlerFused + kNumbers] = &execute<family_body<kNumbers>().value>), ...);
  }(FamilyNumbers{});
  bodies[OP_SLOAD] = &execute<in::sload<true>>;
  bodies[OP_SSTORE] = &execute<in::sstore<true>>;
  bodies[kHandlerSloadImmediate] = &execute<in::sload_immediate<true>>;
  return bodies;
}
constexpr std::array<Body, kHandlerCount> kFollowedBodies = make_followed_bodies();

/// An instruction that has to do with what is followed.
Flow follow(TopRegisters& r) {
  in::write_back(r);
  Follower& follower = *r.frame->machine->follower;
  const Follower::Result result = follower.before(*r.ip, r.sp);
  const Flow flow = kFollowedBodies[r.ip->handler](r);
  if (flow != Flow::next) return flow;
  in::write_back(r);
  follower.after(result, r.sp);
  return flow;
}

/// A frame ends, or is suspended.
Flow follow_leave(TopRegisters& r) {
  if (r.frame->status != Status::suspended) r.frame->machine->follower->leave(r.frame->stack_base);
  return execute<in::leave>(r);
}

#if defined(__clang__) && __has_attribute(preserve_none) && !defined(HOCKET_PORTABLE)

#define HOCKET_HANDLER __attribute__((preserve_none))

using Limb = std::uint64_t;
using Handler = HOCKET_HANDLER void (*)(const Cell*, u256*, std::int64_t, Frame*, const void*, Limb, Limb, Limb, Limb);

inline Handler handler_of(const Cell* ip, const void* table) noexcept {
  return static_cast<const Handler*>(table)[ip->handler];
}

// The registers, and how they are handed on: the top's limbs as well, so that most operands are never in memory.
#define HOCKET_REGISTERS                                                                                        \
  const Cell *ip, u256 *sp, std::int64_t gas, Frame *frame, const void *table, Limb top0, Limb top1, Limb top2, \
      Limb top3
#define HOCKET_THESE_REGISTERS                       \
  {                                                  \
    {ip, sp, gas, frame}, { top0, top1, top2, top3 } \
  }
#define HOCKET_HANDED_ON(r) \
  (r).ip, (r).sp, (r).gas, (r).frame, table, (r).top.limbs[0], (r).top.limbs[1], (r).top.limbs[2], (r).top.limbs[3]

HOCKET_HANDLER void leave_handler(HOCKET_REGISTERS) {
  TopRegisters r HOCKET_THESE_REGISTERS;
  if (execute<in::leave>(r) == Flow::stop) return;
  [[clang::musttail]] return handler_of(r.ip, table)(HOCKET_HANDED_ON(r));
}

template <auto kBody>
HOCKET_HANDLER void handler(HOCKET_REGISTERS) {
  TopRegisters r HOCKET_THESE_REGISTERS;
  if (execute<kBody>(r) != Flow::next) [[unlikely]]
    [[clang::musttail]] return leave_handler(HOCKET_HANDED_ON(r));
  [[clang::musttail]] return handler_of(r.ip, table)(HOCKET_HANDED_ON(r));
}

constexpr std::array<Handler, kHandlerCount> make_handlers() {
  std::array<Handler, kHandlerCount> handlers{};
  handlers.fill(&handler<in::undefined>);
#define HOCKET_ROW(number, body) handlers[number] = &handler<body>;
  HOCKET_HANDLERS(HOCKET_ROW)
#undef HOCKET_ROW
  [&]<std::size_t... kNumbers>(std::index_sequence<kNumbers...>) {
    ((handlers[kHandlerFused + kNumbers] = &handler<family_body<kNumbers>().value>), ...);
  }(FamilyNumbers{});
  return handlers;
}

constexpr std::array<Handler, kHandlerCount> kHandlers = make_handlers();

// The same where slots are followed: most instructions have nothing to do with them.

HOCKET_HANDLER void followed_leave_handler(HOCKET_REGISTERS) {
  TopRegisters r HOCKET_THESE_REGISTERS;
  if (follow_leave(r) == Flow::stop) return;
  [[clang::musttail]] return handler_of(r.ip, table)(HOCKET_HANDED_ON(r));
}

HOCKET_HANDLER void concerned_handler(HOCKET_REGISTERS) {
  TopRegisters r HOCKET_THESE_REGISTERS;
  if (follow(r) != Flow::next) [[unlikely]]
    [[clang::musttail]] return followed_leave_handler(HOCKET_HANDED_ON(r));
  [[clang::musttail]] return handler_of(r.ip, table)(HOCKET_HANDED_ON(r));
}

template <int kNumber, auto kBody>
HOCKET_HANDLER void followed_handler(HOCKET_REGISTERS) {
  TopRegisters r HOCKET_THESE_REGISTERS;
  if constexpr (!only_pushes(kNumber)) {
    if (frame->machine->follower->is_concerned(*ip, sp)) [[unlikely]]
      [[clang::musttail]] return concerned_handler(HOCKET_HANDED_ON(r));
  }
  if (execute<kBody>(r) != Flow::next) [[unlikely]]
    [[clang::musttail]] return followed_leave_handler(HOCKET_HANDED_ON(r));
  [[clang::musttail]] return handler_of(r.ip, table)(HOCKET_HANDED_ON(r));
}

constexpr std::array<Handler, kHandlerCount> make_followed_handlers() {
  std::array<Handler, kHandlerCount> handlers{};
  handlers.fill(&followed_handler<kHandlerUndefined, in::undefined>);
#define HOCKET_ROW(number, body) handlers[number] = &followed_handler<number, body>;
  HOCKET_HANDLERS(HOCKET_ROW)
#undef HOCKET_ROW
  [&]<std::size_t... kNumbers>(std::index_sequence<kNumbers...>) {
    ((handlers[kHandlerFused + kNumbers] =
          &followed_handler<static_cast<int>(kHandlerFused + kNumbers), family_body<kNumbers>().value>),
     ...);
  }(FamilyNumbers{});
  return handlers;
}

constexpr std::array<Handler, kHandlerCount> kFollowedHandlers = make_followed_handlers();

void dispatch(Registers r) {
  const auto& handlers = r.frame->machine->follower != nullptr ? kFollowedHandlers : kHandlers;
  const auto* table = static_cast<const void*>(handlers.data());
  const u256 top = in::load_limbs(r.sp[0]);
  handler_of(r.ip, table)(HOCKET_HANDED_ON((TopRegisters{r, top})));
}

#else

constexpr std::array<Body, kFamilySize> kFamilyBodies = []<std::size_t... kNumbers>(std::index_sequence<kNumbers...>) {
  return std::array<Body, kFamilySize>{family_body<kNumbers>().value...};
}(FamilyNumbers{});

void dispatch(Registers registers) {
  TopRegisters r{registers, registers.sp[0]};
  const Follower* follower = r.frame->machine->follower;
  for (;;) {
    Flow flow = Flow::next;
    if (follower != nullptr && follower->is_concerned(*r.ip, r.sp)) [[unlikely]] {
      flow = follow(r);
      if (flow == Flow::next) continue;
      if (follow_leave(r) == Flow::stop) return;
      continue;
    }
    switch (r.ip->handler) {
#define HOCKET_ROW(number, body) \
  case number:                   \
    flow = execute<body>(r);     \
    break;
      HOCKET_HANDLERS(HOCKET_ROW)
#undef HOCKET_ROW
      default:
        flow = r.ip->handler >= kHandlerFused ? kFamilyBodies[r.ip->handler - kHandlerFused](r) : in::undefined(r);
        break;
    }
    if (flow == Flow::next) continue;
    if ((follower != nullptr ? follow_leave(r) : execute<in::leave>(r)) == Flow::stop) return;
  }
}

#endif

}  // namespace

void run(Registers r) { dispatch(r); }

}  // namespace hocket
