// Simulated assessors with known effects.
#include "soundalike/study_analysis.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "fixtures/errors.hpp"
#include "fixtures/temp_folder.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/rng.hpp"

using namespace soundalike;

namespace {

struct Simulation {
  std::size_t assessors = 20, items = 6;
  std::vector<std::pair<std::string, double>> systems{{"a", 55.0}, {"b", 55.0}, {"c", 55.0}};
  double lean = 8.0, noise = 10.0;  ///< standard deviations: of an assessor, of a grade
};

StudyResults simulate(const Simulation& s, std::uint64_t seed) {
  Rng rng(seed);
  StudyResults results;
  results.name = "simulated";
  results.conditions = {
      {"hidden", ConditionRole::reference}, {"low", ConditionRole::anchor35}, {"mid", ConditionRole::anchor70}};
  for (const auto& [name, level] : s.systems) results.conditions.push_back({name, ConditionRole::system});
  for (std::size_t a = 0; a < s.assessors; ++a) {
    const std::string assessor = "A" + std::to_string(100 + a);
    results.listeners.push_back({assessor, true, 20.0, ""});
    const double lean = s.lean * rng.normal();
    for (std::size_t i = 0; i < s.items; ++i) {
      const auto add = [&](const std::string& condition, ConditionRole role, double score) {
        results.grades.push_back({.assessor = assessor,
                                  .trial = "item" + std::to_string(i),
                                  .group = i % 2 == 0 ? "even" : "odd",
                                  .condition = condition,
                                  .role = role,
                                  .score = std::clamp(score, 0.0, 100.0)});
      };
      add("hidden", ConditionRole::reference, 96.0 + 2.0 * rng.uniform(-1, 1));
      add("low", ConditionRole::anchor35, 15.0 + 4.0 * rng.normal());
      add("mid", ConditionRole::anchor70, 35.0 + 4.0 * rng.normal());
      for (const auto& [name, level] : s.systems)
        add(name, ConditionRole::system, level + lean + s.noise * rng.normal());
    }
  }
  return results;
}

const AnalysisOptions quick{.resamples = 200, .permutations = 200, .power_simulations = 0};

void grade(StudyResults& results, const std::string& assessor, ConditionRole role, double score, int how_many) {
  for (StudyGrade& g : results.grades) {
    if (g.assessor == assessor && g.role == role && how_many-- > 0) g.score = score;
  }
}

}  // namespace

TEST_CASE("a_thousand_studies_of_equal_systems_reject_about_one_in_twenty") {
  int friedman = 0, anova = 0, holm = 0, hochberg = 0;
  constexpr int studies = 1000;
  for (int s = 0; s < studies; ++s) {
    StudyResults results = simulate({.items = 3}, static_cast<std::uint64_t>(s));
    for (StudyGrade& g : results.grades) g.group.clear();
    const ScopeAnalysis scope = analyse_study(results, quick).scopes.at(0);
    friedman += scope.friedman->p <= 0.05;
    anova += scope.anova->p_huynh_feldt <= 0.05;
    const auto any = [&](double ConditionComparison::*p) {
      return std::ranges::any_of(scope.comparisons, [&](const ConditionComparison& c) { return c.*p <= 0.05; });
    };
    holm += any(&ConditionComparison::wilcoxon_adjusted);
    hochberg += any(&ConditionComparison::permutation_adjusted);
  }
  // One in twenty, with a standard error of 0.7 in a hundred.
  MESSAGE("rejected of ", studies, ": Friedman ", friedman, ", ANOVA ", anova, ", Wilcoxon with Holm ", holm,
          ", permutation with Hochberg ", hochberg);
  for (const int rejected : {friedman, anova, holm, hochberg}) CHECK(rejected <= 0.07 * studies);
  for (const int rejected : {friedman, anova}) CHECK(rejected >= 0.03 * studies);
}

TEST_CASE("a_known_effect_is_found_as_often_as_its_power_says_and_lies_in_its_interval") {
  // 5 grades between a and b; of an assessor's mean over 3 items the difference spreads by 10 sqrt(2 / 3) = 8.2, so
  // d = 0.61: a t test of 20 pairs finds it 73 times in 100, Wilcoxon's about as often.
  int found = 0, covered = 0, wrong_way = 0;
  constexpr int studies = 300;
  for (int s = 0; s < studies; ++s) {
    const auto results =
        simulate({.items = 3, .systems = {{"a", 60.0}, {"b", 55.0}}}, 5000 + static_cast<std::uint64_t>(s));
    const ConditionComparison c = analyse_study(results, quick).scopes.at(0).comparisons.at(0);
    found += c.wilcoxon_p <= 0.05;
    wrong_way += c.wilcoxon_p <= 0.05 && c.difference.mean < 0.0;
    covered += c.difference.low <= 5.0 && 5.0 <= c.difference.high;
  }
  MESSAGE("found ", found, ", covered ", covered, " of ", studies);
  CHECK(found >= 0.64 * studies);
  CHECK(found <= 0.80 * studies);
  CHECK(wrong_way == 0);
  CHECK(covered >= 0.89 * studies);
  CHECK(covered < studies);
}

