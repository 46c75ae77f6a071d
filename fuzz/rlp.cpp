// RLP: whatever `validate` accepts has one encoding, so taking it apart and writing it again gives the same bytes; and
// what the Reader's typed reads accept is what the Writer writes for it.
#include "base/assert.hpp"
#include "rlp/decode.hpp"
#include "rlp/encode.hpp"

using namespace hocket;

namespace {

// Without recursion: a list of a megabyte of nested lists is valid input.
Bytes rewrite(BytesView input) {
  rlp::Writer writer;
  std::vector<rlp::Reader> open = {rlp::Reader(input)};
  while (!open.empty()) {
    if (open.back().at_end()) {
      open.pop_back();
      if (!open.empty()) writer.end_list();
      continue;
    }
    const auto item = open.back().item();
    HOCKET_ASSERT(item.has_value());
    if (item->is_list) {
      writer.begin_list();
      open.emplace_back(item->payload);
    } else {
      writer.string(item->payload);
    }
  }
  return writer.take();
}

void read_typed(BytesView input) {
  rlp::Reader reader(input);
  while (!reader.at_end()) {
    rlp::Reader as_number = reader;
    const auto item = reader.item();
    if (!item) break;
    if (const auto number = as_number.integer256()) HOCKET_ASSERT(equal(rlp::encode_integer(*number), item->encoded));
    rlp::Reader small = rlp::Reader(item->encoded);
    if (const auto number = small.integer64()) HOCKET_ASSERT(equal(rlp::encode_integer(*number), item->encoded));
    rlp::Reader fixed = rlp::Reader(item->encoded);
    if (const auto address = fixed.fixed<Address>()) HOCKET_ASSERT(equal(*address, item->payload));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const BytesView input(data, size);
  if (rlp::validate(input)) HOCKET_ASSERT(equal(rewrite(input), input));
  read_typed(input);
  return 0;
}
