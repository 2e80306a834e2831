#include <doctest/doctest.h>

#include <csignal>
#include <fstream>

#include "cli/recordings.hpp"
#include "soundalike/corpus.hpp"

namespace {

namespace fs = std::filesystem;

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// Three recordings of the test split and a protocol for them.
void set_up(const recordings::Studio& studio) {
  fs::create_directory(studio.path("songs"));
  int made = 0;
  for (int number = 0; made < 3; ++number) {
    const std::string name = "song_" + std::to_string(number) + ".wav";
    if (soundalike::split_of(name) != soundalike::Split::test) continue;
    program::write_wav(studio.path("songs/" + name), recordings::tune(16000, 1.5, number), 16000);
    ++made;
  }
  std::ofstream(studio.path("mine.toml"))
      << "pairs = 6\nsystems = ['dry', 'random', 'search']\nmetrics = ['mrstft']\n[data]\nfolders = 'songs'\n"
         "minimum_seconds = 0.5\n[match]\nbudget = 120\n[[case]]\neffect = 'builtin:filter'\n";
}

}  // namespace

TEST_CASE("an_evaluation_killed_in_the_middle_goes_on_and_ends_with_the_same_bytes") {
  const recordings::Studio studio;
  set_up(studio);
  const auto whole = studio({"evaluate", "run", "mine.toml", "-o", "whole", "-j", "2", "-q"});
  CAPTURE(whole.err);
  REQUIRE(whole.status == 0);
  CHECK(holds(whole.out, "| Filter | the same | 6 |"));
  CHECK(holds(whole.out, "% useful"));

  program::RunOptions kill;
  kill.signal = SIGKILL;
  kill.signal_after = "\"done\":1";
  REQUIRE(studio({"evaluate", "run", "mine.toml", "-o", "parts", "-j", "1", "--json"}, kill).status == 128 + SIGKILL);
  CHECK(fs::exists(studio.path("parts/records.jsonl")));
  program::RunOptions interrupt;
  interrupt.signal = SIGINT;
  interrupt.signal_after = "\"done\":1";
  const auto stopped = studio({"evaluate", "run", "mine.toml", "-o", "parts", "-j", "1", "--json"}, interrupt);
  CHECK(stopped.status == 130);
  CHECK(holds(stopped.err, "goes on with"));
  CHECK(!fs::exists(studio.path("parts/report.html")));
  REQUIRE(studio({"evaluate", "run", "mine.toml", "-o", "parts", "-j", "2", "-q"}).status == 0);
  for (const char* file : {"results.csv", "knobs.csv", "results.json"}) {
    CHECK(recordings::bytes_of(studio.path("parts") / file) == recordings::bytes_of(studio.path("whole") / file));
  }
}

TEST_CASE("evaluate_match_prints_the_systems_that_were_named") {
  const recordings::Studio studio;
  set_up(studio);
  const auto run = studio({"evaluate", "match", "--corpus", "songs", "-e", "builtin:gain", "--pairs", "2", "--systems",
                           "dry,middle", "-q"});
  CHECK(run.status != 0);  // halves of 0.75 s
  CHECK(holds(run.err, "two halves of 2 s"));
  const auto unknown = studio({"evaluate", "match", "--corpus", "songs", "--systems", "dry,orcale"});
  CHECK(unknown.status == 2);
  CHECK(holds(unknown.err, "did you mean 'oracle'?"));
}

TEST_CASE("mistakes_in_what_is_to_be_evaluated_are_told_in_one_line") {
  const recordings::Studio studio;
  set_up(studio);
  CHECK(studio({"evaluate", "run", "none.toml", "-o", "x"}).status == 3);
  std::ofstream(studio.path("bad.toml")) << "[data]\nfolders = 'songs'\n[[case]]\nefect = 'x'\n";
  const auto bad = studio({"evaluate", "run", "bad.toml", "-o", "x"});
  CHECK(bad.status == 2);
  CHECK(holds(bad.err, "bad.toml', line"));
  const auto data = studio({"evaluate", "run", "mine.toml", "-o", "x", "-d", "nowhere"});
  CHECK(data.status == 3);
}
