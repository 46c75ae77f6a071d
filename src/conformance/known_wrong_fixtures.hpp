// Fixtures that are wrong themselves. Whatever stands here is skipped and reported as such; nothing else is ever
// skipped. A row needs a proof: why the fixture contradicts the specification, or itself.
#pragma once

#include <span>
#include <string_view>

namespace hocket {

struct WrongFixture {
  std::string_view name;   // of the test, as its document has it
  std::string_view fork;   // empty: all
  std::string_view proof;  // one line
};

std::span<const WrongFixture> known_wrong_fixtures() noexcept;

/// nullptr: it is not known to be wrong.
const WrongFixture* find_wrong_fixture(std::string_view name, std::string_view fork) noexcept;

}  // namespace hocket
