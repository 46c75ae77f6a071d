#include "report/names.hpp"

#include "base/endian.hpp"
#include "base/hex.hpp"
#include "crypto/keccak.hpp"
#include "report/embedded_text.hpp"
#include "report/known_names.hpp"
#include "workloads/contract_code.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <optional>
#include <unordered_map>
#include <vector>

namespace hocket::report {
namespace {

std::uint32_t selector_of(std::string_view signature) { return load_be32(keccak256(as_bytes(signature)).data()); }

/// The functions of an interface, as signatures. Tuples, which the workloads' contracts do not take, are left out.
std::vector<std::string> signatures_of(std::string_view abi) {
  std::vector<std::string> signatures;
  const auto entries = nlohmann::json::parse(abi, nullptr, false);
  if (!entries.is_array()) return signatures;
  for (const auto& entry : entries) {
    if (entry.value("type", "") != "function") continue;
    std::string signature = entry.value("name", "") + "(";
    bool is_first = true;
    const auto& inputs = entry.contains("inputs") ? entry["inputs"] : nlohmann::json::array();
    for (const auto& input : inputs) {
      if (!is_first) signature += ',';
      is_first = false;
      signature += input.value("type", "");
    }
    signatures.push_back(signature + ")");
  }
  return signatures;
}

using FunctionTable = std::unordered_map<std::uint32_t, std::string>;

FunctionTable make_functions() {
  FunctionTable table;
  const auto add = [&](std::string_view signature) {
    table.emplace(selector_of(signature), signature.substr(0, signature.find('(')));
  };
  for (const EmbeddedText& abi : contract_abis())
    for (const std::string& signature : signatures_of(abi.text)) add(signature);
  for (const std::string_view signature : known_signatures()) add(signature);
  return table;
}

/// Whether `code` stands in `creation` at `at`, but for what the constructor fills in: zeros there.
bool stands_at(BytesView creation, std::size_t at, BytesView code) {
  if (at + code.size() > creation.size()) return false;
  std::size_t filled = 0;
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (creation[at + i] == code[i]) continue;
    if (creation[at + i] != 0) return false;
    ++filled;
  }
  return filled <= code.size() / 4;
}

bool is_created_by(BytesView creation, BytesView code) {
  const BytesView begin = code.first(std::min<std::size_t>(code.size(), 8));
  auto at = creation.begin();
  while (true) {
    at = std::search(at, creation.end(), begin.begin(), begin.end());
    if (at == creation.end()) return false;
    if (stands_at(creation, static_cast<std::size_t>(at - creation.begin()), code)) return true;
    ++at;
  }
}

/// Creation code by contract, the shortest first: one that creates another contract holds that one's code too.
std::vector<std::pair<std::string_view, Bytes>> make_creation_codes() {
  std::vector<std::pair<std::string_view, Bytes>> codes;
  for (const workloads::ContractRow& row : workloads::contract_table())
    codes.emplace_back(row.name, workloads::creation_code(row.name));
  std::ranges::sort(codes, {}, [](const auto& code) { return code.second.size(); });
  return codes;
}

}  // namespace

std::string_view function_name(std::uint32_t selector) {
  static const FunctionTable kTable = make_functions();
  const auto found = kTable.find(selector);
  return found == kTable.end() ? std::string_view() : std::string_view(found->second);
}

std::string_view workload_contract(BytesView code) {
  static const auto kCodes = make_creation_codes();
  constexpr std::size_t kTooShort = 16;  // might be anything
  if (code.size() < kTooShort) return {};
  for (const auto& [name, creation] : kCodes)
    if (is_created_by(creation, code)) return name;
  return {};
}

std::string_view mainnet_contract(const Address& address) {
  static const auto kTable = [] {
    std::map<Address, std::string_view> table;
    for (const KnownContract& contract : known_contracts())
      table.emplace(*fixed_from_hex<Address>(contract.address), contract.name);
    return table;
  }();
  const auto found = kTable.find(address);
  return found == kTable.end() ? std::string_view() : found->second;
}

const std::string& Names::contract(const Address& address) {
  const auto [found, is_new] = contracts_.try_emplace(address);
  if (!is_new) return found->second;
  if (chain_id_ == 1) found->second = mainnet_contract(address);
  if (!found->second.empty()) return found->second;
  const auto account = state_->account(address);
  if (!account || !*account || !(*account)->has_code()) return found->second;
  const auto code = state_->code(address, (*account)->code_hash);
  if (code) found->second = workload_contract(*code);
  return found->second;
}

std::string Names::call(const Transaction& transaction) {
  if (!transaction.to) return "creation";
  if (transaction.data.size() < 4) return has_code(*transaction.to) ? "receive" : "ether";
  const std::uint32_t selector = load_be32(transaction.data.data());
  const std::string_view known = function_name(selector);
  const std::string function = known.empty() ? fmt::format("0x{:08x}", selector) : std::string(known);
  const std::string& contract_name = contract(*transaction.to);
  return contract_name.empty() ? function : contract_name + "." + function;
}

bool Names::has_code(const Address& address) const {
  const auto account = state_->account(address);
  return account && *account && (*account)->has_code();
}

}  // namespace hocket::report
