// webMUSHRA's files, and the analysis of its results against scipy and statsmodels (tools/golden/webmushra.py).
#include "soundalike/webmushra.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "fixtures/errors.hpp"
#include "soundalike/study_analysis.hpp"
#include "study/example_study.hpp"
#include "study/webmushra_golden.hpp"

using namespace soundalike;

namespace {

struct File {
  TempFolder folder;
  std::filesystem::path path;
  explicit File(const std::string& content, const std::string& name = "mushra.csv") : path(folder / name) {
    write_file(path, content);
  }
};

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

Thrown refused(const std::string& csv) {
  const File file(csv);
  return thrown_by([&] { read_webmushra_csv(file.path); });
}

}  // namespace

TEST_CASE("results_of_webmushra_are_analysed_as_scipy_and_statsmodels_do") {
  const File file(golden::csv);
  const StudyResults results = read_webmushra_csv(file.path);
  CHECK(results.grades.size() == 9 * 3 * 6);
  CHECK(results.name == "demo");
  CHECK(results.answers.size() == 9);
  const StudyAnalysis analysis =
      analyse_study(results, {.resamples = 500, .permutations = 500, .power_simulations = 0});
  CHECK(analysis.standard);
  CHECK(analysis.minutes->first == doctest::Approx(golden::minutes[0]).epsilon(1e-9));
  CHECK(analysis.minutes->second == doctest::Approx(golden::minutes[1]).epsilon(1e-9));
  const ScopeAnalysis& all = analysis.scopes.at(0);
  CHECK(all.compared == std::vector<std::string>{"first", "second", "third"});
  for (std::size_t i = 0; i < 3; ++i) {
    const auto c = std::ranges::find(all.conditions, all.compared[i], &ConditionSummary::condition);
    CHECK(c->box.median == doctest::Approx(golden::medians[i]));
    CHECK(c->mean.mean == doctest::Approx(golden::means[i]).epsilon(1e-9));
    CHECK(all.comparisons.at(i).wilcoxon_p == doctest::Approx(golden::wilcoxon[i]).epsilon(1e-9));
    CHECK(all.comparisons.at(i).wilcoxon_adjusted == doctest::Approx(golden::holm[i]).epsilon(1e-9));
  }
  CHECK(all.friedman->chi_squared == doctest::Approx(golden::friedman[0]).epsilon(1e-9));
  CHECK(all.friedman->p == doctest::Approx(golden::friedman[1]).epsilon(1e-9));
  CHECK(all.anova->f == doctest::Approx(golden::anova[0]).epsilon(1e-9));
  CHECK(all.anova->p_huynh_feldt == doctest::Approx(golden::anova[1]).epsilon(1e-9));
}

TEST_CASE("result_files_with_something_missing_or_of_another_locale_are_refused_in_one_sentence") {
  CHECK(refused(replaced(golden::csv, "rating_score", "score")).says("no column 'rating_score'"));
  CHECK(refused(replaced(golden::csv, "session_uuid", "uuid")).says("no column 'session_uuid'"));
  std::string semicolons = "session_uuid;trial_id;rating_stimulus;rating_score\nu;t;reference;100\nu;t;a;71,5\n";
  const Thrown comma = refused(semicolons);
  CHECK(comma.code == ErrorCode::invalid_argument);
  CHECK(comma.says("row 3: rating_score '71,5'"));
  CHECK(comma.says("another locale"));
  std::ranges::replace(semicolons, ',', '.');
  CHECK(!refused(semicolons).code);  // semicolons alone are fine
  const std::string small = "session_uuid,trial_id,rating_stimulus,rating_score\n";
  CHECK(refused(small + "u,t,a,101\n").says("from 0 to 100"));
  CHECK(refused(small + "u,t,a,nan\n").says("from 0 to 100"));
  CHECK(refused(small + "u,t,a\n").says("3 cells, the header 4"));
  CHECK(refused(small + "u,t,\"a,5\n").says("open quote"));
  CHECK(refused(small).says("no rows"));
  CHECK(refused("").says("empty"));
  CHECK(refused(small + "u,t,a,50\nu,t,a,60\n").says("second score"));
  CHECK(!refused(small + "u,t,a,50\nu,t,a,50\n").code);  // sent twice, counted once
  CHECK(thrown_by([] { read_webmushra_csv("/nowhere.csv"); }).code == ErrorCode::not_found);
}

