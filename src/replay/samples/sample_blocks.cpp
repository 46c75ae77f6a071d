#include "replay/samples/sample_blocks.hpp"

#include "crypto/keccak.hpp"
#include "evm/evm.hpp"
#include "replay/samples/contracts.hpp"
#include "replay/samples/sample_chain.hpp"
#include "transition/system_call.hpp"

namespace hocket::samples {
namespace {

constexpr std::uint64_t kEther = 1'000'000'000'000'000'000;
constexpr std::size_t kPeople = 150;

Address contract_address(std::string_view name) { return to_address(to_u256(keccak256(as_bytes(name)))); }

const Address kToken = contract_address("hocket sample token");
const Address kPool = contract_address("hocket sample pool");
const Address kStorageLoop = contract_address("hocket sample storage loop");
const Address kArithmeticLoop = contract_address("hocket sample arithmetic loop");
const Address kFactory = contract_address("hocket sample factory");
const Address kPrecompileCaller = contract_address("hocket sample precompile caller");

struct Cast {
  std::vector<Signer> people;
  Signer& operator[](std::size_t i) { return people[i % people.size()]; }
};

InMemoryState genesis_state(const Cast& cast) {
  constexpr std::uint64_t kTokensEach = 1'000'000;
  InMemoryState state;
  std::vector<std::pair<u256, u256>> balances;
  for (const Signer& person : cast.people) {
    state.put(person.address(), 0, u256(1000) * u256(kEther), {}, {});
    balances.emplace_back(token_balance_slot(person.address()), u256(kTokensEach));
  }
  const u256 pooled_ether = u256(5000) * u256(kEther);
  const u256 pooled_tokens = u256(50'000'000);
  balances.emplace_back(token_balance_slot(kPool), pooled_tokens);
  state.put(kToken, 1, 0, token_code(), balances);
  state.put(kPool, 1, pooled_ether, pool_code(kToken), {{0, pooled_ether}, {1, pooled_tokens}});
  state.put(kStorageLoop, 1, 0, storage_loop_code(), {});
  state.put(kArithmeticLoop, 1, 0, arithmetic_loop_code(), {});
  state.put(kFactory, 1, 0, factory_code(), {});
  state.put(kPrecompileCaller, 1, 0, precompile_caller_code(), {});
  // From Prague on a block asks these two for requests. These have none: STOP.
  state.put(kWithdrawalRequestContract, 1, 0, Bytes{OP_STOP}, {});
  state.put(kConsolidationRequestContract, 1, 0, Bytes{OP_STOP}, {});
  return state;
}

Transaction call(TransactionType type, const Address& to, std::uint64_t gas_limit, Bytes data, const u256& value = 0) {
  Transaction t;
  t.type = type;
  t.to = to;
  t.gas_limit = gas_limit;
  t.data = std::move(data);
  t.value = value;
  return t;
}

std::vector<Transaction> transfers(Cast& cast) {
  std::vector<Transaction> list;
  list.reserve(600);
  for (std::size_t i = 0; i < 600; ++i) {
    // Half of them to accounts that are new.
    const Address to = i % 2 == 0 ? cast[7 * i + 3].address() : Signer(10'000 + i).address();
    list.push_back(cast[i].sign(call(TransactionType::legacy, to, 21'000, {}, u256(kEther / 1000 + i))));
  }
  return list;
}

std::vector<Transaction> token_transfers(Cast& cast) {
  std::vector<Transaction> list;
  list.reserve(400);
  for (std::size_t i = 0; i < 400; ++i)
    list.push_back(cast[i].sign(
        call(TransactionType::dynamic_fee, kToken, 80'000, token_transfer(cast[3 * i + 1].address(), u256(100 + i)))));
  return list;
}

std::vector<Transaction> pool_and_blobs(Cast& cast) {
  std::vector<Transaction> list;
  for (std::size_t i = 0; i < 150; ++i) {
    Transaction swap = call(TransactionType::access_list, kPool, 150'000, {}, u256(kEther / 100));
    swap.access_list = {{kToken, {to_hash32(token_balance_slot(kPool))}}, {kPool, {Hash32(), to_hash32(1)}}};
    list.push_back(cast[i].sign(std::move(swap)));
  }
  for (std::size_t i = 0; i < 3; ++i) {
    Transaction blob = call(TransactionType::blob, cast[i].address(), 21'000, {});
    Hash32 hash = keccak256(as_bytes("blob " + std::to_string(i)));
    hash.bytes[0] = 1;  // EIP-4844: the version of KZG commitments
    blob.blob_versioned_hashes = {hash};
    list.push_back(cast[i + 5].sign(std::move(blob)));
  }
  return list;
}

std::vector<Transaction> storage_and_delegation(Cast& cast) {
  std::vector<Transaction> list;
  list.reserve(30);
  for (std::uint64_t i = 0; i < 20; ++i)
    list.push_back(
        cast[i].sign(call(TransactionType::dynamic_fee, kStorageLoop, 1'500'000, words({u256(15 * i), u256(40)}))));
  for (std::size_t i = 0; i < 10; ++i) {
    Signer& authority = cast[100 + i];
    Transaction delegation = call(TransactionType::set_code, authority.address(), 400'000, words({u256(0), u256(5)}));
    delegation.authorization_list = {authority.authorize(kStorageLoop)};
    list.push_back(cast[50 + i].sign(std::move(delegation)));
  }
  return list;
}

std::vector<Transaction> arithmetic(Cast& cast) {
  std::vector<Transaction> list;
  list.reserve(3);
  for (std::size_t i = 0; i < 3; ++i)
    list.push_back(
        cast[i].sign(call(TransactionType::dynamic_fee, kArithmeticLoop, 12'000'000, words({u256(60'000)}))));
  return list;
}

std::vector<Transaction> everything(Cast& cast) {
  std::vector<Transaction> list;
  for (std::size_t i = 0; i < 30; ++i) {
    list.push_back(cast[5 * i].sign(call(TransactionType::legacy, cast[i + 1].address(), 21'000, {}, u256(i))));
    list.push_back(cast[5 * i + 1].sign(
        call(TransactionType::dynamic_fee, kToken, 80'000, token_transfer(Signer(20'000 + i).address(), u256(5)))));
    list.push_back(cast[5 * i + 2].sign(call(TransactionType::dynamic_fee, kFactory, 200'000, words({u256(i)}))));
    list.push_back(cast[5 * i + 3].sign(
        call(TransactionType::dynamic_fee, kPrecompileCaller, 100'000, words({u256(i), u256(27), u256(i), u256(i)}))));
    Transaction creation;
    creation.type = TransactionType::dynamic_fee;
    creation.gas_limit = 100'000;
    creation.data = answer_init_code();
    list.push_back(cast[5 * i + 4].sign(std::move(creation)));
  }
  // One that fails: more tokens than there are. It stays in the block and pays for its gas.
  list.push_back(
      cast[0].sign(call(TransactionType::dynamic_fee, kToken, 80'000, token_transfer(cast[1].address(), u256::max()))));
  return list;
}

}  // namespace

std::vector<SampleBundle> make_sample_bundles() {
  Cast cast;
  for (std::size_t i = 0; i < kPeople; ++i) cast.people.emplace_back(i);
  SampleChain chain(genesis_state(cast));

  struct Row {
    const char* file_name;
    std::vector<Transaction> (*transactions)(Cast&);
    BundleForm form;
  };
  constexpr Row kRows[] = {
      {"1-paris-transfers.json", transfers, BundleForm::json_with_witness},
      {"2-shanghai-token.json", token_transfers, BundleForm::rlp_with_witness},
      {"3-cancun-pool-and-blobs.json", pool_and_blobs, BundleForm::json_with_witness},
      {"4-prague-storage-and-delegation.json", storage_and_delegation, BundleForm::json_with_witness},
      {"5-osaka-arithmetic.json", arithmetic, BundleForm::json_with_prestate},
      {"6-osaka-everything.json", everything, BundleForm::json_with_witness},
  };
  std::vector<SampleBundle> bundles;
  for (const Row& row : kRows)
    bundles.push_back({row.file_name, chain.add_block(row.transactions(cast), row.form).dump(1) + "\n"});
  return bundles;
}

}  // namespace hocket::samples
