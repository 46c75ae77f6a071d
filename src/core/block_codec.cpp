#include "core/codec.hpp"
#include "core/element_codec.hpp"
#include "core/field_reader.hpp"

namespace hocket {
namespace {

void write(rlp::Writer& out, const Withdrawal& w) {
  out.begin_list().integer(w.index).integer(w.validator_index).string(w.address).integer(w.amount_gwei).end_list();
}

Result<Withdrawal> read_withdrawal(rlp::Reader& from) {
  HOCKET_TRY(rlp::Reader list, from.list());
  HOCKET_CHECK(count_fields(list, {4}, "4 withdrawal"));
  FieldReader fields(list);
  Withdrawal w;
  HOCKET_CHECK(fields.read("index", w.index));
  HOCKET_CHECK(fields.read("validatorIndex", w.validator_index));
  HOCKET_CHECK(fields.read("address", w.address));
  HOCKET_CHECK(fields.read("amount", w.amount_gwei));
  return w;
}

Result<Block> read_block(rlp::Reader& from) {
  HOCKET_TRY(rlp::Reader list, from.list());
  HOCKET_TRY(const std::size_t count, count_fields(list, {3, 4}, "3 or 4 block"));
  FieldReader fields(list);
  Block block;
  auto header = read_header(fields.reader());
  if (!header) return std::unexpected(std::move(header).error().in("header"));
  block.header = std::move(*header);
  HOCKET_CHECK(fields.read_list("transaction", block.transactions, read_transaction));
  HOCKET_CHECK(fields.read_list("ommer", block.ommers, read_header));
  if (count == 4) HOCKET_CHECK(fields.read_list("withdrawal", block.withdrawals.emplace(), read_withdrawal));
  return block;
}

}  // namespace

Bytes encode(const Withdrawal& withdrawal) {
  rlp::Writer out;
  write(out, withdrawal);
  return out.take();
}

Bytes encode(const Block& block) {
  rlp::Writer out;
  out.begin_list();
  write(out, block.header);
  out.begin_list();
  for (const Transaction& transaction : block.transactions) write(out, transaction);
  out.end_list().begin_list();
  for (const Header& ommer : block.ommers) write(out, ommer);
  out.end_list();
  if (block.withdrawals) {
    out.begin_list();
    for (const Withdrawal& withdrawal : *block.withdrawals) write(out, withdrawal);
    out.end_list();
  }
  return out.end_list().take();
}

Result<Block> decode_block(BytesView rlp) { return read_whole(rlp, read_block); }

}  // namespace hocket