TEST_CASE("roles_training_and_groups_can_be_told") {
  const File file(golden::csv);
  const StudyResults results = read_webmushra_csv(
      file.path, {.roles = {{"third", ConditionRole::anchor}}, .training = {"bass"}, .groups = {{"drums", "dry"}}});
  CHECK(std::ranges::count_if(results.grades, &StudyGrade::training) == 54);
  CHECK(std::ranges::count(results.grades, "dry", &StudyGrade::group) == 54);
  CHECK(std::ranges::count(results.grades, ConditionRole::anchor, &StudyGrade::role) == 27);
}

TEST_CASE("results_written_for_webmushra_s_scripts_read_back_equal") {
  const File file(golden::csv);
  const StudyResults results = read_webmushra_csv(file.path);
  const File again(to_webmushra_csv(results));
  CHECK(grades_csv(read_webmushra_csv(again.path)) == grades_csv(results));
  CHECK(grades_csv(results).find("\"loud, \"\"really\"\"\"") != std::string::npos);
}

TEST_CASE("a_study_written_for_webmushra_reads_back_as_the_same_trials") {
  const StudyDefinition study = example::definition();
  const File file(to_webmushra_yaml(study, "configs/tones"), "tones.yaml");
  const WebMushraTest test = read_webmushra(file.path, "/web");
  CHECK(test.study.name == "tones");
  CHECK(test.study.title == "Tones");
  CHECK(test.ignored.empty());
  REQUIRE(test.items.size() == 2);  // those of kind mushra
  CHECK(test.items[1].id == "page");
  CHECK(test.items[1].reference == "/web/configs/tones/stimuli/hidden.wav");
  CHECK(test.items[1].systems.size() == 4);
  CHECK(test.items[1].systems[0].condition == "good");
  CHECK(!test.options.anchor35);
  CHECK(test.study.questions.size() == 3);
  CHECK(test.study.questions[1].choices == study.questions[1].choices);
  CHECK(test.study.instructions.find("You may stop") != std::string::npos);
}

TEST_CASE("a_test_of_webmushra_is_understood_with_its_nested_pages") {
  const std::string yaml = R"(testname: Demo
testId: my test
pages:
  - {type: generic, id: first, name: Welcome, content: Hello}
  - {type: volume, id: vol, name: Volume, stimulus: a.wav, defaultVolume: 0.5}
  -
    - random
    - type: mushra
      id: one
      name: One
      content: Rate
      reference: res/ref.wav
      createAnchor35: true
      createAnchor70: true
      stimuli: {C1: res/c1.wav, C2: res/c2.wav}
    - [random, {type: bs1116, id: other}]
  - {type: finish, name: Thanks, content: Bye, questionnaire: [{type: number, label: Age, name: age, min: 18, max: 99}]}
)";
  const File file(yaml, "demo.yaml");
  const WebMushraTest test = read_webmushra(file.path, "/w");
  CHECK(test.study.name == "my_test");
  CHECK(test.items.size() == 1);
  CHECK(test.options.anchor35);
  CHECK(test.options.anchor70);
  CHECK(test.ignored == std::vector<std::string>{"bs1116 page 'other'"});
  CHECK(test.study.questions[0].maximum == 99.0);
  const auto broken = [&](const std::string& from, const std::string& to) {
    const File bad(replaced(yaml, from, to), "bad.yaml");
    return thrown_by([&] { read_webmushra(bad.path, "/w"); });
  };
  CHECK(broken("testId: my test\n", "").says("'testId' is missing"));
  CHECK(broken("reference: res/ref.wav", "ref: x").says("line 8: 'reference' is missing"));
  CHECK(broken("stimuli: {C1: res/c1.wav, C2: res/c2.wav}", "stimuli: no").says("'stimuli' must be a map"));
  CHECK(broken("type: mushra", "type: bs1116").says("no page of type mushra, paired_comparison"));
  CHECK(broken("pages:", "pages: [").code == ErrorCode::invalid_argument);
  CHECK(thrown_by([] { read_webmushra("/none.yaml", "/"); }).code == ErrorCode::not_found);
}

