// The proof for every row of known_wrong_fixtures.hpp, by execution. The tests of stEIP2537 call one precompile each,
// at the address that their call data names. A test that is on the list must fail as it is, and pass once it is
// translated from the draft of EIP-2537 to the final one: the call goes to the final address, and the sender, who pays
// 10 wei a gas, has less to begin with by what the draft's price is higher. The others must pass as they are.
#include "conformance/known_wrong_fixtures.hpp"
#include "conformance/state_test_runner.hpp"
#include "replay/input_files.hpp"
#include "support/fixtures.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <map>
#include <simdjson.h>

namespace hocket {
namespace {

/// A precompile of the draft, and what has become of it.
struct DraftPrecompile {
  int draft_address, final_address;
  std::int64_t draft_gas, final_gas;  // of a call, or of a pair of points
  std::size_t pair_size = 0;          // bytes; 0: one price a call
  std::int64_t draft_base = 0, final_base = 0;
};

// The draft: EIP-2537 as of April 2024.
constexpr DraftPrecompile kDraft[] = {
    {0x0b, 0x0b, 500, 375},                                     // G1ADD
    {0x0c, 0x0c, 12000, 12000},                                 // G1MUL: now a sum of one product
    {0x0d, 0x0c, 12000 * 334 / 1000, 12000 * 677 / 1000, 160},  // G1MULTIEXP: all tests have 16 pairs
    {0x0e, 0x0d, 800, 600},                                     // G2ADD
    {0x0f, 0x0e, 45000, 22500},                                 // G2MUL
    {0x10, 0x0e, 0, 0, 288},                                    // G2MULTIEXP: see g2_multiexp_difference
    {0x11, 0x0f, 43000, 32600, 384, 65000, 37700},              // PAIRING
    {0x12, 0x10, 5500, 5500},                                   // MAP_FP_TO_G1
    {0x13, 0x11, 75000, 23800},                                 // MAP_FP2_TO_G2
};

/// What the draft's price is higher: the discounts of the two numbers of pairs that occur.
std::int64_t g2_multiexp_difference(std::int64_t pairs) {
  const std::int64_t draft_discount = pairs == 16 ? 334 : 216;
  const std::int64_t final_discount = pairs == 16 ? 717 : 571;
  return pairs * 45000 * draft_discount / 1000 - pairs * 22500 * final_discount / 1000;
}

std::int64_t price_difference(const DraftPrecompile& precompile, std::size_t input_size) {
  if (precompile.pair_size == 0) return precompile.draft_gas - precompile.final_gas;
  const auto pairs = static_cast<std::int64_t>(input_size / precompile.pair_size);
  if (precompile.draft_address == 0x10) return g2_multiexp_difference(pairs);
  return precompile.draft_base - precompile.final_base + pairs * (precompile.draft_gas - precompile.final_gas);
}

/// A call that fails takes all gas that it was given, under both.
bool has_valid_input(std::string_view name) {
  return !name.starts_with("invalid_") && name.find("_not_on_curve_") == std::string_view::npos;
}

std::size_t number_at(const std::string& text, std::size_t at, std::size_t digits) {
  return std::stoul(text.substr(at, digits), nullptr, 16);
}

/// The document of test `name` as it would say the same about the final EIP.
std::string translated(std::string text, std::string_view name) {
  // data: selector, address, offset, size, input
  const std::size_t words = text.find("0x12bd4299") + 10;
  const std::size_t address_at = words + 62;
  const std::size_t input_size = number_at(text, words + 3 * 64 - 8, 8);
  const auto draft_address = static_cast<int>(number_at(text, address_at, 2));
  const auto* precompile = std::ranges::find(kDraft, draft_address, &DraftPrecompile::draft_address);
  if (precompile == std::end(kDraft)) return {};
  text.replace(address_at, 2, fmt::format("{:02x}", precompile->final_address));
  // The signature is one of other data.
  constexpr std::string_view kSigned = "\"txbytes\"";
  text.replace(text.find(kSigned), kSigned.size(), "\"unsigned\"");
  if (!has_valid_input(name)) return text;

  constexpr std::string_view kBalance = "0x0de0b6b3a7640000";
  constexpr std::int64_t kGasPrice = 10;
  const std::int64_t saved = kGasPrice * price_difference(*precompile, input_size);
  return text.replace(text.find(kBalance), kBalance.size(), fmt::format("{:#x}", 1'000'000'000'000'000'000 - saved));
}

class Documents {
 public:
  /// The result of the only test of a document.
  TestResult run(const std::string& text) {
    simdjson::dom::element root;
    if (parser_.parse(text).get(root) != simdjson::SUCCESS) return TestResult::malformed("", "", Error{"no JSON"});
    const auto [name, test] = *root.get_object().value().begin();
    const auto fixture = decode_state_fixture(std::string(name), test);
    if (!fixture) return TestResult::malformed(name, "", fixture.error());
    EXPECT_EQ(fixture->expectations.size(), 1u) << name;
    return runner_.run(*fixture, fixture->expectations.front());
  }

 private:
  simdjson::dom::parser parser_;
  StateTestRunner runner_;
};

TEST(WrongFixtures, AreRightAboutTheDraftOfTheirEip) {
  const auto pack = testing::fixture_folder_or_archive("ethereum-tests");
  if (!pack) GTEST_SKIP() << pack.error().message;
  Documents documents;
  std::map<std::string_view, std::size_t> wrong;
  InputFiles files({pack->string()});
  for (auto document = files.next(); document && *document; document = files.next()) {
    if ((*document)->name.find("EIPTests/StateTests/stEIP2537/") == std::string::npos) continue;
    const std::string& text = (*document)->text;
    const TestResult as_it_is = documents.run(text);
    const WrongFixture* listed = find_wrong_fixture(as_it_is.name, as_it_is.fork);
    EXPECT_EQ(as_it_is.verdict == TestVerdict::failed, listed != nullptr) << to_line(as_it_is);
    if (listed == nullptr) continue;
    ++wrong[listed->name_prefix];
    const TestResult result = documents.run(translated(text, as_it_is.name));
    EXPECT_EQ(result.verdict, TestVerdict::passed) << to_line(result);
  }
  EXPECT_EQ(wrong.size(), known_wrong_fixtures().size());
  for (const WrongFixture& row : known_wrong_fixtures()) EXPECT_EQ(wrong[row.name_prefix], row.count);
}

}  // namespace
}  // namespace hocket
