// The page: the files of src/report/page put into one, with the report inside.
#include "base/assert.hpp"
#include "report/embedded_text.hpp"
#include "report/report.hpp"

namespace hocket::report {
namespace {

std::string_view page_file(std::string_view name) {
  for (const EmbeddedText& file : page_files())
    if (file.name == name) return file.text;
  HOCKET_ASSERT(!"no such file in src/report/page");
  return {};
}

/// Within a string of JSON "<" may also be written as an escape: then nothing in it can end the script element.
void append_json(std::string_view json, std::string& page) {
  for (const char c : json) {
    if (c == '<')
      page += "\\u003c";
    else
      page += c;
  }
}

/// Puts what `{{NAME}}` stands for in its place.
void append_part(std::string_view name, std::string_view json, std::string& page) {
  if (name == "report.json")
    append_json(json, page);
  else
    page += page_file(name);
}

}  // namespace

std::string make_page(std::string_view json) {
  std::string_view frame = page_file("report.html");
  std::string page;
  page.reserve(json.size() + (json.size() >> 4) + (std::size_t{256} << 10));
  while (true) {
    const std::size_t open = frame.find("{{");
    page += frame.substr(0, open);
    if (open == std::string_view::npos) return page;
    const std::size_t close = frame.find("}}", open);
    HOCKET_ASSERT(close != std::string_view::npos);
    append_part(frame.substr(open + 2, close - open - 2), json, page);
    frame.remove_prefix(close + 2);
  }
}

}  // namespace hocket::report
