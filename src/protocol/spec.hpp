// Spec: the execution rules of one fork as data. Each fork starts from its parent's Spec and states what changed
// (protocol/forks/). Logic asks for a named rule, never for "this fork or later".
#pragma once

#include "protocol/opcode.hpp"
#include "protocol/revision.hpp"

#include <array>
#include <cstdint>
#include <limits>

namespace hocket {

/// How SSTORE is priced and refunded.
enum class SstoreRule : std::uint8_t {
  frontier,  // by the current and the new value (YP appendix G)
  eip1283,   // net metering, Constantinople only
  eip2200,   // net metering with the 2300 stipend guard
  eip2929,   // the same, with cold and warm prices
};

enum class SelfdestructRule : std::uint8_t {
  destroy,               // deletes the account at the end of the transaction
  only_if_just_created,  // EIP-6780
};

enum class ModexpRule : std::uint8_t { eip198, eip2565, eip7883 };

struct Spec {
  Revision revision = Revision::frontier;

  // --- opcodes -----------------------------------------------------------------------------------------------
  /// Static gas of each opcode; kUndefined where the fork does not have it. Dynamic parts are named below.
  static constexpr std::int16_t kUndefined = -1;
  std::array<std::int16_t, 256> opcode_gas{};
  std::int64_t exp_byte_gas = 10;
  /// EIP-2929: the opcode table holds warm prices and the cold surcharges apply.
  bool access_lists = false;
  std::int64_t cold_account_surcharge = 0;  // 2600 - 100
  std::int64_t cold_sload_surcharge = 0;    // 2100 - 100
  SstoreRule sstore = SstoreRule::frontier;
  std::int64_t sload_gas = 50;           // as SSTORE uses it
  std::int64_t sstore_reset_gas = 5000;  // 2900 from Berlin on
  std::int64_t sstore_clear_refund = 15000;
  /// EIP-150: a caller keeps one 64th, and CALL clamps the gas it asks for.
  bool keeps_one_64th = false;
  /// EIP-150: SELFDESTRUCT costs 25000 more where it creates the beneficiary.
  bool selfdestruct_new_account_gas = false;
  /// EIP-160/161: new-account surcharges count only where value moves, empty touched accounts are deleted.
  bool state_clearing = false;
  SelfdestructRule selfdestruct = SelfdestructRule::destroy;
  std::int64_t selfdestruct_refund = 24000;
  bool returndata_opcodes = false;  // a call clears and sets the return data buffer (EIP-211)
  bool prevrandao = false;          // EIP-4399: 0x44 is PREVRANDAO instead of DIFFICULTY

  // --- contract creation -------------------------------------------------------------------------------------
  /// EIP-2: creation fails if the code deposit cannot be paid; before, the contract is left without code.
  bool create_fails_without_deposit = false;
  std::uint64_t create_nonce = 0;  // EIP-161: 1
  std::size_t max_code_size = std::numeric_limits<std::size_t>::max();
  std::size_t max_initcode_size = std::numeric_limits<std::size_t>::max();
  std::int64_t initcode_word_gas = 0;  // EIP-3860
  bool rejects_ef_code = false;        // EIP-3541

  // --- transactions ------------------------------------------------------------------------------------------
  std::int64_t transaction_create_gas = 21000;                                    // 53000 from Homestead on
  std::int64_t calldata_nonzero_gas = 68;                                         // EIP-2028: 16
  bool low_s_signatures = false;                                                  // EIP-2
  bool replay_protection = false;                                                 // EIP-155
  bool access_list_transactions = false;                                          // EIP-2930
  bool fee_market = false;                                                        // EIP-1559
  bool blob_transactions = false;                                                 // EIP-4844
  bool set_code_transactions = false;                                             // EIP-7702
  bool warm_beneficiary = false;                                                  // EIP-3651
  std::int64_t floor_gas_per_token = 0;                                           // EIP-7623: 10
  std::uint64_t max_transaction_gas = std::numeric_limits<std::uint64_t>::max();  // EIP-7825: 2^24
  int max_refund_quotient = 2;                                                    // EIP-3529: 5
  bool receipt_has_status = false;                                                // EIP-658
  int max_blobs_per_transaction = std::numeric_limits<int>::max();                // EIP-7594: 6

  // --- blocks ------------------------------------------------------------------------------------------------
  std::uint64_t block_reward_ether = 5;                                      // 0 from Paris on
  bool proof_of_stake = false;                                               // EIP-3675
  bool withdrawals = false;                                                  // EIP-4895
  bool beacon_roots = false;                                                 // EIP-4788
  bool block_hash_history = false;                                           // EIP-2935
  bool requests = false;                                                     // EIP-7685 with 6110, 7002, 7251
  std::size_t max_block_rlp_size = std::numeric_limits<std::size_t>::max();  // EIP-7934
  bool blob_base_cost_floor = false;                                         // EIP-7918

  // --- precompiles -------------------------------------------------------------------------------------------
  /// Addresses 1 to this one are precompiles.
  std::uint8_t last_precompile = 4;
  bool p256verify = false;  // EIP-7951, at 0x100
  ModexpRule modexp = ModexpRule::eip198;
  bool bn254_istanbul_prices = false;  // EIP-1108
};

/// The rules of `revision`; a constant that lives for the whole program.
const Spec& spec_of(Revision revision) noexcept;

}  // namespace hocket