TEST_CASE("post_screening_leaves_out_whom_the_standard_says_and_tells_why") {
  StudyResults results = simulate({.items = 10}, 1);
  CHECK(screen(results).assessors.empty());
  grade(results, "A103", ConditionRole::reference, 89.0, 2);  // 2 of 10 is more than 15 %
  grade(results, "A104", ConditionRole::reference, 89.0, 1);
  grade(results, "A105", ConditionRole::anchor70, 91.0, 2);
  grade(results, "A106", ConditionRole::anchor70, 91.0, 1);
  const Screening screening = screen(results);
  REQUIRE(screening.assessors.size() == 2);
  CHECK(screening.assessors[0].assessor == "A103");
  CHECK(screening.assessors[0].reason == "hidden reference under 90 on 2 of 10 items");
  CHECK(screening.assessors[1].assessor == "A105");
  CHECK(screening.assessors[1].reason == "mid anchor over 90 on 2 of 10 items");
  CHECK(screening.lenient_items.empty());

  // An item on which more than a quarter of the assessors cannot tell the anchor excludes nobody.
  for (StudyGrade& g : results.grades) {
    if (g.role == ConditionRole::anchor70 && g.trial == "item1" && g.assessor < "A106") g.score = 95.0;
  }
  const Screening lenient = screen(results);
  CHECK(lenient.lenient_items == std::vector<std::string>{"item1"});
  CHECK(lenient.assessors.size() == 1);  // A105's other is 1 of 9
}

TEST_CASE("exactly_15_percent_is_not_more_than_15_percent") {
  StudyResults results = simulate({.items = 20}, 1);
  grade(results, "A103", ConditionRole::reference, 50.0, 3);
  CHECK(screen(results).assessors.empty());
  grade(results, "A103", ConditionRole::reference, 50.0, 4);
  CHECK(screen(results).assessors.size() == 1);
}

TEST_CASE("training_never_counts") {
  const StudyResults results = simulate({}, 2);
  StudyResults trained = results;
  for (const StudyGrade& g : results.grades) {
    StudyGrade practice = g;
    practice.training = true;
    practice.score = 0.0;
    trained.grades.push_back(practice);
  }
  CHECK(to_json(analyse_study(trained, quick)) == to_json(analyse_study(results, quick)));
}

TEST_CASE("groups_and_items_are_analysed_apart") {
  const StudyAnalysis analysis = analyse_study(simulate({}, 3), quick);
  REQUIRE(analysis.scopes.size() == 3);
  CHECK(analysis.scopes[0].group.empty());
  CHECK(analysis.scopes[1].group == "even");
  CHECK(analysis.scopes[0].conditions.size() == 6);
  CHECK(analysis.scopes[0].compared == std::vector<std::string>{"a", "b", "c"});  // neither reference nor anchors
  CHECK(analysis.scopes[0].conditions[3].box.count == 120);
  CHECK(analysis.scopes[1].conditions[3].box.count == 60);
  CHECK(analysis.items.size() == 6);
  CHECK(analysis.standard);
}

TEST_CASE("who_did_not_grade_everything_is_counted_and_not_tested") {
  StudyResults results = simulate({}, 4);
  std::erase_if(results.grades, [](const StudyGrade& g) { return g.assessor == "A100" && g.condition == "b"; });
  const ScopeAnalysis scope = analyse_study(results, quick).scopes.at(0);
  CHECK(scope.assessors == 19);
  CHECK(scope.incomplete == 1);
}

TEST_CASE("listeners_are_told_apart_by_what_they_answered") {
  StudyResults results = simulate({}, 8);
  for (StudyGrade& g : results.grades) {
    if (g.condition == "a" && g.assessor < "A105") g.score = 10.0;
  }
  CHECK(analyse_study(results, quick).answers.empty());
  for (const StudyListener& l : results.listeners) {
    results.answers.push_back({l.assessor, "device", l.assessor < "A105" ? "loudspeakers" : "headphones"});
  }
  const auto answers = analyse_study(results, quick).answers;
  REQUIRE(answers.size() == 2);
  CHECK(answers[0].answer == "headphones");
  CHECK(answers[0].listeners == 15);
  CHECK(answers[1].listeners == 5);
  const auto a = std::ranges::find(answers[1].conditions, "a", &ConditionSummary::condition);
  CHECK(a->box.median == 10.0);
  CHECK(to_text(analyse_study(results, quick)).find("answered to 'device'") != std::string::npos);
}

