// What a terminal can show: colours and a progress bar, and nothing of either where output goes to a file or a program.
#pragma once

#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>

namespace hocket {

enum class Colour { plain, dim, bold, red, green, yellow };

/// True if `stream` is a terminal that understands colours, and the user has not asked for none (NO_COLOR).
bool wants_colours(std::FILE* stream);

/// `text` between the sequences for `colour`; as it is if not `enabled`.
std::string coloured(std::string_view text, Colour colour, bool enabled);

/// `text` without line feeds and other control characters, which a file's name may hold: a message stays one line.
std::string one_line(std::string text);

/// When all is printed. False, and a line on standard error that begins with `who`: standard output could not be
/// written.
[[nodiscard]] bool end_output(std::string_view who);

/// "1,234,567"
std::string grouped(unsigned long long number);

/// A bar on stderr while something is under way; nothing if stderr is no terminal.
class ProgressBar {
 public:
  ProgressBar();
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// `label`: what is being worked on.
  void show(std::size_t done, std::size_t total, std::string_view label);
  /// Takes the bar away, so that a line can be printed.
  void clear();

 private:
  bool enabled_;
  bool visible_ = false;
};

}  // namespace hocket
