// Files that the build puts into the program (cmake/embedded_text.cmake).
#pragma once

#include <span>
#include <string_view>

namespace hocket::report {

struct EmbeddedText {
  std::string_view name;  // of the file, without its folder
  std::string_view text;
};

/// src/report/page/: what report.html is made of.
std::span<const EmbeddedText> page_files() noexcept;
/// contracts/artifacts/*.abi.json, by name.
std::span<const EmbeddedText> contract_abis() noexcept;

}  // namespace hocket::report
