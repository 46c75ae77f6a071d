// Real blocks from the fixtures, replayed and compared with everything that their headers claim.
#include "replay/replay_block.hpp"
#include "support/fixtures.hpp"

#include <filesystem>
#include <gtest/gtest.h>
#include <map>

namespace hocket {
namespace {

struct Outcome {
  BlockBundle bundle;
  std::expected<ReplayReport, ReplayFailure> report;
};

// Calls `check(name, outcome)` for every bundle under `path`; returns how many there were.
template <class Check>
int for_each_bundle(const std::filesystem::path& path, Check&& check) {
  ProgramCache programs;
  SequentialExecutor executor(programs);
  InputFiles files({path.string()});
  int count = 0;
  for (;;) {
    auto document = files.next();
    if (document && !*document) return count;
    ++count;
    if (!document) {
      ADD_FAILURE() << document.error().message;
      continue;
    }
    auto bundle = decode_bundle(std::move(**document));
    if (!bundle) {
      ADD_FAILURE() << bundle.error().message;
      continue;
    }
    auto report = replay_block(*bundle, executor);
    const std::string name = bundle->name;
    check(name, Outcome{std::move(*bundle), std::move(report)});
  }
}

TEST(MainnetBlocks, AllAreVerified) {
  HOCKET_FIXTURE_PACK_OR_SKIP(pack, "mainnet-blocks");
  const int count = for_each_bundle(pack / "mainnet", [](const std::string& name, const Outcome& outcome) {
    ASSERT_TRUE(outcome.report.has_value()) << name << ": " << outcome.report.error().message;
    const ReplayReport& report = *outcome.report;
    const Spec& spec = outcome.bundle.config.spec_for(outcome.bundle.block.header);
    for (const Check check :
         {Check::block_hash, Check::transactions_root, Check::senders, Check::gas_used, Check::logs_bloom})
      EXPECT_EQ(report[check], CheckResult::verified) << name << ": " << to_string(check);
    // Receipts before Byzantium hold state roots, which a prestate cannot give.
    EXPECT_EQ(report[Check::receipts_root], spec.receipt_has_status ? CheckResult::verified : CheckResult::not_verified)
        << name;
    EXPECT_EQ(report[Check::state_root], CheckResult::not_verified) << name;
    EXPECT_EQ(report[Check::withdrawals_root], spec.withdrawals ? CheckResult::verified : CheckResult::not_applicable)
        << name;
    EXPECT_EQ(report[Check::blob_gas_used],
              spec.blob_transactions ? CheckResult::verified : CheckResult::not_applicable)
        << name;
  });
  EXPECT_EQ(count, 54);
}

TEST(Witnesses, AllAreVerifiedToTheStateRoot) {
  HOCKET_FIXTURE_PACK_OR_SKIP(pack, "witness");
  const int count = for_each_bundle(pack / "witness" / "*.json", [](const std::string& name, const Outcome& outcome) {
    ASSERT_TRUE(outcome.report.has_value()) << name << ": " << outcome.report.error().message;
    for (int i = 0; i < kCheckCount; ++i) {
      const auto check = static_cast<Check>(i);
      // One source has no headers, only the ancestors' hashes.
      if (check == Check::parent && !outcome.bundle.parent) continue;
      EXPECT_NE((*outcome.report)[check], CheckResult::not_verified) << name << ": " << to_string(check);
    }
    EXPECT_EQ((*outcome.report)[Check::state_root], CheckResult::verified) << name;
  });
  EXPECT_EQ(count, 28);
}

TEST(Witnesses, IncompleteOnesAreRefusedWithTheMissingPath) {
  HOCKET_FIXTURE_PACK_OR_SKIP(pack, "witness");
  // What is missing, as the pack describes it: the path of a recipient, or the sibling of a deleted slot.
  const std::map<std::string, std::string> missing{
      {"hoodi-1151683.json", "account 0x"},
      {"mainnet-22188088.json", "account 0x"},
      {"mainnet-20378342.json", "storage slot 0x"},
  };
  const int count =
      for_each_bundle(pack / "witness" / "incomplete", [&](const std::string& name, const Outcome& outcome) {
        ASSERT_FALSE(outcome.report.has_value()) << name << ": was taken for complete";
        const std::string& message = outcome.report.error().message;
        const std::string file = std::filesystem::path(name).filename().string();
        EXPECT_NE(message.find(missing.at(file)), std::string::npos) << message;
        EXPECT_NE(message.find("at trie path "), std::string::npos) << message;
        EXPECT_EQ(message.find('\n'), std::string::npos) << message;
      });
  EXPECT_EQ(count, 3);
}

}  // namespace
}  // namespace hocket
