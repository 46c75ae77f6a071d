// hocket completion bash|zsh: a script for the shell, made from what the commands told CLI11, so that it knows every
// option there is and nothing else.
#include "command.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <memory>
#include <string>
#include <vector>

namespace hocket {
namespace {

struct OptionText {
  std::vector<std::string> names;  // as typed, dashes included
  std::string summary;             // first line
  bool takes_value = false;
  bool takes_file = false;
  std::vector<std::string> values;  // if there is a fixed choice
};

struct CommandText {
  std::string name;
  std::string summary;
  std::vector<OptionText> options;
  std::vector<std::string> choices;  // of the positional argument; empty: files
};

// CLI11 describes a choice as "{bash,zsh}"; there is no other way to ask for it.
std::vector<std::string> choices_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const auto open = type.find('{');
  const auto close = type.find('}', open == std::string::npos ? 0 : open);
  std::vector<std::string> choices;
  if (open == std::string::npos || close == std::string::npos) return choices;
  for (const std::string& word : CLI::detail::split(type.substr(open + 1, close - open - 1), ','))
    choices.push_back(word);
  return choices;
}

CommandText describe(const CLI::App& app) {
  CommandText text{app.get_name(), app.get_description(), {}, {}};
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_positional()) {
      text.choices = choices_of(*option);
      continue;
    }
    OptionText described;
    for (const std::string& name : option->get_snames()) described.names.push_back("-" + name);
    for (const std::string& name : option->get_lnames()) described.names.push_back("--" + name);
    const std::string summary = option->get_description();
    described.summary = summary.substr(0, summary.find('\n'));
    described.takes_value = option->get_items_expected_max() > 0;
    const std::string type = option->get_type_name();
    described.takes_file = type.find("FILE") != std::string::npos || type.find("DIR") != std::string::npos;
    described.values = choices_of(*option);
    text.options.push_back(std::move(described));
  }
  return text;
}

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::string bash_script(const CommandText& top, const std::vector<CommandText>& commands) {
  const auto all_names = [](const CommandText& command) {
    std::vector<std::string> names;
    for (const OptionText& option : command.options)
      names.insert(names.end(), option.names.begin(), option.names.end());
    return join(names);
  };
  std::vector<std::string> command_names;
  command_names.reserve(commands.size());
  for (const CommandText& command : commands) command_names.push_back(command.name);

  std::string script = "# bash completion for hocket; load it with: source <(hocket completion bash)\n";
  script += "_hocket() {\n";
  script += "  local word=\"${COMP_WORDS[COMP_CWORD]}\" previous=\"${COMP_WORDS[COMP_CWORD-1]}\"\n";
  script += "  COMPREPLY=()\n";
  script += "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n";
  script += fmt::format("    COMPREPLY=($(compgen -W \"{} {}\" -- \"$word\"))\n", join(command_names), all_names(top));
  script += "    return\n  fi\n";
  script += "  case \"${COMP_WORDS[1]}\" in\n";
  for (const CommandText& command : commands) {
    script += fmt::format("    {})\n", command.name);
    for (const OptionText& option : command.options) {
      if (!option.takes_value) continue;
      std::string pattern;
      for (const std::string& name : option.names) pattern += (pattern.empty() ? "" : "|") + name;
      std::string action = "COMPREPLY=()";
      if (option.takes_file) action = "COMPREPLY=($(compgen -f -- \"$word\"))";
      if (!option.values.empty())
        action = fmt::format("COMPREPLY=($(compgen -W \"{}\" -- \"$word\"))", join(option.values));
      script += fmt::format("      case \"$previous\" in {}) {}; return ;; esac\n", pattern, action);
    }
    script += "      if [[ \"$word\" == -* ]]; then\n";
    script += fmt::format("        COMPREPLY=($(compgen -W \"{}\" -- \"$word\"))\n", all_names(command));
    script += "      else\n";
    if (command.choices.empty())
      script += "        compopt -o filenames 2>/dev/null\n        COMPREPLY=($(compgen -f -- \"$word\"))\n";
    else
      script += fmt::format("        COMPREPLY=($(compgen -W \"{}\" -- \"$word\"))\n", join(command.choices));
    script += "      fi ;;\n";
  }
  script += "  esac\n}\ncomplete -F _hocket hocket\n";
  return script;
}

// Inside single quotes, in a place where zsh gives brackets and colons a meaning.
std::string zsh_escape(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\'') {
      escaped += "'\\''";
    } else {
      if (c == '[' || c == ']' || c == ':' || c == '\\') escaped += '\\';
      escaped += c;
    }
  }
  return escaped;
}

std::string zsh_options(const CommandText& command, const char* indent) {
  std::string lines;
  for (const OptionText& option : command.options) {
    std::string value;
    if (option.takes_value) value = option.takes_file ? ":file:_files" : ":value: ";
    if (!option.values.empty()) value = fmt::format(":value:({})", join(option.values));
    for (const std::string& name : option.names)
      lines += fmt::format("{}'{}[{}]{}' \\\n", indent, name, zsh_escape(option.summary), value);
  }
  return lines;
}

std::string zsh_script(const CommandText& top, const std::vector<CommandText>& commands) {
  std::string script =
      "#compdef hocket\n"
      "# zsh completion for hocket; load it with: source <(hocket completion zsh),\n"
      "# or save it as _hocket in a folder of $fpath.\n"
      "_hocket() {\n"
      "  local -a commands\n"
      "  commands=(\n";
  for (const CommandText& command : commands)
    script += fmt::format("    '{}:{}'\n", command.name, zsh_escape(command.summary));
  script += "  )\n  if (( CURRENT == 2 )); then\n    _describe -t commands 'command' commands\n";
  script += "    _arguments \\\n" + zsh_options(top, "      ");
  script += "      && return 0\n    return\n  fi\n";
  script += "  local command=${words[2]}\n  shift words\n  (( CURRENT-- ))\n  case $command in\n";
  for (const CommandText& command : commands) {
    script += fmt::format("    {})\n      _arguments \\\n", command.name);
    script += zsh_options(command, "        ");
    script += command.choices.empty() ? "        '*:file:_files' ;;\n"
                                      : fmt::format("        '1:choice:({})' ;;\n", join(command.choices));
  }
  script += "  esac\n}\n";
  script += "if [ \"${funcstack[1]}\" = _hocket ]; then\n  _hocket \"$@\"\nelse\n  compdef _hocket hocket\nfi\n";
  return script;
}

}  // namespace

const Command kCompletionCommand{
    .name = "completion",
    .summary = "Print a completion script for bash or zsh",
    .define = [](CLI::App& app) -> std::function<int()> {
      auto shell = std::make_shared<std::string>();
      app.add_option("shell", *shell, "The shell to write for")->required()->check(CLI::IsMember({"bash", "zsh"}));
      app.footer(
          "Examples:\n"
          "  source <(hocket completion bash)                   for this shell\n"
          "  hocket completion zsh > ~/.zsh/completions/_hocket  for every zsh, where that folder is in $fpath");
      return [shell, &app] {
        const CLI::App& top = *app.get_parent();
        std::vector<CommandText> commands;
        for (const CLI::App* sub : top.get_subcommands([](const CLI::App*) { return true; }))
          commands.push_back(describe(*sub));
        const std::string script =
            *shell == "bash" ? bash_script(describe(top), commands) : zsh_script(describe(top), commands);
        fmt::print("{}", script);
        return 0;
      };
    },
};

}  // namespace hocket
