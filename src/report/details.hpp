// Details: the tables of a block's section that others refer to by number: addresses, locations, calls, transactions.
#pragma once

#include "analysis/block_report.hpp"
#include "block/recover_senders.hpp"
#include "parallel/timeline.hpp"
#include "report/block_section.hpp"
#include "report/names.hpp"

#include <nlohmann/json.hpp>
#include <unordered_map>

namespace hocket::report {

/// Thread safety: none.
class Details {
 public:
  /// The references must live as long.
  Details(const RecoveredBlock& block, const BlockTrace& trace, Names& names, const DetailLimits& limits);

  /// The transactions that are listed: all, if the limits allow; else these, then the first ones.
  void choose(const std::vector<TxnIndex>& wanted);

  /// Number of a location in the table; -1: the cause names none.
  std::int64_t location(const ActivityCause& cause);
  /// Of BlockTrace::locations.
  std::int64_t traced_location(std::uint32_t number);

  /// The hottest locations, with names and with the calls that depend on others for them most often.
  nlohmann::ordered_json hottest(const BlockReport& report);

  /// Adds the tables; after everything that refers to them.
  void write(nlohmann::ordered_json& section);

 private:
  std::int64_t number_of(std::string_view kind, const Address& address, const u256& slot);
  std::int64_t number_of(const Address& address);
  std::int64_t number_of_call(TxnIndex txn);
  nlohmann::ordered_json transactions_table();

  const RecoveredBlock& block_;
  const BlockTrace& trace_;
  Names& names_;
  DetailLimits limits_;
  std::vector<TxnIndex> chosen_;

  nlohmann::ordered_json addresses_ = nlohmann::ordered_json::array();
  nlohmann::ordered_json address_names_ = nlohmann::ordered_json::array();
  nlohmann::ordered_json locations_ = nlohmann::ordered_json::array();
  nlohmann::ordered_json calls_ = nlohmann::ordered_json::array();
  std::map<Address, std::int64_t> address_numbers_;
  std::map<std::string, std::int64_t> location_numbers_;
  std::map<std::string, std::int64_t> call_numbers_;
  std::unordered_map<std::uint32_t, std::int64_t> traced_numbers_;
};

}  // namespace hocket::report
