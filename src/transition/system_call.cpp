#include "transition/system_call.hpp"

namespace hocket {
namespace {

constexpr std::int64_t kSystemCallGas = 30'000'000;

}  // namespace

const Address kSystemAddress{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                              0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe}};
const Address kBeaconRootsContract{{0x00, 0x0f, 0x3d, 0xf6, 0xd7, 0x32, 0x80, 0x7e, 0xf1, 0x31,
                                    0x9f, 0xb7, 0xb8, 0xbb, 0x85, 0x22, 0xd0, 0xbe, 0xac, 0x02}};
const Address kHistoryStorageContract{{0x00, 0x00, 0xf9, 0x08, 0x27, 0xf1, 0xc5, 0x3a, 0x10, 0xcb,
                                       0x7a, 0x02, 0x33, 0x5b, 0x17, 0x53, 0x20, 0x00, 0x29, 0x35}};
const Address kWithdrawalRequestContract{{0x00, 0x00, 0x09, 0x61, 0xef, 0x48, 0x0e, 0xb5, 0x5e, 0x80,
                                          0xd1, 0x9a, 0xd8, 0x35, 0x79, 0xa6, 0x4c, 0x00, 0x70, 0x02}};
const Address kConsolidationRequestContract{{0x00, 0x00, 0xbb, 0xdd, 0xc7, 0xce, 0x48, 0x86, 0x42, 0xfb,
                                             0x57, 0x9f, 0x8b, 0x00, 0xf3, 0xa5, 0x90, 0x00, 0x72, 0x51}};

std::expected<SystemCallResult, StateFault> system_call(const Address& contract, BytesView input,
                                                        const BlockEnvironment& block, Evm& evm, Journal& journal) {
  journal.begin_transaction();
  const auto abandon = [&] {
    journal.abandon_transaction();
    return std::unexpected(*journal.fault());
  };
  AccountEntry* account = journal.account(contract);
  if (account == nullptr) return abandon();
  if (!account->has_code()) {
    journal.end_transaction(false);
    return SystemCallResult{};
  }
  journal.prewarm_precompiles(block.spec->last_precompile, block.spec->p256verify);
  const Message message{.kind = CallKind::call,
                        .gas = kSystemCallGas,
                        .sender = kSystemAddress,
                        .recipient = contract,
                        .value = {},
                        .input = input,
                        .is_traced = false};
  const TransactionContext transaction{
      .origin = kSystemAddress, .gas_price = block.context.base_fee, .blob_hashes = {}};
  const ExecutionResult result = evm.execute(message, transaction, journal);
  if (result.status == Status::fault) return abandon();
  journal.end_transaction(block.spec->state_clearing);
  return SystemCallResult{.has_code = true, .status = result.status, .output = result.output};
}

}  // namespace hocket
