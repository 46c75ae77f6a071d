// Frame: one call's state (YP section 9.4: machine state and execution environment). Frames are kept explicitly, not on
// the C++ stack: a call switches the registers to a child's frame, its end switches back. Depth therefore costs no
// native stack, and a stopped execution is nothing but its frames.
#pragma once

#include "base/bytes.hpp"
#include "base/endian.hpp"
#include "base/modulus_memo.hpp"
#include "evm/block_writer.hpp"
#include "evm/keccak_memo.hpp"
#include "evm/memory.hpp"
#include "evm/message.hpp"
#include "evm/precompiles/precompile.hpp"
#include "evm/program.hpp"
#include "evm/program_cache.hpp"
#include "state/journal.hpp"

#include <array>
#include <memory>

namespace hocket {

class Follower;
class TraceRecorder;
struct Frame;

/// The programs that one machine used last, so that it need not ask the cache that all share.
class RecentPrograms {
 public:
  /// Forgets what may be gone, or is for another fork.
  void refresh(const ProgramCache& cache, const Spec& spec) noexcept {
    if (generation_ == cache.generation() && spec_ == &spec) return;
    generation_ = cache.generation();
    spec_ = &spec;
    entries_ = {};
  }
  const Program& get(const Hash32& code_hash, BytesView code, ProgramCache& cache) {
    Entry& entry = entries_[load_le64(code_hash.bytes.data()) % kEntries];
    if (entry.program == nullptr || entry.code_hash != code_hash)
      entry = {.code_hash = code_hash, .program = &cache.get(code_hash, code, *spec_)};
    return *entry.program;
  }

 private:
  static constexpr std::size_t kEntries = 512;

  struct Entry {
    Hash32 code_hash;
    const Program* program = nullptr;
  };

  std::uint64_t generation_ = 0;
  const Spec* spec_ = nullptr;
  std::array<Entry, kEntries> entries_{};
};

/// Everything that the frames of one execution share.
struct Machine {
  const Spec* spec = nullptr;
  const BlockContext* block = nullptr;
  const TransactionContext* transaction = nullptr;
  Journal* journal = nullptr;
  ProgramCache* programs = nullptr;
  RecentPrograms recent_programs;
  TraceRecorder* trace = nullptr;  // null: tracing is off
  Follower* follower = nullptr;    // null: no slots are followed

  HashMemory* hashes = nullptr;  // whoever runs this machine's

  MemorySpace memory;
  std::unique_ptr<std::byte[]> stack_space;    // of u256; not touched before use
  std::vector<std::unique_ptr<Frame>> frames;  // by depth; reused
  Bytes return_data;                           // of the last call of the running frame; a frame starts with none

  // How the outermost frame ended.
  Status status = Status::success;
  std::int64_t gas_left = 0;
  Frame* suspended = nullptr;  // Status::suspended: the frame that was running; it holds the registers

  TranslationSpace translation;
  ModulusMemo moduli;
};

struct Frame {
  Machine* machine = nullptr;
  int depth = 0;  // 0: outermost

  // The registers while a child runs; `ip` is also the jump that kResolveCell stands for.
  const Cell* ip = nullptr;
  u256* sp = nullptr;
  std::int64_t gas = 0;

  const Program* program = nullptr;
  u256* stack_base = nullptr;  // the first item's place
  std::uint8_t* memory = nullptr;
  std::uint64_t memory_size = 0;  // bytes, a multiple of 32

  AccountEntry* account = nullptr;  // whose storage and balance the code works on
  Address sender;
  u256 value;
  BytesView input;
  BytesView code;
  CallKind kind = CallKind::call;
  bool is_static = false;
  Journal::Checkpoint checkpoint{};
  std::size_t stores_before = 0;  // the follower's
  std::int64_t gas_given = 0;

  // Where in the caller's memory the output goes.
  std::uint64_t output_offset = 0;
  std::uint64_t output_size = 0;

