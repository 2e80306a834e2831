#include "arguments.hpp"
#include "catalogue.hpp"
#include "help.hpp"
#include "soundalike/version.hpp"
#include "text.hpp"

namespace soundalike::cli {
namespace {

// Text for troff: backslashes, dashes that must stay dashes, and control characters at the start of a line.
std::string roff(std::string_view text) {
  std::string result;
  for (char c : text) {
    if (c == '\\') {
      result += "\\e";
    } else if (c == '-') {
      result += "\\-";
    } else if (c == '\'' || c == '.') {
      result += (result.empty() || result.back() == '\n' ? "\\&" : "") + std::string(1, c);
    } else {
      result += c;
    }
  }
  return result;
}

std::string paragraphs(std::string_view text) {
  std::string result;
  for (const std::string& line : wrap(text, 100)) result += line.empty() ? ".PP\n" : roff(line) + "\n";
  return result;
}

// A quoted argument of a macro.
std::string argument(std::string_view text) {
  std::string result;
  for (char c : roff(text)) result += c == '"' ? std::string("\\(dq") : std::string(1, c);
  return "\"" + result + "\"";
}

std::string trimmed(std::string text) {
  text.erase(0, text.find_first_not_of(' '));
  return text;
}

std::string item(std::string_view term, std::string_view text) {
  return ".TP\n.B " + argument(term) + "\n" + paragraphs(text);
}

}  // namespace

std::string manual_text() {
  std::string text = ".TH SOUNDALIKE 1 \"\" \"soundalike " + std::string(program_version()) + "\" \"User Commands\"\n";
  text += ".SH NAME\nsoundalike \\- make one recording sound like another with real audio plugins\n";
  text += ".SH SYNOPSIS\n.B soundalike\n.I command\n[\\fIoptions\\fR] [\\fIarguments\\fR]\n";
  text += ".SH DESCRIPTION\n" +
          paragraphs(
              "soundalike takes a recording and a reference, and finds the settings of installed audio effects "
              "with which the recording sounds like the reference. The reference may hold other words or other "
              "music: only the sound is compared.");
  text += ".SH COMMANDS\n";
  for (const Command* command : commands()) {
    text += ".SS " + argument(command->name) + "\n.B " + argument(usage(*command)) + "\n.PP\n";
    text += paragraphs(command->description.empty() ? command->summary : command->description);
    for (const Positional& positional : command->positionals) {
      text += item("<" + std::string(positional.name) + ">", positional_help(positional));
    }
    for (const OptionGroup& group : option_groups(command->options)) {
      if (group.heading != "options") text += ".PP\n.I " + argument(group.heading) + "\n";
      for (const Option* option : group.options) text += item(trimmed(option_form(*option)), option_help(*option));
    }
    if (!command->examples.empty()) text += ".PP\nExamples:\n";
    for (const Example& example : command->examples) {
      text += ".PP\n" + paragraphs(example.what) + ".RS\n.EX\n" + roff(example.line) + "\n.EE\n.RE\n";
    }
  }
  text += ".SH OPTIONS\nEvery command has these.\n";
  for (const Option& option : global_options()) text += item(trimmed(option_form(option)), option_help(option));
  text += ".SH EXIT STATUS\n";
  for (const ExitStatus& row : exit_statuses()) text += item(std::to_string(row.status), row.meaning);
  text += ".SH ENVIRONMENT\n";
  text += item("LV2_PATH, VST3_PATH, CLAP_PATH, LADSPA_PATH",
               "folders of plugins of these formats, separated by colons; the standard folders when unset");
  text += item("XDG_CACHE_HOME", "where the list of installed effects is kept; ~/.cache when unset");
  text += item("NO_COLOR", "no colour unless --color=always");
  return text;
}

}  // namespace soundalike::cli
