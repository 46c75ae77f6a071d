// Runs the built hocket program, as a user does, and holds what it said.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace hocket::testing {

struct Outcome {
  int status = -1;  // exit status; 128 and the signal's number if one ended it
  std::string out;
  std::string err;

  /// Lines of `text`, which must end with a line feed if it is not empty.
  static std::vector<std::string> lines(const std::string& text);
};

/// Waits for its end. Standard input is empty unless given.
Outcome run_hocket(const std::vector<std::string>& arguments, std::string_view standard_input = {});

/// The same for any program, found in the path.
Outcome run_program(const std::vector<std::string>& command, std::string_view standard_input = {});

/// The program under test.
std::string hocket_path();

/// A folder that is gone when the test is over.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const noexcept { return path_; }
  /// Writes a file and returns its path.
  std::string write(const std::string& name, std::string_view text) const;

 private:
  std::filesystem::path path_;
};

}  // namespace hocket::testing
