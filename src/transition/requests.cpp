#include "transition/requests.hpp"

#include "base/uint256.hpp"
#include "core/bloom_builder.hpp"

namespace hocket {
namespace {

constexpr std::uint8_t kDepositType = 0;
constexpr std::uint8_t kWithdrawalType = 1;
constexpr std::uint8_t kConsolidationType = 2;

/// keccak256("DepositEvent(bytes,bytes,bytes,bytes,bytes)")
constexpr Hash32 kDepositEventTopic{{0x64, 0x9b, 0xbc, 0x62, 0xd0, 0xe3, 0x13, 0x42, 0xaf, 0xea, 0x4e,
                                     0x5c, 0xd8, 0x2d, 0x40, 0x49, 0xe7, 0xe1, 0xee, 0x91, 0x2f, 0xc0,
                                     0x88, 0x9a, 0xa7, 0x90, 0x80, 0x3b, 0xe3, 0x90, 0x38, 0xc5}};

/// One of the event's five byte strings: where its ABI encoding has its length word, and how long it must be.
struct DepositField {
  std::size_t offset;
  std::size_t size;
};
constexpr DepositField kDepositFields[] = {{160, 48}, {256, 32}, {320, 8}, {384, 96}, {512, 8}};
constexpr std::size_t kDepositEventSize = 576;

/// Runs a system contract that must exist and succeed, and appends what it returns to `requests`.
std::optional<RequestFailure> call(std::uint8_t type, const Address& contract, const BlockEnvironment& block, Evm& evm,
                                   Journal& journal, std::vector<Bytes>& requests) {
  const auto result = system_call(contract, {}, block, evm, journal);
  if (!result) return result.error();
  if (!result->has_code) return RequestError::system_contract_empty;
  if (result->status != Status::success) return RequestError::system_contract_call_failed;
  if (result->output.empty()) return std::nullopt;
  Bytes& request = requests.emplace_back(1, type);
  append(request, result->output);
  return std::nullopt;
}

}  // namespace

std::optional<Bytes> parse_deposit(BytesView event_data) {
  if (event_data.size() != kDepositEventSize) return std::nullopt;
  const auto word = [&](std::size_t offset) { return load_be256(event_data.data() + offset); };
  Bytes deposit;
  deposit.reserve(192);
  std::size_t head = 0;
  for (const DepositField& field : kDepositFields) {
    if (word(head) != u256{field.offset} || word(field.offset) != u256{field.size}) return std::nullopt;
    append(deposit, event_data.subspan(field.offset + 32, field.size));
    head += 32;
  }
  return deposit;
}

std::expected<Bytes, RequestError> deposit_requests(std::span<const Receipt> receipts,
                                                    const Address& deposit_contract) {
  Bytes deposits;
  const BloomBits bits(deposit_contract);
  for (const Receipt& receipt : receipts) {
    if (!bits.may_be_in(receipt.logs_bloom)) continue;
    for (const Log& log : receipt.logs) {
      if (log.address != deposit_contract || log.topics.empty() || log.topics[0] != kDepositEventTopic) continue;
      const std::optional<Bytes> deposit = parse_deposit(log.data);
      if (!deposit) return std::unexpected(RequestError::invalid_deposit_event_layout);
      append(deposits, *deposit);
    }
  }
  return deposits;
}

std::expected<std::vector<Bytes>, RequestFailure> collect_requests(std::span<const Receipt> receipts,
                                                                   const Address& deposit_contract,
                                                                   const BlockEnvironment& block, Evm& evm,
                                                                   Journal& journal) {
  std::vector<Bytes> requests;
  const auto deposits = deposit_requests(receipts, deposit_contract);
  if (!deposits) return std::unexpected(deposits.error());
  if (!deposits->empty()) {
    requests.emplace_back(1, kDepositType);
    append(requests.back(), *deposits);
  }
  if (const auto failure = call(kWithdrawalType, kWithdrawalRequestContract, block, evm, journal, requests))
    return std::unexpected(*failure);
  if (const auto failure = call(kConsolidationType, kConsolidationRequestContract, block, evm, journal, requests))
    return std::unexpected(*failure);
  return requests;
}

}  // namespace hocket