  // How the frame ended.
  Status status = Status::success;
  BytesView output;

  std::uint64_t destination = 0;  // of a jump that kArriveCell stands for

  std::unique_ptr<Program> init_program;  // of init code, which is not cached

  bool is_create() const noexcept { return kind == CallKind::create || kind == CallKind::create2; }
};

/// What the interpreter keeps in machine registers.
struct Registers {
  const Cell* ip;  // the running instruction's cell
  u256* sp;        // the top item
  std::int64_t gas;
  Frame* frame;
};

/// The same with the top item in registers too. Its place at `sp` is kept for it and holds anything: an instruction
/// that takes these leaves the top in `top`; one that takes Registers finds it and leaves it at `sp`, which
/// dispatch.cpp sees to. There is such a place below an empty stack as well: what is in it is moved to and fro, and
/// never changes.
struct TopRegisters : Registers {
  u256 top;
};

/// What an instruction tells the dispatcher.
enum class Flow : std::uint8_t {
  next,   // go on at `ip`
  leave,  // the frame has ended; its `status` and `output` are set
  stop,   // the outermost frame has ended
};

/// Ends the frame exceptionally. The registers are left as they are: a trace shows the gas that was missing.
[[gnu::always_inline]] inline Flow halt(Registers& r, Status status) noexcept {
  r.frame->status = status;
  r.frame->output = {};
  return Flow::leave;
}

/// Ends the execution, or suspends it, after a slot's read that the StateView did not answer. Requires: the instruction
/// has changed nothing yet.
[[gnu::cold]] inline Flow halt_at_read(Registers& r) noexcept {
  const bool waiting = r.frame->machine->journal->fault() == StateFault::waiting;
  return halt(r, waiting ? Status::suspended : Status::fault);
}

/// A frame's memory may not exceed this: a larger offset costs more gas than there is.
inline constexpr std::uint64_t kMaxMemory = 0xffff'ffe0;

/// Grows memory to hold [0, end) and charges for it: returns the gas left, negative if it did not suffice.
[[gnu::noinline]] HOCKET_PRESERVE_MOST std::int64_t grow_memory(Frame& frame, std::int64_t gas,
                                                                std::uint64_t end) noexcept;

/// Makes [offset, offset + size) usable, for a constant size that is not zero.
[[gnu::always_inline]] inline bool use_memory(Registers& r, const u256& offset, std::uint64_t size) noexcept {
  if (!offset.fits_u64() || offset.low64() > kMaxMemory - size) [[unlikely]]
    return false;
  const std::uint64_t end = offset.low64() + size;
  if (end <= r.frame->memory_size) [[likely]]
    return true;
  r.gas = grow_memory(*r.frame, r.gas, end);
  return r.gas >= 0;
}

/// The same for a size from the stack; nothing is used, whatever the offset, where it is zero.
[[gnu::always_inline]] inline bool use_memory(Registers& r, const u256& offset, const u256& size) noexcept {
  if (size.is_zero()) return true;
  if (!size.fits_u64() || size.low64() > kMaxMemory) [[unlikely]]
    return false;
  return use_memory(r, offset, size.low64());
}

inline std::int64_t word_count(std::uint64_t size) noexcept { return static_cast<std::int64_t>((size + 31) / 32); }

/// keccak256 of the frame's memory; `size` is not zero.
[[gnu::noinline]] u256 hash_memory(const Frame& frame, const std::uint8_t* data, std::uint64_t size) noexcept;

/// Goes on in the caller of a frame that has set its status, with the caller's registers.
Flow leave_frame(Registers& r);

/// The instructions that enter frames, and the one that ends accounts; call_instructions.cpp.
Flow enter_call(Registers& r, CallKind kind);
Flow enter_create(Registers& r, CallKind kind);
Flow self_destruct(Registers& r);

/// Runs from `r` until the outermost frame ends; dispatch.cpp.
void run(Registers r);

}  // namespace hocket
