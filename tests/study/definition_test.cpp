#include <doctest/doctest.h>

#include "fixtures/errors.hpp"
#include "study/example_study.hpp"

using namespace soundalike;

namespace {

const std::string smallest = R"(
name = "s"
[[condition]]
name = "a"
[[condition]]
name = "b"
[[trial]]
id = "t"
kind = "paired"
signals = [ { condition = "a", file = "a.wav" }, { condition = "b", file = "b.wav" } ]
)";

Thrown refused(const std::string& toml) {
  return thrown_by([&] { parse_study(toml, "study.toml"); });
}

std::string with(const std::string& from, const std::string& to) {
  std::string text = smallest;
  text.replace(text.find(from), from.size(), to);
  return text;
}

}  // namespace

TEST_CASE("a_study_that_is_written_reads_back_equal") {
  const StudyDefinition study = example::definition();
  const std::string text = to_toml(study);
  const StudyDefinition again = parse_study(text, "study.toml");
  CHECK(to_toml(again) == text);
  CHECK(again.consent == study.consent);
  CHECK(again.trials.size() == study.trials.size());
  CHECK(again.trials[3].repeats == 3);
  CHECK(again.trials[4].scale == study.trials[4].scale);
  CHECK(again.questions[0].maximum == 99.0);
  CHECK(again.role("mid") == ConditionRole::anchor70);
}

TEST_CASE("texts_of_any_kind_survive") {
  StudyDefinition study = example::definition();
  for (const std::string text : {"\"\"\"", "a\\", "tab\there", "line\nline\n", "\n", "\r\n", "ümlaut ♫", "\x01"}) {
    study.consent = text;
    CAPTURE(text);
    CHECK(parse_study(to_toml(study), "x").consent == text);
  }
}

TEST_CASE("a_folder_edited_by_hand_is_refused_with_the_line_and_what_would_work") {
  CHECK(!refused(smallest).code);
  CHECK(refused(with("name = \"s\"", "name = \"s\"\ntitel = \"x\"")).says("line 3: unknown key 'titel'"));
  CHECK(refused(with("name = \"b\"", "name = \"a\"")).says("condition 'a' is there twice"));
  CHECK(refused(with("kind = \"paired\"", "kind = \"mushroom\"")).says("'mushroom' is no kind"));
  CHECK(refused(with("kind = \"paired\"", "kind = \"mushra\"")).says("'reference' is missing"));
  CHECK(refused(with("kind = \"paired\"", "kind = \"likert\"")).says("'scale'"));
  CHECK(refused(with("condition = \"b\"", "condition = \"c\"")).says("no [[condition]] named 'c'"));
  CHECK(refused(with("condition = \"b\"", "condition = \"a\"")).says("condition 'a' is there twice"));
  CHECK(refused(with("\"b.wav\"", "\"../b.wav\"")).says("outside the study's folder"));
  CHECK(refused(with("\"b.wav\"", "\"/b.wav\"")).says("outside the study's folder"));
  CHECK(refused(with("\"b.wav\"", "3")).says("'file' takes a text"));
  CHECK(refused(with("id = \"t\"", "id = \"t t\"")).says("letters, digits"));
  CHECK(refused(with("id = \"t\"", "id = \"t\"\ntraining = true")).says("no [[trial]] that counts"));
  CHECK(refused(with("id = \"t\"", "id = \"t\"\nrepeats = 0")).says("from 1 to 1000"));
  CHECK(refused(with("[[condition]]", "[[condition")).says("line 3"));
  CHECK(refused("").says("'name' is missing"));
  const std::string twice = smallest + smallest.substr(smallest.find("[[trial]]"));
  CHECK(refused(twice).says("trial 't' is there twice"));
}

TEST_CASE("a_folder_without_a_study_or_without_a_signal_says_so") {
  const TempFolder folder;
  CHECK(thrown_by([&] { read_study(folder.path()); }).code == ErrorCode::not_found);
  example::write(folder / "s");
  std::filesystem::remove(folder / "s/stimuli/bad.wav");
  const Thrown thrown = thrown_by([&] { Study(folder / "s"); });
  CHECK(thrown.code == ErrorCode::not_found);
  CHECK(thrown.says("stimuli/bad.wav"));
}
