// Fixtures that are wrong themselves. Whatever stands here is skipped and reported as such; nothing else is ever
// skipped. A row needs a proof: why the fixture contradicts the specification, or itself.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace hocket {

struct WrongFixture {
  std::string_view name_prefix;  // of the tests, as their documents have them
  std::string_view fork;
  std::size_t count;  // tests with this prefix
  std::string_view proof;
};

std::span<const WrongFixture> known_wrong_fixtures() noexcept;

/// nullptr: it is not known to be wrong.
const WrongFixture* find_wrong_fixture(std::string_view name, std::string_view fork) noexcept;

}  // namespace hocket
