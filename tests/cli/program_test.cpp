// The program as a whole: what holds for every command.
#include <doctest/doctest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "catalogue.hpp"
#include "cli/run_program.hpp"
#include "text.hpp"

namespace soundalike::cli {
namespace {

using program::Run;
using program::RunOptions;

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

bool is_one_line(const std::string& text) { return !text.empty() && text.find('\n') == text.size() - 1; }

std::vector<std::string> words_of(const Command& command) {
  std::vector<std::string> words;
  for (std::string_view word : split(command.name)) words.emplace_back(word);
  return words;
}

std::string file_text(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("no_arguments_show_the_overview") {
  const Run run = program::soundalike({});
  CHECK(run.status == 0);
  for (const Command* command : commands()) CHECK(holds(run.out, command->summary));
  CHECK(run.out == program::soundalike({"--help"}).out);
  CHECK(run.out == program::soundalike({"help"}).out);
}

TEST_CASE("every_command_has_help_with_its_options_and_examples") {
  for (const Command* command : commands()) {
    CAPTURE(command->name);
    std::vector<std::string> words = words_of(*command);
    words.emplace_back("--help");
    const Run run = program::soundalike(words);
    CHECK(run.status == 0);
    CHECK(run.err.empty());
    for (const Option& option : command->options) CHECK(holds(run.out, "--" + std::string(option.name)));
    for (const Example& example : command->examples) CHECK(holds(run.out, example.line));
    words.insert(words.begin(), "help");
    words.pop_back();
    CHECK(program::soundalike(words).out == run.out);
    words.emplace_back("--json");
    CHECK(program::soundalike(words).json()["command"] == command->name);
  }
}

TEST_CASE("the_version_is_told") {
  const Run run = program::soundalike({"--version"});
  CHECK(run.status == 0);
  CHECK(run.out.starts_with("soundalike "));
  CHECK(run.out == "soundalike " + program::soundalike({"-V", "--json"}).json()["version"].get<std::string>() + "\n");
}

TEST_CASE("mistakes_on_the_command_line_are_one_line_and_status_2") {
  for (const std::vector<std::string>& words : {std::vector<std::string>{"efects"},
                                                {"help", "--markdwon"},
                                                {"help", "nonsense"},
                                                {"help", "--man", "--markdown"},
                                                {"completion", "tcsh"},
                                                {"--jobs", "x", "help"},
                                                {"-z"},
                                                {"help", ""}}) {
    const Run run = program::soundalike(words);
    CAPTURE(run.err);
    CHECK(run.status == 2);
    CHECK(run.out.empty());
    CHECK(is_one_line(run.err));
    CHECK(run.err.starts_with("soundalike: "));
  }
}

TEST_CASE("with_json_a_mistake_is_a_document_too") {
  const Run run = program::soundalike({"--json", "help", "--markdwon"});
  CHECK(run.status == 2);
  CHECK(run.json()["error"]["code"] == "invalid_argument");
  CHECK(holds(run.json()["error"]["message"].get<std::string>(), "did you mean '--markdown'?"));
  CHECK(is_one_line(run.err));
}

TEST_CASE("a_reader_that_leaves_is_no_error") {
  const Run run = program::soundalike({"help", "--man"}, {.out = RunOptions::Stdout::closed});
  CHECK(run.status == 0);
  CHECK(run.err.empty());
}

TEST_CASE("a_full_disk_behind_standard_output_is_an_error") {
  const Run run = program::soundalike({"help"}, {.out = RunOptions::Stdout::full});
  CHECK(run.status == 7);
  CHECK(holds(run.err, "No space left"));
}

TEST_CASE("colour_is_only_used_when_asked_for_or_on_a_terminal") {
  CHECK_FALSE(holds(program::soundalike({"help"}, {.environment = {{"NO_COLOR", ""}}}).out, "\033["));
  CHECK(holds(program::soundalike({"help", "--color", "always"}).out, "\033[1m"));
  CHECK_FALSE(holds(program::soundalike({"help", "--color", "never"}).out, "\033["));
  CHECK_FALSE(holds(program::soundalike({"help", "--color", "always", "--json"}).out, "\\u001b"));
}

TEST_CASE("docs_commands_md_is_current") {
  const char* source = std::getenv("SOUNDALIKE_SOURCE");
  REQUIRE(source != nullptr);
  INFO("renew it: build/bin/soundalike help --markdown > docs/commands.md");
  CHECK(program::soundalike({"help", "--markdown"}).out ==
        file_text(std::filesystem::path(source) / "docs/commands.md"));
}

TEST_CASE("the_manual_page_has_no_warnings_and_every_command") {
  const program::TempFolder folder;
  const Run page = program::soundalike({"help", "--man"});
  REQUIRE(page.status == 0);
  for (const Command* command : commands()) CHECK(holds(page.out, ".SS \"" + std::string(command->name) + "\""));
  std::ofstream(folder / "soundalike.1") << page.out;
  const std::string path = (folder / "soundalike.1").string();
  std::vector<std::string> reader;
  if (program::has_program("groff")) {
    reader = {"groff", "-ww", "-man", "-Tutf8", "-z", path};
  } else if (program::has_program("man")) {
    reader = {"man", "--warnings", "-l", path};
  } else {
    MESSAGE("skipped: neither groff nor man is installed");
    return;
  }
  const Run run =
      program::run(reader, {.environment = {{"MANPAGER", "cat"}, {"MANWIDTH", "100"}, {"LC_ALL", "C.UTF-8"}}});
  CHECK(run.status == 0);
  CHECK(run.err.empty());
}

TEST_CASE("completion_scripts_are_understood_by_their_shells") {
  const program::TempFolder folder;
  for (const std::string shell : {"bash", "zsh", "fish"}) {
    CAPTURE(shell);
    const Run script = program::soundalike({"completion", shell});
    CHECK(script.status == 0);
    for (const Command* command : commands()) CHECK(holds(script.out, command->name));
    CHECK(program::soundalike({"completion", shell, "--json"}).json()["script"] == script.out);
    std::set<std::string> functions;  // a command's function must not replace a helper's
    std::istringstream lines(script.out);
    for (std::string line; std::getline(lines, line);) {
      if (line.ends_with("() {")) CHECK(functions.insert(line).second);
    }
    if (!program::has_program(shell)) {
      MESSAGE("syntax not checked: " << shell << " is not installed");
      continue;
    }
    std::ofstream(folder / shell) << script.out;
    const Run run = program::run({shell, "-n", (folder / shell).string()});
    CHECK(run.status == 0);
    CHECK(run.err.empty());
  }
}

TEST_CASE("bash_completes_commands_options_and_values") {
  if (!program::has_program("bash")) {
    MESSAGE("skipped: bash is not installed");
    return;
  }
  const auto complete = [](const std::string& line) {
    const std::string script = program::soundalike({"completion", "bash"}).out + "COMP_WORDS=(" + line +
                               ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_soundalike\n"
                               "printf '%s\\n' \"${COMPREPLY[@]}\"\n";
    return program::run({"bash"}, {.in = script}).out;
  };
  CHECK(complete("soundalike compl") == "completion\n");
  CHECK(complete("soundalike help --mar") == "--markdown\n");
  CHECK(complete("soundalike completion f") == "fish\n");
  CHECK(complete("soundalike --color a") == "auto\nalways\n");
  CHECK(complete("soundalike --color = al") == "always\n");
}

}  // namespace soundalike::cli
