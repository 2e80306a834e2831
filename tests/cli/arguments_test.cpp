#include "arguments.hpp"

#include <doctest/doctest.h>

#include <set>

#include "catalogue.hpp"
#include "soundalike/error.hpp"
#include "text.hpp"

namespace soundalike::cli {
namespace {

std::string refusal(const std::vector<std::string>& words) {
  try {
    parse(words);
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::invalid_argument);
    return error.what();
  }
  return "";
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("all_forms_of_an_option_are_the_same") {
  for (const std::vector<std::string>& words : {std::vector<std::string>{"help", "--jobs", "4"},
                                                {"help", "--jobs=4"},
                                                {"help", "-j4"},
                                                {"help", "-j", "4"},
                                                {"-j4", "help"},
                                                {"--jobs", "4", "help"},
                                                {"help", "-qj4"}}) {
    const Invocation invocation = parse(words);
    REQUIRE(invocation.command != nullptr);
    CHECK(invocation.command->name == "help");
    CHECK(invocation.arguments.integer("jobs") == 4);
  }
  CHECK(parse(std::vector<std::string>{"help"}).arguments.integer("jobs") == 0);
}

TEST_CASE("two_dashes_end_the_options") {
  const Invocation invocation = parse(std::vector<std::string>{"help", "--", "--jobs"});
  CHECK(invocation.arguments.all("command") == std::vector<std::string>{"--jobs"});
}

TEST_CASE("help_wins_over_what_follows_it") {
  const Invocation invocation = parse(std::vector<std::string>{"completion", "--help", "--bogus"});
  CHECK(invocation.help);
  CHECK(invocation.command == find_command("completion"));
}

TEST_CASE("what_cannot_work_is_refused_in_one_line_that_helps") {
  CHECK(holds(refusal({"hlep"}), "did you mean 'help'?"));
  CHECK(holds(refusal({"help", "--jbs", "3"}), "did you mean '--jobs'?"));
  CHECK(holds(refusal({"help", "--jobs"}), "needs a value"));
  CHECK(holds(refusal({"help", "--jobs", "many"}), "a whole number from 0 to 1024, not 'many'"));
  CHECK(holds(refusal({"help", "--jobs", "-1"}), "not '-1'"));
  CHECK(holds(refusal({"help", "--jobs", "2", "--jobs", "3"}), "given twice"));
  CHECK(holds(refusal({"help", "--json=yes"}), "takes no value"));
  CHECK(holds(refusal({"help", "--color", "allways"}), "did you mean 'always'?"));
  CHECK(holds(refusal({"help", "--man", "--markdown"}), "contradict each other"));
  CHECK(holds(refusal({"completion"}), "<shell> is missing"));
  CHECK(holds(refusal({"completion", "bash", "fish"}), "unexpected argument 'fish'"));
}

TEST_CASE("asking_for_an_undeclared_option_is_a_bug") {
  const Invocation invocation = parse(std::vector<std::string>{"help"});
  CHECK_THROWS_AS(invocation.arguments.text("bogus"), Error);
}

TEST_CASE("every_command_is_declared_completely") {
  for (const Command* command : commands()) {
    CAPTURE(command->name);
    CHECK((command->run != nullptr));
    CHECK_FALSE(command->summary.empty());
    CHECK(command->examples.size() >= 2);
    CHECK(command->examples.size() <= 4);
    std::set<std::string_view> names;
    std::set<char> letters;
    for (auto options : {command->options, global_options()}) {
      for (const Option& option : options) {
        CAPTURE(option.name);
        CHECK(names.insert(option.name).second);
        CHECK((option.letter == 0 || letters.insert(option.letter).second));
        CHECK_FALSE(option.help.empty());
        CHECK(option.value.empty() == (option.kind == ValueKind::flag));
        CHECK((option.choices != nullptr) == (option.kind == ValueKind::choice));
        if (!option.fallback.empty()) {
          std::vector<std::string> words;
          for (std::string_view word : split(command->name)) words.emplace_back(word);
          words.push_back("--" + std::string(option.name) + "=" + std::string(option.fallback));
          words.emplace_back("--help");
          CHECK_NOTHROW(parse(words));
        }
      }
    }
    for (const Positional& positional : command->positionals) CHECK(names.insert(positional.name).second);
    for (const Option& option : command->options) {
      for (std::string_view other : split(option.excludes)) CHECK(names.contains(other));
    }
    for (const Example& example : command->examples) {
      CHECK(example.line.find("soundalike " + std::string(command->name)) != std::string_view::npos);
    }
  }
}

}  // namespace soundalike::cli
