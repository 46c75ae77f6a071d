#include "parallel/random_block.hpp"

#include "base/hex.hpp"
#include "base/random.hpp"
#include "core/codec.hpp"
#include "crypto/keccak.hpp"
#include "crypto/secp256k1.hpp"
#include "evm/evm.hpp"
#include "parallel/contract_writer.hpp"
#include "transition/execute_transaction.hpp"

#include <algorithm>
#include <map>

namespace hocket::testing {
namespace {

/// Every fork, and the newest ones more often.
constexpr std::array kRevisions = {
    Revision::frontier,        Revision::homestead, Revision::tangerine_whistle,
    Revision::spurious_dragon, Revision::byzantium, Revision::constantinople,
    Revision::petersburg,      Revision::istanbul,  Revision::berlin,
    Revision::london,          Revision::paris,     Revision::shanghai,
    Revision::cancun,          Revision::cancun,    Revision::prague,
    Revision::prague,          Revision::prague,    Revision::osaka,
    Revision::osaka,
};

Address numbered(std::uint64_t number) { return to_address(u256{number}); }
Hash32 secret_of(std::uint64_t number) { return to_hash32(u256{0x5ec4e7 + number}); }

/// The accounts that can send: their keys, and their addresses, which cost a multiplication each.
const std::vector<Address>& key_holders() {
  static const std::vector<Address> kHolders = [] {
    std::vector<Address> holders;
    for (std::uint64_t i = 0; i < 7; ++i) holders.push_back(*address_of(secret_of(i)));
    return holders;
  }();
  return kHolders;
}

class Generator {
 public:
  Generator(std::uint64_t seed, BlockKind kind) : random_(seed), calculates_(kind == BlockKind::calculating) {}

  RandomBlock generate() {
    updates_slots_ = calculates_ ? !random_.one_in(6) : random_.one_in(4);
    make_environment();
    make_world();
    make_changes_around();
    make_transactions();
    return std::move(block_);
  }

 private:
  const Spec& spec() const { return *block_.environment.spec; }

  void make_environment() {
    BlockEnvironment& environment = block_.environment;
    environment.spec = &spec_of(random_.of(kRevisions));
    BlockContext& context = environment.context;
    context.number = 100;
    context.timestamp = 1'700'000'000;
    context.gas_limit = 30'000'000;
    context.prev_randao = u256{random_.next()};
    if (spec().fee_market) context.base_fee = u256{random_.one_in(3) ? 0 : 7u};
    if (spec().blob_transactions) {
      context.blob_base_fee = u256{1};
      environment.max_blob_gas = 6 * (1u << 17);
    }
  }

  void put(const Address& address, std::uint64_t nonce, const u256& balance, BytesView code = {},
           const std::vector<std::pair<u256, u256>>& storage = {}) {
    block_.state.put(address, nonce, balance, code, storage);
  }

  std::vector<std::pair<u256, u256>> some_storage() {
    std::vector<std::pair<u256, u256>> storage;
    for (std::uint64_t slot = 0; slot < kSlotCount; ++slot)
      if (random_.flip()) storage.emplace_back(u256{slot}, u256{some_number()});
    return storage;
  }

