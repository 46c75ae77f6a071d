#include "block/recover_senders.hpp"

#include "core/codec.hpp"
#include "crypto/secp256k1.hpp"
#include "transition/authorizations.hpp"
#include "transition/secp256k1_order.hpp"

namespace hocket {

std::expected<Address, TransactionError> recover_sender(const Transaction& transaction, const Spec& spec,
                                                        std::uint64_t chain_id) noexcept {
  if (transaction.chain_id) {
    const bool allowed = spec.replay_protection || transaction.type != TransactionType::legacy;
    if (!allowed || *transaction.chain_id != chain_id) return std::unexpected(TransactionError::invalid_chainid);
  }
  const Signature& signature = transaction.signature;
  if (signature.y_parity > 1 || (spec.low_s_signatures && !is_low_s(signature.s)))
    return std::unexpected(TransactionError::invalid_signature_vrs);
  const auto sender = recover_signer(signing_hash(transaction), signature.y_parity, signature.r, signature.s);
  if (!sender) return std::unexpected(TransactionError::invalid_signature_vrs);
  return *sender;
}

std::expected<void, InvalidBlock> recover_senders(std::span<Transaction> transactions, const Spec& spec,
                                                  std::uint64_t chain_id) {
  for (std::size_t i = 0; i < transactions.size(); ++i) {
    const auto sender = recover_sender(transactions[i], spec, chain_id);
    if (!sender) return std::unexpected(InvalidBlock::of_transaction(i, sender.error()));
    transactions[i].sender = *sender;
    for (Authorization& authorization : transactions[i].authorization_list) {
      authorization.authority = recover_authority(authorization);
      authorization.authority_is_known = true;
    }
  }
  return {};
}

std::expected<RecoveredBlock, InvalidBlock> recover_senders(Block block, const Spec& spec, std::uint64_t chain_id) {
  if (auto recovered = recover_senders(block.transactions, spec, chain_id); !recovered)
    return std::unexpected(std::move(recovered).error());
  return RecoveredBlock::trust(std::move(block));
}

}  // namespace hocket
