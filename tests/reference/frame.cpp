#include "reference/frame.hpp"

#include "base/assert.hpp"

#include <algorithm>

namespace hocket::reference {
namespace {

constexpr std::size_t kStackLimit = 1024;

/// YP (326).
Word memory_gas(const Word& size) {
  const Word words = words_of(size);
  return 3 * words + words * words / 512;
}

/// A JUMPDEST byte inside a PUSH's immediate is data.
std::vector<bool> jump_destinations_of(const Bytes& code) {
  std::vector<bool> valid(code.size());
  for (std::size_t at = 0; at < code.size(); ++at) {
    valid[at] = code[at] == OP_JUMPDEST;
    if (code[at] >= OP_PUSH1 && code[at] <= OP_PUSH32) at += code[at] - OP_PUSH1 + 1u;
  }
  return valid;
}

}  // namespace

Frame::Frame(const Environment& environment, const Call& call)
    : environment_(environment),
      spec_(environment.spec),
      journal_(environment.journal),
      call_(call),
      jump_destinations_(jump_destinations_of(call.code)),
      gas_(call.gas) {}

Outcome Frame::run() {
  try {
    while (running_) step();
  } catch (const Halt& halt) {
    return {.status = halt.status, .gas_left = 0, .output = {}};
  }
  return {.status = reverted_ ? Status::revert : Status::success, .gas_left = gas_.get_si(), .output = output_};
}

void Frame::push(const Word& word) {
  HOCKET_ASSERT(word >= 0 && mpz_sizeinbase(word.get_mpz_t(), 2) <= 256);
  if (stack_.size() >= kStackLimit) throw Halt{Status::stack_overflow};
  stack_.push_back(word);
}

Word Frame::pop() {
  if (stack_.empty()) throw Halt{Status::stack_underflow};
  const Word word = stack_.back();
  stack_.pop_back();
  return word;
}

Address Frame::pop_address() { return to_address(pop()); }

void Frame::charge(const Word& amount) {
  if (amount > gas_) throw Halt{Status::out_of_gas};
  gas_ -= amount;
}

void Frame::require_not_static() const {
  if (call_.is_static) throw Halt{Status::static_mode_violation};
}

Frame::Range Frame::pop_range() {
  const Word offset = pop();
  const Word size = pop();
  return {offset, size};
}

Word Frame::expansion_gas(const std::vector<Range>& ranges) const {
  const Word before = from_u64(memory_.size());
  Word after = before;
  for (const Range& range : ranges)
    if (range.size != 0) after = std::max(after, Word(range.offset + range.size));
  return memory_gas(after) - memory_gas(before);
}

void Frame::expand(const std::vector<Range>& ranges) {
  // What was paid for fits: the gas bounds the size.
  for (const Range& range : ranges)
    if (range.size != 0) {
      const std::size_t size = to_u64(words_of(range.offset + range.size) * 32);
      memory_.resize(std::max(memory_.size(), size));
    }
}

Bytes Frame::read_memory(const Range& range) const {
  if (range.size == 0) return {};
  const BytesView memory = memory_;
  return to_bytes(memory.subspan(to_u64(range.offset), to_u64(range.size)));
}

void Frame::write_memory(const Word& offset, BytesView bytes) {
  if (bytes.empty()) return;
  HOCKET_ASSERT(offset + from_u64(bytes.size()) <= from_u64(memory_.size()));
  std::ranges::copy(bytes, memory_.begin() + static_cast<std::ptrdiff_t>(to_u64(offset)));
}

AccountEntry& Frame::account(const Address& address) const {
  AccountEntry* entry = journal_.account(address);
  HOCKET_ASSERT(entry != nullptr);
  return *entry;
}

Word Frame::access_gas(const Address& address) {
  if (!spec_.access_lists || !journal_.warm(account(address))) return 0;
  return static_cast<long>(spec_.cold_account_surcharge);
}

Bytes Frame::code_of(const Address& address) const {
  const auto code = journal_.code(account(address));
  HOCKET_ASSERT(code);
  return to_bytes(*code);
}

Bytes padded(BytesView bytes, const Word& offset, const Word& size) {
  Bytes result(to_u64(size));
  if (offset >= from_u64(bytes.size())) return result;
  const BytesView rest = bytes.subspan(to_u64(offset));
  std::ranges::copy(rest.first(std::min(rest.size(), result.size())), result.begin());
  return result;
}

}  // namespace hocket::reference
