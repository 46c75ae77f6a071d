#include "replay/samples/assembler.hpp"

#include "base/assert.hpp"

namespace hocket {
namespace {

constexpr std::size_t kUnplaced = ~std::size_t{0};

}  // namespace

Assembler& Assembler::op(std::initializer_list<Opcode> opcodes) {
  code_.insert(code_.end(), opcodes.begin(), opcodes.end());
  return *this;
}

Assembler& Assembler::push(const u256& value) {
  const Hash32 word = to_hash32(value);
  const std::size_t size = std::max(1u, value.byte_length());
  return push_bytes(BytesView(word).last(size));
}

Assembler& Assembler::push(Label label) {
  code_.push_back(OP_PUSH1 + 1);
  uses_.push_back({code_.size(), label.id});
  code_.insert(code_.end(), 2, 0);
  return *this;
}

Assembler& Assembler::push_bytes(BytesView bytes) {
  HOCKET_ASSERT(!bytes.empty() && bytes.size() <= 32);
  code_.push_back(static_cast<std::uint8_t>(OP_PUSH1 + bytes.size() - 1));
  append(code_, bytes);
  return *this;
}

Assembler::Label Assembler::new_label() {
  positions_.push_back(kUnplaced);
  return {positions_.size() - 1};
}

Assembler& Assembler::place(Label label) {
  positions_[label.id] = code_.size();
  code_.push_back(OP_JUMPDEST);
  return *this;
}

Bytes Assembler::take() {
  for (const Use& use : uses_) {
    const std::size_t target = positions_[use.label];
    HOCKET_ASSERT(target <= 0xffff);
    code_[use.position] = static_cast<std::uint8_t>(target >> 8);
    code_[use.position + 1] = static_cast<std::uint8_t>(target);
  }
  return std::move(code_);
}

}  // namespace hocket
