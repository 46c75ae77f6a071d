// Where the official fixtures are. They are data of others that stays outside the tree: packs (NAME.tar.zst) in a
// folder, unpacked into the build folder when a test first asks for them.
#pragma once

#include "base/result.hpp"

#include <filesystem>
#include <string_view>

namespace hocket::testing {

/// The folder that holds what pack `name` ("precompiles") unpacks to: `$HOCKET_FIXTURES_UNPACKED/name` if that is set,
/// else `build/fixtures/name` in the project, unpacked from `$HOCKET_FIXTURES/name.tar.zst` (default: the folder
/// `../shared/fixtures` beside the project) if it is not there yet.
/// Errors: neither is there, or tar fails. Thread safety: any number of threads and processes; all get whole packs.
Result<std::filesystem::path> fixture_pack(std::string_view name);

/// Where pack `name` can be read with InputFiles: the folder it was unpacked to, if there is one, else its archive.
/// Errors: neither is there.
Result<std::filesystem::path> fixture_folder_or_archive(std::string_view name);

}  // namespace hocket::testing

/// Binds `var` to the pack's folder. Skips the test and says why where there is no such pack; one that is there and
/// cannot be unpacked fails it. For use in a test's body, after <gtest/gtest.h>.
#define HOCKET_FIXTURE_PACK_OR_SKIP(var, name)                                  \
  const auto var##_source = ::hocket::testing::fixture_folder_or_archive(name); \
  if (!var##_source) GTEST_SKIP() << var##_source.error().message;              \
  const auto var##_or_error = ::hocket::testing::fixture_pack(name);            \
  if (!var##_or_error) FAIL() << var##_or_error.error().message;                \
  const std::filesystem::path& var = *var##_or_error
