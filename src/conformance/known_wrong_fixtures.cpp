#include "conformance/known_wrong_fixtures.hpp"

namespace hocket {

std::span<const WrongFixture> known_wrong_fixtures() noexcept { return {}; }

const WrongFixture* find_wrong_fixture(std::string_view name, std::string_view fork) noexcept {
  for (const WrongFixture& fixture : known_wrong_fixtures())
    if (fixture.name == name && (fixture.fork.empty() || fixture.fork == fork)) return &fixture;
  return nullptr;
}

}  // namespace hocket
