#include "transition/authorizations.hpp"

#include "core/codec.hpp"
#include "crypto/secp256k1.hpp"
#include "evm/frames.hpp"
#include "transition/secp256k1_order.hpp"

#include <array>
#include <limits>

namespace hocket {
namespace {

constexpr std::int64_t kExistingAuthorityRefund = 25000 - 12500;  // PER_EMPTY_ACCOUNT_COST - PER_AUTH_BASE_COST

/// The code that delegates to `address`.
std::array<std::uint8_t, 23> delegation_designator(const Address& address) noexcept {
  std::array<std::uint8_t, 23> code{0xef, 0x01, 0x00};
  std::ranges::copy(address.bytes, code.begin() + 3);
  return code;
}

bool apply(const Authorization& authorization, const BlockEnvironment& block, Journal& journal) {
  if (!authorization.chain_id.is_zero() && authorization.chain_id != u256{block.context.chain_id}) return true;
  if (authorization.nonce == std::numeric_limits<std::uint64_t>::max()) return true;
  const std::optional<Address> authority =
      authorization.authority_is_known ? authorization.authority : recover_authority(authorization);
  if (!authority) return true;

  AccountEntry* account = journal.account(*authority);
  if (account == nullptr) return false;
  journal.warm(*account);
  if (account->has_code()) {
    const auto code = journal.code(*account);
    if (!code) return false;
    if (!delegation_of(*block.spec, *code)) return true;
  }
  if (journal.nonce(*account) != authorization.nonce) return true;

  if (journal.exists(*account)) journal.add_refund(kExistingAuthorityRefund);
  if (authorization.address.is_zero()) {
    if (account->has_code()) journal.set_code(*account, {});
  } else {
    journal.set_code(*account, delegation_designator(authorization.address));
  }
  journal.set_nonce(*account, journal.nonce(*account) + 1);
  return true;
}

}  // namespace

bool may_have_authority(const Authorization& authorization) noexcept {
  return authorization.signature.y_parity <= 1 && is_low_s(authorization.signature.s);
}

std::optional<Address> recover_authority(const Authorization& authorization) {
  if (!may_have_authority(authorization)) return std::nullopt;
  const Signature& signature = authorization.signature;
  return recover_signer(signing_hash(authorization), signature.y_parity, signature.r, signature.s);
}

bool apply_authorizations(std::span<const Authorization> authorizations, const BlockEnvironment& block,
                          Journal& journal) {
  for (const Authorization& authorization : authorizations)
    if (!apply(authorization, block, journal)) return false;
  return true;
}

}  // namespace hocket