TEST_CASE("preferences_and_abx_are_counted_by_pair_whatever_the_order_shown") {
  StudyResults results;
  results.name = "choices";
  for (int a = 0; a < 12; ++a) {
    const std::string assessor = "A" + std::to_string(10 + a);
    results.listeners.push_back({assessor, true, 1.0, ""});
    for (int i = 0; i < 4; ++i) {
      const bool swap = i % 2 == 1;
      StudyChoice choice{.assessor = assessor, .trial = "t", .first = swap ? "b" : "a", .second = swap ? "a" : "b"};
      choice.chosen = a < 10 ? "a" : a == 10 ? "b" : "";
      results.choices.push_back(choice);
      choice.kind = TrialKind::abx;
      choice.truth = i < 2 ? "a" : "b";
      choice.chosen = a % 2 == 0 ? choice.truth : "a";
      results.choices.push_back(choice);
    }
  }
  const StudyAnalysis analysis = analyse_study(results, quick);
  const PreferenceAnalysis& p = analysis.preferences.at(0);
  CHECK(p.first == "a");
  CHECK(p.wins == 40);
  CHECK(p.losses == 4);
  CHECK(p.ties == 4);
  CHECK(p.share.mean == doctest::Approx(42.0 / 48.0));
  CHECK(p.p == doctest::Approx(2.0 * 12.0 / 2048.0));  // ten assessors against one
  const AbxAnalysis& x = analysis.abx.at(0);
  CHECK(x.total == 48);
  CHECK(x.correct == 36);
  CHECK(x.p < 0.001);
}

TEST_CASE("a_reader_is_told_what_to_doubt") {
  const auto warned = [](const StudyResults& results, const std::string& text) {
    const auto analysis = analyse_study(results, quick);
    return std::ranges::any_of(analysis.warnings,
                               [&](const std::string& w) { return w.find(text) != std::string::npos; });
  };
  CHECK(!warned(simulate({}, 5), "too easy"));
  CHECK(warned(simulate({.systems = {{"a", 90.0}, {"b", 88.0}}}, 5), "too easy"));
  CHECK(warned(simulate({.assessors = 8}, 5), "8 listeners"));
  StudyResults style = simulate({}, 5);
  std::erase_if(style.grades, [](const StudyGrade& g) { return g.role == ConditionRole::anchor70; });
  CHECK(warned(style, "MUSHRA-style"));
  StudyResults split = simulate({}, 5);
  for (StudyGrade& g : split.grades) {
    if (g.condition == "a") g.score = g.assessor < "A110" ? 5.0 : 95.0;
  }
  CHECK(warned(split, "two peaks"));
}

TEST_CASE("reports_are_whole_and_name_what_was_found") {
  StudyResults results = simulate({.systems = {{"a<b>", 70.0}, {"plain", 50.0}}}, 6);
  grade(results, "A103", ConditionRole::reference, 10.0, 6);
  AnalysisOptions options = quick;
  options.power_simulations = 20;
  const StudyAnalysis analysis = analyse_study(results, options);
  const std::string text = to_text(analysis);
  CHECK(text.find("A103") != std::string::npos);
  CHECK(text.find("a<b> - plain") != std::string::npos);
  CHECK(text.find("Huynh-Feldt") != std::string::npos);
  const std::string html = to_html(analysis);
  CHECK(html.find("<b>") == std::string::npos);
  CHECK(html.find("<script") == std::string::npos);
  CHECK(html.find("http") == html.find("http://www.w3.org/2000/svg"));
  CHECK(html.find(">nan<") == std::string::npos);
  const auto json = nlohmann::json::parse(to_json(analysis));
  CHECK(json["scopes"][0]["comparisons"][0]["difference"]["mean"].get<double>() > 10.0);
  CHECK(json["screening"]["excluded"][0]["assessor"] == "A103");
  CHECK(json["scopes"][0]["comparisons"][0]["power"].size() == 6);
  CHECK(to_json(analyse_study(results, options)) == to_json(analysis));
}

TEST_CASE("who_has_the_table_of_grades_gets_the_same_numbers") {
  const TempFolder folder;
  StudyResults results = simulate({}, 9);
  results.grades[3].training = true;
  results.grades[4].comment = "loud, \"very\"\nloud";
  write_file(folder / "simulated.csv", grades_csv(results));
  CHECK(is_grades_csv(folder / "simulated.csv"));
  const StudyResults again = read_grades_csv(folder / "simulated.csv");
  CHECK(grades_csv(again) == grades_csv(results));
  const auto scopes = [](const StudyResults& r) {
    return nlohmann::json::parse(to_json(analyse_study(r, quick)))["scopes"];
  };
  CHECK(scopes(again) == scopes(results));
  write_file(folder / "bad.csv",
             "assessor,trial,group,kind,training,condition,role,score,seconds,comment\n"
             "A1,t,,mushra,0,a,sistem,50,1,\n");
  CHECK(thrown_by([&] {
          read_grades_csv(folder / "bad.csv");
        }).says("row 2: role 'sistem' is none of system, reference"));
}

TEST_CASE("nothing_to_analyse_is_an_error_that_says_why") {
  StudyResults empty;
  empty.name = "nobody";
  CHECK(thrown_by([&] { analyse_study(empty, {}); }).says("of 0 listeners"));
}
