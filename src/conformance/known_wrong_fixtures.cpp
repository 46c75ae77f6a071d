#include "conformance/known_wrong_fixtures.hpp"

namespace hocket {
namespace {

// ethereum-tests, EIPTests/StateTests/stEIP2537: filled in April 2024 for a draft of EIP-2537, which Prague did not
// bring. The draft has nine precompiles at 0x0b to 0x13, two of them for single multiplications, one discount table
// for both groups, and other prices: G1ADD 500, G2ADD 800, G2MUL 45000, pairing 65000 + 43000 a pair, maps 5500 and
// 75000. The final EIP has seven at 0x0b to 0x11 with prices of their own. The proof is
// tests/conformance/wrong_fixtures_test.cpp: translated to the final addresses and prices, these 1003 tests pass; the
// folder's 400 others, whose outcome is the same under both, pass as they are.
constexpr std::string_view kDraft2537 =
    "filled for a draft of EIP-2537 with other addresses and prices than the final one";

constexpr WrongFixture kWrongFixtures[] = {
    {"extras_fp2_to_g2_", "Prague", 3, kDraft2537},
    {"extras_fp_to_g1_", "Prague", 3, kDraft2537},
    {"extras_g2_multiexp_", "Prague", 1, kDraft2537},
    {"fp2_to_g2_", "Prague", 100, kDraft2537},
    {"fp_to_g1_", "Prague", 100, kDraft2537},
    {"g1_add_", "Prague", 100, kDraft2537},
    {"g1_multiexp_", "Prague", 100, kDraft2537},
    {"g2_add_", "Prague", 100, kDraft2537},
    {"g2_mul_", "Prague", 100, kDraft2537},
    {"g2_multiexp_", "Prague", 100, kDraft2537},
    {"invalid_fp2_encoding_", "Prague", 100, kDraft2537},
    {"invalid_fp_encoding_", "Prague", 100, kDraft2537},
    {"pairing_", "Prague", 96, kDraft2537},
};

}  // namespace

std::span<const WrongFixture> known_wrong_fixtures() noexcept { return kWrongFixtures; }

const WrongFixture* find_wrong_fixture(std::string_view name, std::string_view fork) noexcept {
  for (const WrongFixture& fixture : kWrongFixtures)
    if (name.starts_with(fixture.name_prefix) && fork == fixture.fork) return &fixture;
  return nullptr;
}

}  // namespace hocket
