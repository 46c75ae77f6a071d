// write_file: a file comes into being as a whole or not at all. The text goes into a file beside it, which then takes
// its name.
#pragma once

#include "base/result.hpp"

#include <filesystem>
#include <string_view>

namespace hocket {

/// Replaces what was there. Errors, each with the path and the system's reason: it cannot be written; nothing is left
/// of the attempt then, and what was there stays.
Result<void> write_file(const std::filesystem::path& path, std::string_view text);

/// Whether write_file could begin, for who has much to do before. Errors: the same.
Result<void> check_writable(const std::filesystem::path& path);

}  // namespace hocket
