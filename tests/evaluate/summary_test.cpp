#include <doctest/doctest.h>

#include <vector>

#include "soundalike/error.hpp"
#include "soundalike/evaluation.hpp"

using namespace soundalike;

namespace {

Score score_of(System system, std::size_t pair, double mrstft) {
  Score score;
  score.pair = pair;
  score.system = system;
  score.mrstft = mrstft;
  return score;
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("predictions_are_compared_pair_by_pair_where_there_are_some") {
  Evaluation evaluation;
  evaluation.cases.resize(2);
  evaluation.cases[0].effect.info.name = evaluation.cases[0].maker.info.name = "Learnt";
  evaluation.cases[1].effect.info.name = evaluation.cases[1].maker.info.name = "Unlearnt";
  for (std::size_t pair = 0; pair < 5; ++pair) {
    const double content = static_cast<double>(pair);  // a hard pair is hard for all systems
    for (const System system : systems) {
      const double cost = system == System::predict ? 1.5 : system == System::refined ? 1.25 : 2.0;
      evaluation.scores.push_back(score_of(system, pair, content + cost));
      if (system == System::predict || system == System::refined) continue;
      evaluation.scores.push_back(score_of(system, pair, content + 2.0));
      evaluation.scores.back().item = 1;
    }
  }
  const auto summaries = evaluation.summaries();
  REQUIRE(summaries.size() == 2);
  REQUIRE(summaries[0].advantages.size() == 7);
  for (const Advantage& advantage : summaries[0].advantages) {
    const double expected = advantage.of == System::predict ? 0.5 : advantage.over == System::predict ? 0.25 : 0.75;
    CHECK(advantage.gain.mean == doctest::Approx(expected));
    CHECK(advantage.gain.low == doctest::Approx(expected));  // paired: the spread over content cancels
  }
  CHECK(summaries[1].advantages.empty());
  CHECK(!summaries[1].mrstft[static_cast<std::size_t>(System::predict)]);
  CHECK(summaries[1].mrstft[static_cast<std::size_t>(System::dry)]);

  const std::string table = to_markdown(evaluation);
  CHECK(holds(table, "predict over dry"));
  CHECK(holds(table, "| Learnt | +0.500 [+0.500, +0.500]"));
  evaluation.cases.erase(evaluation.cases.begin());
  std::erase_if(evaluation.scores, [](Score& s) { return s.item-- == 0; });
  CHECK(!holds(to_markdown(evaluation), "predict"));
}

TEST_CASE("recovery_measures_errors_and_correlation_of_each_knob") {
  Evaluation evaluation;
  evaluation.cases.resize(1);
  evaluation.cases[0].effect.parameters = {{.id = "tone"}, {.id = "drive"}, {.id = "fixed"}};
  for (std::size_t pair = 0; pair < 11; ++pair) {
    const double truth = static_cast<double>(pair) / 10.0;
    evaluation.knobs.push_back({0, pair, "drive", truth, 0.5 + 0.5 * (truth - 0.5), 1.0 - truth});
    evaluation.knobs.push_back({0, pair, "tone", truth, truth, 0.5});
  }
  const auto recoveries = evaluation.recoveries(0);
  REQUIRE(recoveries.size() == 2);
  CHECK(recoveries[0].parameter == "tone");
  CHECK(recoveries[0].predicted_error.mean == doctest::Approx(0.0));
  CHECK(recoveries[0].predicted_correlation == doctest::Approx(1.0));
  CHECK(recoveries[0].matched_error.mean == doctest::Approx(recoveries[0].middle_error));
  CHECK(recoveries[0].matched_correlation == doctest::Approx(0.0));  // a constant tells nothing
  CHECK(recoveries[1].predicted_error.mean == doctest::Approx(0.5 * recoveries[1].middle_error));
  CHECK(recoveries[1].predicted_correlation == doctest::Approx(1.0));
  CHECK(recoveries[1].matched_correlation == doctest::Approx(-1.0));
  CHECK(holds(knobs_to_markdown(evaluation), "| drive | 0.273 | 0.136 ["));
}

TEST_CASE("summary_pairs_dry_with_soundalike_and_measures_the_gap_to_the_oracle") {
  Evaluation evaluation;
  evaluation.cases.resize(1);
  for (std::size_t pair = 0; pair < 4; ++pair) {
    const double content = static_cast<double>(pair);  // a hard pair is hard for all systems
    for (const System system : systems) {
      const double cost = system == System::dry ? 2.0 : system == System::soundalike ? 1.25 : 1.0;
      Score score;
      score.pair = pair;
      score.system = system;
      score.mrstft = content + cost;
      evaluation.scores.push_back(score);
    }
  }
  const auto summary = evaluation.summaries().front();
  CHECK(summary.pairs == 4);
  CHECK(summary.gain->mean == doctest::Approx(0.75));
  CHECK(summary.gain->low == doctest::Approx(0.75));  // paired: the spread over content cancels
  CHECK(*summary.gap_closed == doctest::Approx(0.75));
}

TEST_CASE("no_gap_is_claimed_closed_where_the_oracle_is_no_nearer_than_doing_nothing") {
  Evaluation evaluation;
  evaluation.cases.resize(2);
  evaluation.cases[0].effect.info.name = evaluation.cases[0].maker.info.name = "Chorus";
  evaluation.cases[1].effect.info.name = evaluation.cases[1].maker.info.name = "Drive";
  for (std::size_t item = 0; item < 2; ++item) {
    for (std::size_t pair = 0; pair < 4; ++pair) {
      evaluation.scores.push_back(score_of(System::dry, pair, 1.0));
      evaluation.scores.push_back(score_of(System::soundalike, pair, item == 0 ? 1.5 : 0.5));
      evaluation.scores.push_back(score_of(System::oracle, pair, item == 0 ? 1.25 : 0.0));
      for (int i = 1; i <= 3; ++i) evaluation.scores.end()[-i].item = item;
    }
  }
  const auto summaries = evaluation.summaries();
  CHECK(!summaries[0].gap_closed);
  CHECK(summaries[0].gain->mean == doctest::Approx(-0.5));
  CHECK(*summaries[1].gap_closed == doctest::Approx(0.5));
  const std::string table = to_markdown(evaluation);
  CHECK(holds(table, "-0.500 [-0.500, -0.500] | - | 0 |"));
  CHECK(holds(table, "Gap closed: 50 % of the summed gap, 50 % in the mean over the rows that have one."));
}

TEST_CASE("tables_hold_only_the_systems_that_were_run") {
  Evaluation evaluation;
  evaluation.cases.resize(1);
  evaluation.cases[0].effect.info.name = evaluation.cases[0].maker.info.name = "Drive";
  for (std::size_t pair = 0; pair < 3; ++pair) evaluation.scores.push_back(score_of(System::preset, pair, 1.0));
  const std::string table = to_markdown(evaluation);
  CHECK(holds(table, "| Drive | the same | 3 | 1.000 |\n"));
  CHECK(!holds(table, "oracle"));
  CHECK(!holds(table, "ap closed"));
}

TEST_CASE("a_system_nobody_knows_is_refused_with_the_nearest") {
  CHECK(parse_system("oracle") == System::oracle);
  CHECK_THROWS_WITH_AS(parse_system("presets"), doctest::Contains("did you mean 'preset'?"), Error);
}
