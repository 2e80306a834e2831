// `soundalike study ...`, end to end; listeners by the library, as the server does it.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>

#include "cli/recordings.hpp"
#include "cli/run_program.hpp"
#include "soundalike/study.hpp"

namespace {

namespace fs = std::filesystem;
using namespace soundalike;
using program::Run;
using program::TempFolder;

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

// References, and two conditions of which one is much further away.
void write_folders(const TempFolder& folder, unsigned rate = 16000) {
  for (const char* name : {"ref", "near", "far"}) fs::create_directory(folder / name);
  for (int i = 0; i < 3; ++i) {
    const auto tune = recordings::tune(rate, 0.8, i);
    auto near = tune, far = tune;
    for (float& x : near) x = 0.9f * x + 0.1f * x * x;
    for (float& x : far) x = x > 0.02f ? 0.02f : x < -0.02f ? -0.02f : x;
    const std::string file = "take" + std::to_string(i) + ".wav";
    program::write_wav(folder / "ref" / file, tune, rate);
    program::write_wav(folder / "near" / file, near, rate);
    program::write_wav(folder / "far" / file, far, rate);
  }
}

std::vector<std::string> new_study(const TempFolder& folder, std::vector<std::string> more = {}) {
  std::vector<std::string> words{"study",
                                 "new",
                                 (folder / "study").string(),
                                 "--reference",
                                 (folder / "ref").string(),
                                 "-c",
                                 "near=" + (folder / "near").string(),
                                 "-c",
                                 "far=" + (folder / "far").string()};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

// Grades by what the file behind the blind id is; the listener who does not listen gives everything the same.
void listen(Study& study, bool listens) {
  const std::string code = study.create_session();
  std::int64_t seq = 0;
  const auto send = [&](const std::string& type, const std::string& body) {
    study.append(code, {{++seq, type, body}});
  };
  send("consent", R"({"agreed": true})");
  send("questions_done", "{}");
  for (auto state = study.state(code); state.trial; state = study.state(code)) {
    for (const std::string& id : state.trial->stimuli) {
      const std::string file = study.stimulus(code, id).stem().string();
      const int score = !listens ? 50 : file == "reference" ? 100 : file == "near" ? 80 : file == "far" ? 40 : 20;
      send("rating", R"({"stimulus": ")" + id + R"(", "score": )" + std::to_string(score) + "}");
    }
    send("trial_done", R"({"trial": )" + std::to_string(state.trial->number) + R"(, "seconds": 20})");
  }
  send("questions_done", R"({"after": true})");
}

}  // namespace

TEST_CASE("a_study_is_made_checked_run_analysed_exported_and_erased") {
  const TempFolder folder;
  write_folders(folder);
  const std::string path = (folder / "study").string();
  const Run made = program::soundalike(new_study(folder, {"--training", "take0", "--json"}));
  CAPTURE(made.err);
  REQUIRE(made.status == 0);
  CHECK(made.json()["trials"] == 3);
  CHECK(made.json()["conditions"] == 5);
  const Run checked = program::soundalike({"study", "lint", path});
  CHECK(checked.status == 0);
  CHECK(holds(checked.out, "0 errors"));
  CHECK(holds(checked.out, "2 excerpts for 2 systems"));

  Study study(folder / "study");
  for (int i = 0; i < 6; ++i) listen(study, i != 2);
  const std::string html = (folder / "report.html").string(), grades = (folder / "grades.csv").string();
  const Run report = program::soundalike({"study", "report", path, "--html", html, "--grades", grades, "--json"});
  CAPTURE(report.err);
  REQUIRE(report.status == 0);
  const auto json = report.json();
  CHECK(json["listeners"] == 6);
  CHECK(json["standard"] == true);
  CHECK(json["screening"]["excluded"][0]["assessor"] == "A003");
  CHECK(json["scopes"][0]["comparisons"][0]["difference"]["mean"] == 40.0);
  CHECK(json["scopes"][0]["assessors"] == 5);
  CHECK(fs::file_size(html) > 5000);
  const std::string table = recordings::bytes_of(grades);
  CHECK(std::count(table.begin(), table.end(), '\n') == 1 + 6 * 3 * 5);
  const Run repeated = program::soundalike({"study", "report", grades, "--json"});
  CHECK(repeated.json()["scopes"][0]["conditions"] == json["scopes"][0]["conditions"]);
  CHECK(holds(program::soundalike({"study", "report", path, "--no-screening"}).out, "near - far"));

  const Run list = program::soundalike({"study", "export", path, "--json"});
  REQUIRE(list.json()["sessions"].size() == 6);
  const std::string code = list.json()["sessions"][0]["session"];
  CHECK(list.json()["sessions"][0]["stage"] == "finished");
  const Run taken = program::soundalike({"study", "export", path, "--session", code});
  CHECK(holds(taken.out, "\"take1\""));
  std::ofstream(folder / "mine.json") << taken.out;
  const Run again = program::soundalike({"study", "import", path, (folder / "mine.json").string(), "--json"});
  CHECK(again.json()["accepted"] == 0);
  CHECK(program::soundalike({"study", "erase", path, code}).status == 0);
  CHECK(program::soundalike({"study", "export", path, "--json"}).json()["sessions"].size() == 5);
  CHECK(program::soundalike({"study", "erase", path, code}).status == 3);
  CHECK(program::soundalike({"study", "import", path, (folder / "mine.json").string()}).status == 2);

  const std::string csv = (folder / "mushra.csv").string(), yaml = (folder / "config.yaml").string();
  CHECK(program::soundalike({"study", "export", path, "--webmushra-csv", csv, "--webmushra-yaml", yaml}).status == 0);
  const Run foreign = program::soundalike({"study", "report", csv, "--json", "--power", "0"});
  CHECK(foreign.json()["scopes"][0]["comparisons"][0]["difference"]["mean"] == 40.0);
  const Run back = program::soundalike(
      {"study", "new", (folder / "again").string(), "--webmushra", yaml, "--root", folder.path().string(), "--json"});
  CHECK(back.status == 3);  // no signals at configs/resources: said, not guessed
  CHECK(program::soundalike({"study", "export", path, "--webmushra-yaml", yaml, "--prefix", "study"}).status == 0);
  const Run same = program::soundalike(
      {"study", "new", (folder / "again").string(), "--webmushra", yaml, "--root", folder.path().string(), "--json"});
  CAPTURE(same.err);
  CHECK(same.json()["trials"] == 3);
  CHECK(read_study(folder / "again").role("anchor70") == ConditionRole::anchor70);  // as a signal of its own
}

TEST_CASE("a_study_comes_from_the_examples_of_an_evaluation") {
  const TempFolder folder;
  write_folders(folder);
  for (const char* pair : {"001", "002"}) {
    const fs::path to = folder / "run/audio/Some Effect" / pair;
    fs::create_directories(to);
    const std::string take = std::string("take") + pair[2] + ".wav";
    fs::copy_file(folder / "ref" / take, to / "target.wav");
    fs::copy_file(folder / "ref" / take, to / "input.wav");
    fs::copy_file(folder / "ref" / take, to / "reference.wav");
    fs::copy_file(folder / "near" / take, to / "soundalike.wav");
    fs::copy_file(folder / "far" / take, to / "random.wav");
  }
  const std::string run = (folder / "run").string();
  const Run made = program::soundalike({"study", "new", (folder / "study").string(), "--evaluation", run, "--anchor",
                                        "random", "--seconds", "0.6 s", "--json"});
  CAPTURE(made.err);
  REQUIRE(made.status == 0);
  const StudyDefinition study = read_study(folder / "study");
  CHECK(study.trials[0].id == "Some_Effect-001");
  CHECK(study.trials[0].group == "Some Effect");
  CHECK(study.role("random") == ConditionRole::anchor);
  CHECK(study.role("soundalike") == ConditionRole::system);
  CHECK(study.conditions.size() == 5);
  const Run lacking =
      program::soundalike({"study", "new", (folder / "other").string(), "--evaluation", run, "--system", "predict"});
  CHECK(lacking.status == 3);
  CHECK(holds(lacking.err, "lacks systems"));
}

TEST_CASE("what_cannot_be_a_study_ends_with_one_line_that_says_why") {
  const TempFolder folder;
  write_folders(folder, 8000);
  const auto refused = [&](const std::vector<std::string>& words, int status, std::string_view reason) {
    const Run run = program::soundalike(words);
    CAPTURE(run.err);
    CHECK(run.status == status);
    CHECK(run.err.find('\n') == run.err.size() - 1);
    CHECK(holds(run.err, reason));
    CHECK(!fs::exists(folder / "study"));
  };
  refused(new_study(folder), 5, "needs 16000 Hz");
  refused(new_study(folder, {"--no-anchor70", "--training", "nobody"}), 2, "no trial 'nobody'");
  refused({"study", "new", (folder / "study").string()}, 2, "--condition");
  program::write_wav(folder / "far/take1.wav", recordings::tune(8000, 0.7, 1), 8000);
  refused(new_study(folder, {"--no-anchor70"}), 4, "5600 frames");
  refused({"study", "lint", (folder / "study").string()}, 3, "no study.toml");
  std::ofstream(folder / "bad.csv") << "a,b\n1,2\n";
  refused({"study", "report", (folder / "bad.csv").string()}, 2, "no column 'session_uuid'");
  refused({"study", "report", (folder / "none.csv").string()}, 3, "no such file");
}
