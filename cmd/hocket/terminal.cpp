#include "terminal.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/core.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace hocket {

bool wants_colours(std::FILE* stream) {
  const char* terminal = std::getenv("TERM");
  const char* refused = std::getenv("NO_COLOR");
  return ::isatty(::fileno(stream)) != 0 && (refused == nullptr || *refused == '\0') && terminal != nullptr &&
         std::string_view(terminal) != "dumb";
}

std::string coloured(std::string_view text, Colour colour, bool enabled) {
  if (!enabled || colour == Colour::plain) return std::string(text);
  constexpr std::string_view kCodes[] = {"0", "2", "1", "31", "32", "33"};
  return fmt::format("\x1b[{}m{}\x1b[0m", kCodes[static_cast<int>(colour)], text);
}

std::string one_line(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7f) c = '?';
  return text;
}

bool end_output(std::string_view who) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return true;
  fmt::print(stderr, "{}: standard output: cannot be written\n", who);
  return false;
}

std::string grouped(unsigned long long number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
  return text;
}

ProgressBar::ProgressBar() : enabled_(::isatty(STDERR_FILENO) != 0) {}
ProgressBar::~ProgressBar() { clear(); }

void ProgressBar::show(std::size_t done, std::size_t total, std::string_view label) {
  if (!enabled_) return;
  winsize size{};
  const std::size_t columns = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
  constexpr std::size_t kBar = 24;
  const std::size_t filled = total == 0 ? 0 : std::min(kBar, kBar * done / total);
  std::string line =
      fmt::format("[{}{}] {}/{} ", std::string(filled, '#'), std::string(kBar - filled, '.'), done, total);
  if (line.size() < columns) line += label.substr(0, columns - line.size() - 1);
  fmt::print(stderr, "\r\x1b[K{}", line);
  std::fflush(stderr);
  visible_ = true;
}

void ProgressBar::clear() {
  if (!visible_) return;
  fmt::print(stderr, "\r\x1b[K");
  std::fflush(stderr);
  visible_ = false;
}

}  // namespace hocket