  std::uint64_t some_number() {
    return calculates_ && random_.flip() ? random_.between(10, 2'000) : random_.between(1, 3);
  }

  void make_world() {
    const std::uint64_t senders = random_.between(2, key_holders().size());
    senders_.assign(key_holders().begin(), key_holders().begin() + static_cast<std::ptrdiff_t>(senders));
    const u256 rich{1'000'000'000'000'000'000u};
    for (std::size_t i = 0; i < senders_.size(); ++i) {
      // The poor live on what they are sent.
      if (i < 2 || random_.flip())
        put(senders_[i], random_.below(2), rich);
      else if (random_.flip())
        put(senders_[i], 0, u256{random_.between(1, 3'000'000)});
    }
    std::vector<Address> contracts;
    for (std::uint64_t i = 0, n = random_.between(2, 5); i < n; ++i) contracts.push_back(numbered(0xc0de00 + i));

    std::vector<Address>& all = world_.accounts;
    all.insert(all.end(), senders_.begin(), senders_.end());
    for (int weight = 0; weight < 3; ++weight) all.insert(all.end(), contracts.begin(), contracts.end());
    const Address empty = numbered(0xe000);  // exists and is empty, as some did before EIP-161
    const Address missing = numbered(0xdead);
    all.insert(all.end(), {empty, missing, numbered(0xe001), numbered(2), numbered(3)});
    put(empty, 0, {});
    if (random_.flip()) put(numbered(0xe001), 0, {});
    // Where contracts will be made.
    std::vector<Address> futures;
    for (const Address& sender : {senders_[0], senders_[1]})
      for (std::uint64_t nonce = 0; nonce < 3; ++nonce) futures.push_back(create_address(sender, nonce));
    for (const Address& contract : contracts)
      for (std::uint64_t nonce = 0; nonce < 2; ++nonce) futures.push_back(create_address(contract, nonce));
    all.insert(all.end(), futures.begin(), futures.begin() + static_cast<std::ptrdiff_t>(random_.below(4)));

    ContractWriter writer(random_, spec(), world_);
    const Bytes child = writer.write_child();
    world_.init_codes.push_back(writer.write_init(child, 0));
    for (int i = 0; i < 2; ++i) {
      const Bytes runtime = writer.write(static_cast<unsigned>(random_.between(1, 3)));
      world_.init_codes.push_back(
          writer.write_init(runtime.size() < 200 ? runtime : child, static_cast<unsigned>(random_.below(3))));
    }
    world_.init_codes.push_back(writer.write(static_cast<unsigned>(random_.below(4))));  // returns nothing
    std::erase_if(world_.init_codes, [](const Bytes& init) { return init.size() > 400; });
    if (spec().opcode_gas[OP_CREATE2] != Spec::kUndefined) {
      for (const Address& contract : contracts) {
        for (std::uint64_t salt = 0; salt < 2; ++salt) {
          const Address made =
              create2_address(contract, to_hash32(u256{salt}), keccak256(world_.init_codes[random_.below(2)]));
          all.insert(all.end(), {made, made});
          if (random_.one_in(4)) put(made, 1, u256{random_.below(3)}, child, some_storage());
          // EIP-7610: what nobody can make any more, but a state may hold.
          if (random_.one_in(16)) put(made, 0, {}, {}, some_storage());
        }
      }
      if (random_.flip()) make_factory(writer, world_.init_codes[0]);
    }
    for (const Address& contract : contracts) {
      const bool only_updates = updates_slots_ ? !random_.one_in(4) : random_.one_in(8);
      const auto statements = [&](std::uint64_t least, std::uint64_t most) {
        return static_cast<unsigned>(random_.between(least, most));
      };
      const Bytes code = only_updates && calculates_ ? writer.write_calculations(statements(1, 3))
                         : only_updates              ? writer.write_updates(statements(1, 3))
                         : random_.one_in(5)         ? child
                                                     : writer.write(statements(2, 7));
      put(contract, 1, random_.flip() ? rich : u256{random_.below(20)}, code, some_storage());
    }
    contracts_ = contracts;

    BlockContext& context = block_.environment.context;
    context.beneficiary = random_.one_in(3) ? numbered(0xbe00) : random_.of(all);
    if (factory_ && random_.one_in(4)) context.beneficiary = random_.of(children_);
    block_.accounts = all;
    block_.accounts.push_back(context.beneficiary);
    std::ranges::sort(block_.accounts);
    const auto rest = std::ranges::unique(block_.accounts);
    block_.accounts.erase(rest.begin(), rest.end());
  }

  /// A contract that makes children, which transactions destroy, and it makes again.
  void make_factory(ContractWriter& writer, const Bytes& init) {
    factory_ = numbered(0xfac0);
    put(*factory_, 1, {}, writer.write_factory(init));
    for (std::uint64_t salt = 0; salt < 2; ++salt)
      children_.push_back(create2_address(*factory_, to_hash32(u256{salt}), keccak256(init)));
    world_.accounts.insert(world_.accounts.end(), children_.begin(), children_.end());
  }

  void make_changes_around() {
    for (std::uint64_t i = random_.below(3); i > 0; --i)
      block_.credits_before.emplace_back(random_.of(world_.accounts), u256{random_.between(1, 9)});
    if (random_.flip()) block_.slot_before.emplace(random_.of(contracts_), u256{random_.below(5)});
    for (std::uint64_t i = random_.below(3); i > 0; --i)
      block_.credits_after.emplace_back(random_.of(world_.accounts), u256{random_.between(1, 9)});
  }

  void make_transactions() {
    // Executed as they are made: so that nonces and balances fit.
    ProgramCache programs;
    Evm evm(programs);
    evm.begin_block(spec(), block_.environment.context);
    Journal journal(block_.state);
    apply_changes_before(block_, journal);
    BlockUsage usage;
    const std::uint64_t wanted = random_.one_in(8) ? random_.between(20, 60) : random_.between(2, 14);
    const bool may_be_invalid = random_.one_in(5);
    block_.environment.skips_invalid = may_be_invalid && random_.flip();
    only_transfers_ = random_.one_in(8);
    for (std::uint64_t attempt = 0; attempt < 2 * wanted && block_.transactions.size() < wanted; ++attempt) {
      journal.begin_transaction();
      Transaction transaction = make_transaction(journal);
      journal.abandon_transaction();
      if (may_be_invalid && random_.one_in(block_.environment.skips_invalid ? 4 : 12)) spoil(transaction, usage);
      const auto outcome = execute_transaction(transaction, block_.environment, evm, journal, usage);
      if (outcome) {
        usage.gas += outcome->gas_used;
        usage.blob_gas += blob_gas_of(transaction);
      } else if (!may_be_invalid || !random_.one_in(4)) {
        continue;
      }
      block_.transactions.push_back(std::move(transaction));
    }
  }

  /// Makes it invalid, mostly; as those are that a block builder finds in its pool.
  void spoil(Transaction& transaction, const BlockUsage& usage) {
    const std::uint64_t room = block_.environment.context.gas_limit - usage.gas;
    switch (random_.below(8)) {
      case 0:
        ++transaction.nonce;
        return;
      case 1:
        --transaction.nonce;
        return;
      case 2:
        transaction.value = u256{1} << 100;
        return;
      case 3:
        transaction.gas_limit = 20'000;
        return;
      case 4:
      case 5:
        transaction.sender = random_.of(contracts_);
        transaction.nonce = 1;  // as it mostly is
        return;
      default:
        // Just too much, or just enough.
        transaction.gas_limit = room + random_.below(2);
        return;
    }
  }

  Transaction make_transaction(Journal& journal) {
    Transaction transaction;
    transaction.sender = random_.of(senders_);
    AccountEntry& sender = *journal.account(transaction.sender);
    transaction.nonce = sender.nonce;
    if (random_.one_in(40)) transaction.nonce += random_.flip() ? 1u : ~std::uint64_t{0};
    if (!only_transfers_) choose_type(transaction);
    transaction.max_fee_per_gas = block_.environment.context.base_fee + u256{random_.below(3)};
    transaction.max_priority_fee_per_gas =
        transaction.type >= TransactionType::dynamic_fee ? u256{random_.below(3)} : transaction.max_fee_per_gas;
    if (transaction.max_priority_fee_per_gas > transaction.max_fee_per_gas)
      transaction.max_priority_fee_per_gas = transaction.max_fee_per_gas;
    if (only_transfers_) {
      make_transfer(transaction, sender.balance);
      return transaction;
    }
    transaction.gas_limit = random_.between(3, 30) * 10'000;
    if (random_.one_in(60)) transaction.gas_limit = block_.environment.context.gas_limit - 200'000;
    if (random_.one_in(20)) transaction.gas_limit = 53'500 + random_.below(4000);

    const bool creates = transaction.type < TransactionType::blob && random_.one_in(10);
    const bool plays_with_children = !creates && factory_ && random_.one_in(3);
    if (plays_with_children)
      transaction.to = random_.flip() ? *factory_ : random_.of(children_);
    else if (creates)
      transaction.data = random_.of(world_.init_codes);
    else if (updates_slots_ && !random_.one_in(4))
      transaction.to = contracts_[0];
    else if (random_.one_in(3))
      transaction.to = random_.of(senders_);
    else
      transaction.to = random_.one_in(3) ? random_.of(world_.accounts) : random_.of(contracts_);
    if (!creates && (plays_with_children || random_.flip())) {
      transaction.data.assign(64, 0);
      transaction.data[31] = static_cast<std::uint8_t>(random_.below(4));
      transaction.data[63] = static_cast<std::uint8_t>(random_.below(4));
    }
    choose_value(transaction, sender.balance);
    if (transaction.type != TransactionType::legacy && random_.one_in(3))
      transaction.access_list.push_back({random_.of(world_.accounts), {to_hash32(u256{random_.below(kSlotCount)})}});
    if (transaction.type == TransactionType::blob) {
      transaction.max_fee_per_blob_gas = u256{1};
      Hash32 hash{};
      hash.bytes[0] = 1;
      transaction.blob_versioned_hashes.assign(random_.between(1, 2), hash);
    }
    if (transaction.type == TransactionType::set_code) {
      for (std::uint64_t i = random_.between(1, 3); i > 0; --i)
        transaction.authorization_list.push_back(make_authorization(transaction, journal));
    }
    return transaction;
  }

  /// To anybody but contracts, mostly.
  void make_transfer(Transaction& transaction, const u256& balance) {
    transaction.gas_limit = 21'000;
    transaction.to = random_.one_in(3)    ? random_.of(senders_)
                     : random_.one_in(60) ? random_.of(contracts_)
                     : random_.one_in(4)  ? block_.environment.context.beneficiary
                                          : numbered(0xe000 + random_.below(4));
    choose_value(transaction, balance);
    if (transaction.value.is_zero() && !random_.one_in(60)) transaction.value = u256{1};
  }

  void choose_type(Transaction& transaction) {
    if (spec().set_code_transactions && random_.one_in(3))
      transaction.type = TransactionType::set_code;
    else if (spec().blob_transactions && random_.one_in(10))
      transaction.type = TransactionType::blob;
    else if (spec().fee_market && random_.flip())
      transaction.type = TransactionType::dynamic_fee;
    else if (spec().access_list_transactions && random_.one_in(3))
      transaction.type = TransactionType::access_list;
    if (transaction.type != TransactionType::legacy) transaction.chain_id = 1;
  }

  void choose_value(Transaction& transaction, const u256& balance) {
    switch (random_.below(6)) {
      case 0:
      case 1:
        return;
      case 2: {
        // All that is left, or a little more or less.
        const u256 gas = u256{transaction.gas_limit} * transaction.max_fee_per_gas;
        if (balance > gas) transaction.value = balance - gas;
        if (random_.flip() && !transaction.value.is_zero()) transaction.value = transaction.value - u256{1};
        if (random_.one_in(4)) transaction.value = transaction.value + u256{2};
        // The rich stay rich.
        if (transaction.value > u256{10'000'000}) transaction.value = u256{random_.between(100'000, 4'000'000)};
        return;
      }
      case 3:
        transaction.value = u256{random_.between(100'000, 4'000'000)};
        return;
      default:
        transaction.value = u256{random_.between(1, 10)};
        return;
    }
  }

  Authorization make_authorization(const Transaction& transaction, Journal& journal) {
    Authorization authorization;
    authorization.chain_id = u256{random_.below(2)};
    const std::uint64_t who = random_.below(senders_.size());
    const Address& authority = senders_[who];
    authorization.nonce = journal.account(authority)->nonce;
    for (const Authorization& earlier : transaction.authorization_list)
      if (authority == signers_[signature_key(earlier)]) ++authorization.nonce;
    if (authority == transaction.sender) ++authorization.nonce;
    if (random_.one_in(10)) ++authorization.nonce;
    switch (random_.below(6)) {
      case 0:
        break;  // resets
      case 1:
        authorization.address = random_.of(senders_);
        break;
      default:
        authorization.address = random_.of(contracts_);
    }
    const auto signature = *sign(signing_hash(authorization), secret_of(who));
    authorization.signature = {.y_parity = signature.y_parity, .r = signature.r, .s = signature.s};
    signers_[signature_key(authorization)] = authority;
    return authorization;
  }

  static std::uint64_t signature_key(const Authorization& a) { return a.signature.r.limbs[0]; }

  Random random_;
  RandomBlock block_;
  ContractWorld world_;
  std::vector<Address> senders_;
  std::vector<Address> contracts_;
  bool only_transfers_ = false;
  bool updates_slots_ = false;  // mostly of one contract
  bool calculates_;             // where it updates slots
  std::optional<Address> factory_;
  std::vector<Address> children_;  // that it can make
  std::map<std::uint64_t, Address> signers_;
};

}  // namespace

void apply_changes_before(const RandomBlock& block, Journal& journal) {
  journal.begin_transaction();
  for (const auto& [address, amount] : block.credits_before) journal.add_balance(*journal.account(address), amount);
  if (block.slot_before) {
    AccountEntry& contract = *journal.account(block.slot_before->first);
    journal.set_storage(*journal.slot(contract, u256{1}), block.slot_before->second);
  }
  journal.end_transaction(block.environment.spec->state_clearing);
}

void apply_changes_after(const RandomBlock& block, Journal& journal) {
  journal.begin_transaction();
  for (const auto& [address, amount] : block.credits_after) journal.add_balance(*journal.account(address), amount);
  for (const Address& address : block.accounts) {
    AccountEntry& account = *journal.account(address);
    if (!account.has_code()) continue;
    // What a system call would find: counted, so that a wrong value shows.
    SlotEntry& slot = *journal.slot(account, u256{});
    journal.set_storage(slot, slot.current + u256{1});
  }
  journal.end_transaction(block.environment.spec->state_clearing);
}

RandomBlock random_block(std::uint64_t seed, BlockKind kind) { return Generator(seed, kind).generate(); }

std::string to_string(const RandomBlock& block) {
  const BlockContext& context = block.environment.context;
  std::string text = std::string(to_string(block.environment.spec->revision)) + ", beneficiary " +
                     to_hex(context.beneficiary) + ", base fee " + std::to_string(context.base_fee.low64()) + "\n";
  for (const auto& [address, entry] : block.state.accounts()) {
    text += "  " + to_hex(address) + " nonce " + std::to_string(entry.account.nonce) + " balance " +
            std::to_string(entry.account.balance.low64());
    for (const auto& [slot, value] : entry.storage)
      text += " [" + std::to_string(slot.low64()) + "]=" + std::to_string(value.low64());
    if (entry.account.has_code()) {
      const auto code = block.state.code(address, entry.account.code_hash);
      text += " code " + to_hex(*code);
    }
    text += "\n";
  }
  for (std::size_t i = 0; i < block.transactions.size(); ++i) {
    const Transaction& t = block.transactions[i];
    text += "  " + std::to_string(i) + ": type " + std::to_string(static_cast<int>(t.type)) + " from " +
            to_hex(t.sender) + " nonce " + std::to_string(t.nonce) + " to " +
            (t.to ? to_hex(*t.to) : "a new contract") + " value " + std::to_string(t.value.low64()) + " gas " +
            std::to_string(t.gas_limit) + " price " + std::to_string(t.max_fee_per_gas.low64()) + " data " +
            to_hex(t.data) + "\n";
  }
  return text;
}

}  // namespace hocket::testing
