// Sessions and their storage, through the public interface.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "fixtures/errors.hpp"
#include "fixtures/without_codes.hpp"
#include "soundalike/rng.hpp"
#include "study/example_study.hpp"

using namespace soundalike;
using example::event;

namespace {

std::string content(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

int fifty(const std::string&, const TrialView& page) { return page.kind == TrialKind::likert ? 2 : 50; }

}  // namespace

TEST_CASE("a_session_goes_through_its_stages_and_ends") {
  const TempFolder folder;
  example::write(folder.path());
  Study study(folder.path());
  const std::string code = study.create_session();
  CHECK(code.size() == 20);
  CHECK(study.state(code).stage == SessionStage::consent);
  study.append(code, {event(1, "consent", R"({"agreed": true})")});
  CHECK(study.state(code).stage == SessionStage::questions);
  study.append(code, {event(2, "questions_done", "{}")});
  SessionState state = study.state(code);
  CHECK(state.stage == SessionStage::training);
  REQUIRE(state.trial.has_value());
  CHECK(state.trial->training);
  CHECK(state.trial->stimuli.size() == 3);
  CHECK(state.next_seq == 3);
  study.append(code, {event(3, "trial_done", R"({"trial": 1})")});
  state = study.state(code);
  CHECK(state.stage == SessionStage::trials);
  CHECK(state.trials == 7);
  CHECK(state.trials_done == 1);
  std::vector<StudyEvent> rest;
  for (int page = 2; page <= 7; ++page) {
    rest.push_back(event(page + 2, "trial_done", R"({"trial": )" + std::to_string(page) + "}"));
  }
  study.append(code, rest);
  CHECK(study.state(code).stage == SessionStage::questions_after);
  study.append(code, {event(10, "questions_done", R"({"after": true})")});
  CHECK(study.state(code).stage == SessionStage::finished);
}

TEST_CASE("nothing_a_listener_sees_names_a_condition_or_a_file") {
  const TempFolder folder;
  example::write(folder.path());
  Study study(folder.path());
  const std::string code = study.create_session();
  std::string seen = to_json(study.definition());
  example::whole_session(study, code, [&](const std::string& id, const TrialView& page) {
    seen += to_json(study.state(code)) + id;
    if (page.number == 2) seen += study.export_session(code);
    return fifty(id, page);
  });
  seen = without_codes(seen);
  for (const char* word : {"hidden", "good", "bad", "low", "mid", "stimuli/", ".wav", "anchor", "practice", "which"}) {
    CAPTURE(word);
    CHECK(seen.find(word) == std::string::npos);
  }
  CHECK(study.export_session(code).find("\"good\"") != std::string::npos);  // told once it is finished
}

TEST_CASE("each_blind_id_is_a_file_of_that_session_only") {
  const TempFolder folder;
  example::write(folder.path());
  Study study(folder.path());
  const std::string one = study.create_session(), other = study.create_session();
  study.append(one, {event(1, "consent", R"({"agreed": true})"), event(2, "questions_done", "{}")});
  const TrialView page = *study.state(one).trial;
  std::set<std::filesystem::path> files;
  for (const std::string& id : page.stimuli) files.insert(study.stimulus(one, id));
  CHECK(files.size() == 3);
  CHECK(std::filesystem::exists(study.stimulus(one, page.reference)));
  CHECK(thrown_by([&] { study.stimulus(other, page.stimuli[0]); }).code == ErrorCode::not_found);
  CHECK(thrown_by([&] { study.stimulus(one, "../../etc/passwd"); }).code == ErrorCode::not_found);
}

TEST_CASE("doubled_reordered_and_late_events_lose_and_double_nothing") {
  const TempFolder folder;
  example::write(folder / "plain");
  Study plain(folder / "plain");
  const std::string code = plain.create_session();
  int score = 0;
  const auto sent = example::whole_session(plain, code, [&](const std::string&, const TrialView& page) {
    return page.kind == TrialKind::likert ? 1 + ++score % 3 : ++score % 101;
  });
  const std::string expected = grades_csv(plain.results()) + choices_csv(plain.results());

  // The same session, its events shuffled over many sendings of which a third come twice. (Another study has other
  // blind ids, so the session moves with the mirror's first line.)
  Rng rng(11);
  for (int trial = 0; trial < 5; ++trial) {
    const TempFolder again;
    example::write(again.path());
    Study study(again.path());
    const std::string mirror = content(folder / "plain/results.jsonl");
    write_file(again / "session.jsonl", mirror.substr(0, mirror.find('\n') + 1));
    study.import(again / "session.jsonl");
    std::vector<StudyEvent> events = sent;
    for (const StudyEvent& e : sent) {
      if (rng.below(3) == 0) events.push_back(e);
    }
    for (std::size_t i = events.size(); i > 1; --i) std::swap(events[i - 1], events[rng.below(i)]);
    std::size_t accepted = 0, repeated = 0;
    for (std::size_t i = 0; i < events.size();) {
      const std::size_t count = std::min<std::size_t>(1 + rng.below(4), events.size() - i);
      const auto first = events.begin() + static_cast<std::ptrdiff_t>(i);
      const AppendResult result = study.append(code, {first, first + static_cast<std::ptrdiff_t>(count)});
      accepted += result.accepted;
      repeated += result.repeated;
      CHECK(result.refused.empty());
      i += count;
    }
    CHECK(accepted == sent.size());
    CHECK(repeated == events.size() - sent.size());
    CHECK(grades_csv(study.results()) + choices_csv(study.results()) == expected);
    CHECK(study.state(code).stage == SessionStage::finished);
  }
}

TEST_CASE("of_two_grades_the_later_counts_and_untouched_signals_have_none") {
  const TempFolder folder;
  example::write(folder.path());
  Study study(folder.path());
  const std::string code = study.create_session();
  study.append(code, {event(1, "consent", R"({"agreed": true})"), event(2, "questions_done", "{}"),
                      event(3, "trial_done", R"({"trial": 1})")});
  std::optional<TrialView> page;
  std::int64_t seq = 3;
  while (page = study.state(code).trial, page->kind != TrialKind::mushra) {
    study.append(code, {event(++seq, "trial_done", R"({"trial": )" + std::to_string(page->number) + "}")});
  }
  const auto rate = [&](std::int64_t at, int score) {
    return event(at, "rating",
                 R"({"stimulus": ")" + page->stimuli[0] + R"(", "score": )" + std::to_string(score) + "}");
  };
  study.append(code, {rate(seq + 3, 80), rate(seq + 1, 20)});  // out of order: the last move was to 80
  CHECK(study.state(code).trial->ratings.at(page->stimuli[0]) == 80.0);
  CHECK(study.results().grades.empty());  // the page is not done
  study.append(code, {event(seq + 4, "trial_done", R"({"trial": )" + std::to_string(page->number) + "}")});
  REQUIRE(study.results().grades.size() == 1);
  CHECK(study.results().grades[0].score == 80.0);
}

TEST_CASE("events_that_cannot_be_are_refused_with_a_reason_and_the_others_stay") {
  const TempFolder folder;
  example::write(folder.path());
  Study study(folder.path());
  const std::string code = study.create_session();
  const auto reason = [&](const StudyEvent& bad) {
    const AppendResult result = study.append(code, {bad});
    return result.refused.size() == 1 ? result.refused[0].reason : "(accepted)";
  };
  const auto says = [&](const StudyEvent& bad, const std::string& text) {
    CAPTURE(bad.body);
    CHECK(reason(bad).find(text) != std::string::npos);
  };
  study.append(code, {event(1, "consent", R"({"agreed": true})"), event(2, "questions_done", "{}")});
  const std::string id = study.state(code).trial->stimuli[0];
  says(event(0, "consent", "{}"), "counts from 1");
  says(event(9, "hack", "{}"), "no type");
  says(event(9, "note", "[]"), "no JSON object");
  says(event(9, "note", "{\"x\": \"" + std::string(20000, 'x') + "\"}"), "bytes");
  says(event(9, "rating", R"({"stimulus": ")" + id + R"(", "score": 101})"), "from 0 to 100");
  says(event(9, "rating", R"({"stimulus": ")" + id + R"(", "score": "50"})"), "a number");
  says(event(9, "rating", R"({"stimulus": "nobody", "score": 5})"), "no signal");
  says(event(9, "trial_done", R"({"trial": 8})"), "no page 8");
  says(event(9, "trial_done", R"({"trial": -1})"), "a page's number");
  says(event(9, "choice", R"({"trial": 1, "stimulus": null})"), "rated, not chosen");
  says(event(9, "answer", R"({"question": "age", "value": {}})"), "'value'");
  const AppendResult mixed = study.append(code, {event(9, "hack", "{}"), event(10, "note", "{}")});
  CHECK(mixed.accepted == 1);
  CHECK(mixed.refused.size() == 1);
  CHECK(thrown_by([&] { study.append("nobody", {}); }).code == ErrorCode::not_found);
  CHECK(thrown_by([] { parse_events("{}"); }).says("list"));
  CHECK(thrown_by([] { parse_events(R"([{"client_seq": 1}])"); }).says("number 1"));
}

TEST_CASE("without_consent_nothing_counts") {
  const TempFolder folder;
  example::write(folder.path());
  Study study(folder.path());
  const std::string code = study.create_session();
  const auto sent = example::whole_session(study, code, fifty);
  CHECK(study.results().listeners.size() == 1);
  study.append(code, {event(static_cast<std::int64_t>(sent.size()) + 1, "consent", R"({"agreed": false})")});
  CHECK(study.results().listeners.empty());
  CHECK(study.results().grades.empty());
}

TEST_CASE("training_is_in_the_results_but_marked") {
  const TempFolder folder;
  example::write(folder.path());
  Study study(folder.path());
  example::whole_session(study, study.create_session(), fifty);
  const StudyResults results = study.results();
  CHECK(std::ranges::count_if(results.grades, &StudyGrade::training) == 3);
  CHECK(results.grades.size() == 3 + 5 + 2);
  CHECK(results.choices.size() == 1 + 3);
  CHECK(results.listeners[0].finished);
  CHECK(results.listeners[0].minutes == doctest::Approx(3.5));  // seven pages of half a minute
  CHECK(results.answers.size() == 1);
}

TEST_CASE("what_is_erased_is_in_no_file_and_does_not_come_back") {
  const TempFolder folder;
  example::write(folder.path());
  Study study(folder.path());
  const std::string code = study.create_session(), other = study.create_session();
  study.append(code, {event(1, "note", R"({"text": "unmistakable-words"})")});
  study.append(other, {event(1, "note", R"({"text": "other-words"})")});
  write_file(folder / "taken.json", study.export_session(code));
  CHECK(content(folder / "taken.json").find("unmistakable-words") != std::string::npos);
  std::filesystem::copy_file(folder / "results.jsonl", folder / "backup.jsonl");
  study.erase_session(code);
  for (const char* file : {"results.sqlite", "results.sqlite-wal", "results.jsonl"}) {
    CAPTURE(file);
    const std::string bytes = content(folder / file);
    CHECK(bytes.find("unmistakable-words") == std::string::npos);
    CHECK(bytes.find(code) == std::string::npos);
  }
  CHECK(content(folder / "results.jsonl").find("other-words") != std::string::npos);
  CHECK(study.sessions() == std::vector{other});
  CHECK(thrown_by([&] { study.state(code); }).code == ErrorCode::not_found);
  CHECK(thrown_by([&] { study.erase_session(code); }).code == ErrorCode::not_found);
  CHECK(thrown_by([&] { study.import(folder / "taken.json"); }).says("erased"));
  study.import(folder / "backup.jsonl");
  CHECK(study.sessions() == std::vector{other});
}

TEST_CASE("results_come_back_from_the_mirror_and_from_what_a_listener_downloaded") {
  const TempFolder folder;
  example::write(folder / "s");
  std::string code, expected, downloaded;
  {
    Study study(folder / "s");
    code = study.create_session();
    example::whole_session(study, code, fifty);
    expected = grades_csv(study.results());
    write_file(folder / "mine.json", study.export_session(code));
  }
  for (const char* file : {"results.sqlite", "results.sqlite-wal", "results.sqlite-shm"}) {
    std::filesystem::remove(folder / "s" / file);
  }
  std::filesystem::rename(folder / "s/results.jsonl", folder / "mirror.jsonl");
  std::ofstream(folder / "mirror.jsonl", std::ios::app) << R"({"kind": "event", "sess)";  // cut off by a crash
  Study study(folder / "s");
  CHECK(thrown_by([&] { study.import(folder / "mine.json"); }).code == ErrorCode::not_found);
  const AppendResult mirror = study.import(folder / "mirror.jsonl");
  CHECK(mirror.refused.size() == 1);
  CHECK(grades_csv(study.results()) == expected);
  CHECK(study.import(folder / "mine.json").accepted == 0);  // all there already
  CHECK(study.import(folder / "mirror.jsonl").accepted == 0);
  CHECK(grades_csv(study.results()) == expected);
  write_file(folder / "foreign.json", R"({"study": "others", "session": "x", "events": []})");
  CHECK(thrown_by([&] { study.import(folder / "foreign.json"); }).says("'others', not 'tones'"));
  write_file(folder / "noise.txt", "hello\nworld\n");
  CHECK(thrown_by([&] { study.import(folder / "noise.txt"); }).code == ErrorCode::invalid_argument);
}

TEST_CASE("a_study_edited_later_leaves_sessions_as_they_began") {
  const TempFolder folder;
  example::write(folder.path());
  std::string code, before;
  {
    Study study(folder.path());
    code = study.create_session();
    study.append(code, {event(1, "consent", R"({"agreed": true})"), event(2, "questions_done", "{}")});
    before = to_json(study.state(code));
  }
  StudyDefinition edited = example::definition();
  edited.trials.erase(edited.trials.begin());
  edited.seed = 99;
  edited.prompt = "Another question";
  write_file(folder / study_file, to_toml(edited));
  Study study(folder.path());
  CHECK(to_json(study.state(code)) == before);
  CHECK(study.state(study.create_session()).trials == 6);
}