TEST_CASE("paired_comparisons_of_webmushra_are_analysed_as_abx") {
  // Which of two is the reference: 9 of 10 listeners hear the bad codec, 5 of 10 the good one.
  std::string csv =
      "session_test_id,age,trial_id,choice_reference,choice_non_reference,choice_answer,choice_time,choice_comment\n";
  for (int listener = 0; listener < 10; ++listener) {
    const auto row = [&](const char* codec, bool correct) {
      csv += "pairs," + std::to_string(20 + listener / 2) + ",trial,reference," + codec +
             (correct ? ",correct" : ",incorrect") + ",6000,\n";
    };
    row("bad", listener != 3);
    row("good", listener % 2 == 0);
  }
  const StudyResults results = read_webmushra_csv(File(csv, "paired_comparison.csv").path);
  CHECK(results.name == "pairs");
  CHECK(results.listeners.size() == 10);  // also those who are of one age
  CHECK(results.answers.size() == 10);
  CHECK(results.listeners[0].minutes == doctest::Approx(0.2));
  const StudyAnalysis analysis = analyse_study(results, {.resamples = 200, .permutations = 200});
  REQUIRE(analysis.abx.size() == 2);
  CHECK(analysis.abx[0].correct == 9);
  CHECK(analysis.abx[0].p == doctest::Approx(11.0 / 1024.0));  // 9 or 10 right of 10, by guessing
  CHECK(analysis.abx[1].correct == 5);
  CHECK(analysis.abx[1].p == doctest::Approx(638.0 / 1024.0));
  CHECK(refused(replaced(csv, ",correct", ",right")).says("row 2: choice_answer 'right' is none of"));
  CHECK(refused(replaced(csv, "choice_non_reference", "other")).says("no column 'choice_non_reference'"));
  const auto few = read_webmushra_csv(File(replaced(csv, ",correct", ",unknown")).path);
  CHECK(few.choices.size() == 19);
  const auto open = read_webmushra_csv(File(replaced(csv, ",correct", ",undecided")).path);
  CHECK(open.choices.front().chosen.empty());
}

TEST_CASE("likert_pages_of_webmushra_are_graded_by_their_numbers") {
  const std::string csv =
      "session_test_id,trial_id,stimuli_rating,stimuli,rating_time\n"
      "likert,one,\" 4 \",good,3000\nlikert,one,\" 1 \",bad,3000\n"
      "likert,one,\" 5 \",good,2000\nlikert,one,\"  \",bad,2000\n";
  const StudyResults results = read_webmushra_csv(File(csv, "lms.csv").path);
  CHECK(results.listeners.size() == 2);
  REQUIRE(results.grades.size() == 3);  // one was not rated
  CHECK(results.grades[2].assessor == "A002");
  CHECK(results.grades[2].score == 5.0);
  CHECK(results.grades[1].kind == TrialKind::likert);
  CHECK(refused(replaced(csv, " 1 ", " rather ")).says("row 3: stimuli_rating 'rather' is no number"));
  CHECK(refused(replaced(csv, "stimuli,", "stimulus,")).says("no column 'stimuli'"));
}

TEST_CASE("paired_and_likert_pages_of_webmushra_become_pages_that_can_be_heard") {
  const TempFolder web, folder;
  std::filesystem::create_directory(web / "res");
  for (const char* name : {"ref", "c1", "c2"})
    write_audio(web / "res" / (std::string(name) + ".wav"), sine(440.0, 0.6, 8000.0));
  const std::string yaml = R"(testname: Demo
testId: demo
pages:
  - {type: paired_comparison, id: pair, name: Which, unforced: no idea, reference: res/ref.wav, stimuli: {C1: res/c1.wav, C2: res/c2.wav}}
  - type: likert_multi_stimulus
    id: many
    name: Rate
    content: How natural?
    stimuli: {C1: res/c1.wav, C2: res/c2.wav}
    response: [{value: 1, label: bad}, {value: 2, label: fair}, {value: 3}]
  - {type: likert_single_stimulus, id: one, name: Rate, stimuli: {C1: res/c1.wav, C2: res/c2.wav}, response: [{value: 1}, {value: 2}]}
)";
  const File file(yaml, "demo.yaml");
  const WebMushraTest test = read_webmushra(file.path, web.path());
  CHECK(test.ignored.empty());
  const StudyDefinition study = build_study(folder / "made", test.study, test.items, test.options);
  REQUIRE(study.trials.size() == 5);
  CHECK(study.trials[0].id == "pair-C1");
  CHECK(study.trials[0].kind == TrialKind::abx);
  CHECK(study.trials[0].signals[0].condition == "original");
  CHECK(study.trials[2].kind == TrialKind::likert);
  CHECK(study.trials[2].prompt == "How natural?");
  CHECK(study.trials[2].scale == std::vector<std::string>{"bad", "fair", "3"});
  CHECK(study.trials[4].id == "one-C2");
  CHECK(study.trials[4].signals.size() == 1);
  CHECK(study.conditions.size() == 3);
  for (const LintFinding& finding : lint(study, folder / "made")) CHECK_MESSAGE(!finding.error, finding.message);
  const File bad(replaced(yaml, "[{value: 1}, {value: 2}]", "[]"), "bad.yaml");
  CHECK(thrown_by([&] { read_webmushra(bad.path, web.path()); }).says("a likert page needs"));
}
