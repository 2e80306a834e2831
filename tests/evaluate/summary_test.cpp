#include "soundalike/evaluation_summary.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <string>

#include "soundalike/evaluation_report.hpp"

using namespace soundalike;

namespace {

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// Cases with these names, pairs of one recording each, and a system's number by what `score` says; negative: none.
Evaluation made_up(const std::vector<std::string>& names, const std::vector<std::string>& systems, std::size_t pairs,
                   const std::function<double(std::size_t item, std::size_t pair, const std::string& system)>& score) {
  Evaluation evaluation;
  evaluation.systems = systems;
  evaluation.metrics = {"mrstft"};
  evaluation.cases.resize(names.size());
  for (std::size_t item = 0; item < names.size(); ++item) {
    evaluation.cases[item].name = names[item];
    evaluation.cases[item].effect.resize(1);
    evaluation.cases[item].maker.resize(1);
    for (std::size_t pair = 0; pair < pairs; ++pair) {
      PairRecord& record = evaluation.records.emplace_back();
      record.item = item;
      record.pair = pair;
      record.group = std::to_string(pair);
      for (const auto& system : systems) {
        const double value = score(item, pair, system);
        if (value < 0.0) continue;
        SystemRecord& entry = record.systems.emplace_back();
        entry.system = system;
        entry.matched = entry.raw = {MetricValue::of(value)};
      }
    }
  }
  return evaluation;
}

}  // namespace

TEST_CASE("comparisons_are_paired_so_that_the_spread_over_content_cancels") {
  const Evaluation evaluation =
      made_up({"Drive"}, {"dry", "soundalike", "oracle"}, 8, [](std::size_t, std::size_t pair, const std::string& s) {
        return static_cast<double>(pair) + (s == "dry" ? 2.0 : s == "soundalike" ? 1.25 : 1.0);
      });
  const CaseSummary summary = summarise(evaluation).front();
  CHECK(summary.pairs == 8);
  const Comparison* gain = summary.find("dry", "soundalike");
  REQUIRE(gain != nullptr);
  CHECK(gain->gain.mean == doctest::Approx(0.75));
  CHECK(gain->gain.low == doctest::Approx(0.75));
  CHECK(gain->effect_size == doctest::Approx(1.0));
  CHECK(gain->p == doctest::Approx(2.0 / 256.0));  // the smallest that eight pairs can give
  CHECK(gain->corrected >= 2.0 * gain->p);
  CHECK(*summary.gap_closed == doctest::Approx(0.75));
}

TEST_CASE("pairs_of_one_group_count_once") {
  Evaluation evaluation =
      made_up({"Drive"}, {"dry", "soundalike"}, 12, [](std::size_t, std::size_t pair, const std::string& s) {
        return s == "dry" ? 1.0 + 0.1 * static_cast<double>(pair % 3) : 1.0;
      });
  for (auto& record : evaluation.records) record.group = record.pair < 6 ? "a" : "b";
  const CaseSummary summary = summarise(evaluation).front();
  REQUIRE(summary.find("dry", "soundalike") != nullptr);
  CHECK(summary.find("dry", "soundalike")->groups == 2);
  CHECK(summary.find("dry", "soundalike")->p == doctest::Approx(0.5));
}

TEST_CASE("failures_are_counted_and_left_out_of_means_and_comparisons") {
  Evaluation evaluation =
      made_up({"Drive"}, {"dry", "soundalike"}, 4,
              [](std::size_t, std::size_t, const std::string& s) { return s == "dry" ? 2.0 : 1.0; });
  evaluation.records[1].systems[1].failure = "crashed";
  evaluation.records[2].systems[1].matched[0] = MetricValue::failed("silent");
  evaluation.records[3].skipped = "silent";
  evaluation.records[3].systems.clear();
  const CaseSummary summary = summarise(evaluation).front();
  CHECK(summary.pairs == 3);
  CHECK(summary.skipped == 1);
  CHECK(summary.find("soundalike")->scored == 1);
  CHECK(summary.find("soundalike")->failed == 1);
  CHECK(summary.find("soundalike")->unmeasurable == 1);
  CHECK(summary.find("soundalike")->mean->mean == doctest::Approx(1.0));
  CHECK(summary.find("dry", "soundalike")->groups == 1);
}

TEST_CASE("of_a_metric_where_higher_is_better_a_gain_is_upwards") {
  Evaluation evaluation =
      made_up({"Drive"}, {"dry", "soundalike"}, 3,
              [](std::size_t, std::size_t, const std::string& s) { return s == "dry" ? 2.0 : 3.0; });
  evaluation.metrics = {"si-sdr"};
  const auto gain = [&](const std::string& metric) {
    const auto summaries = summarise(evaluation, {metric});
    return summaries.front().find("dry", "soundalike")->gain.mean;
  };
  CHECK(gain("si-sdr") == doctest::Approx(1.0));
  evaluation.metrics = {"mrstft"};
  CHECK(gain("mrstft") == doctest::Approx(-1.0));
}

TEST_CASE("no_gap_is_claimed_closed_where_the_oracle_is_no_nearer_than_doing_nothing") {
  const Evaluation evaluation = made_up({"Chorus", "Drive"}, {"dry", "soundalike", "oracle"}, 4,
                                        [](std::size_t item, std::size_t, const std::string& s) {
                                          if (s == "dry") return 1.0;
                                          if (s == "oracle") return item == 0 ? 1.25 : 0.0;
                                          return item == 0 ? 1.5 : 0.5;
                                        });
  const auto summaries = summarise(evaluation);
  REQUIRE(summaries.size() == 3);
  CHECK(summaries[2].name == "all");
  CHECK(!summaries[0].gap_closed);
  CHECK(*summaries[1].gap_closed == doctest::Approx(0.5));
  const std::string table = to_markdown(evaluation);
  CHECK(holds(table, "-0.500 [-0.500, -0.500] | - | 0 |"));
  CHECK(holds(table, "Gap closed: 50 % of the summed gap, 50 % in the mean over the rows that have one."));
  CHECK(!holds(table, "| all |"));
}

TEST_CASE("predictions_are_compared_where_there_are_some_and_tables_hold_only_what_was_run") {
  const Evaluation evaluation = made_up({"Learnt", "Unlearnt"}, {"dry", "preset", "predict"}, 5,
                                        [](std::size_t item, std::size_t pair, const std::string& s) {
                                          if (s == "predict" && item == 1) return -1.0;
                                          return static_cast<double>(pair) + (s == "predict" ? 1.5 : 2.0);
                                        });
  const std::string table = to_markdown(evaluation);
  CHECK(holds(table, "| effect | predict over dry | predict over preset |\n"));
  CHECK(holds(table, "| Learnt | +0.500 [+0.500, +0.500] | +0.500 [+0.500, +0.500] |\n"));
  CHECK(!holds(table, "| Unlearnt | +"));
  CHECK(!holds(table, "oracle"));
  CHECK(!holds(table, "ap closed"));
}

TEST_CASE("the_interval_of_a_correlation_draws_recordings_whole") {
  // Forty pairs of three recordings: within each the knob is found the wrong way round, between them it follows.
  Evaluation evaluation = made_up({"Drive"}, {"predict"}, 40, [](auto&&...) { return 1.0; });
  evaluation.cases[0].knobs = {"tone"};
  for (auto& record : evaluation.records) {
    const auto group = static_cast<float>(record.pair % 3);
    const auto within = static_cast<float>(record.pair - record.pair % 3) / 3.0f - 6.5f;
    record.group = std::to_string(record.pair % 3);
    record.truth = {0.2f * group + 0.004f * within};
    record.systems[0].knobs = {0.2f * group - 0.004f * within};
  }
  const Interval whole = recoveries(evaluation, 0).at(0).correlation;
  CHECK(whole.mean > 0.9);
  CHECK(whole.low < -0.9);  // a draw of one recording three times
  for (auto& record : evaluation.records) record.group = std::to_string(record.pair);
  const Interval alone = recoveries(evaluation, 0).at(0).correlation;
  CHECK(alone.mean == doctest::Approx(whole.mean));
  CHECK(alone.low > 0.9);
}

TEST_CASE("recovery_measures_errors_and_correlation_of_each_knob") {
  Evaluation evaluation = made_up({"Drive"}, {"predict", "soundalike"}, 11, [](auto&&...) { return 1.0; });
  evaluation.cases[0].knobs = {"tone", "drive"};
  for (auto& record : evaluation.records) {
    const float truth = static_cast<float>(record.pair) / 10.0f;
    record.truth = {truth, truth};
    record.systems[0].knobs = {truth, 0.5f + 0.5f * (truth - 0.5f)};
    record.systems[1].knobs = {0.5f, 1.0f - truth};
  }
  const auto found = recoveries(evaluation, 0);
  REQUIRE(found.size() == 4);
  CHECK(found[0].knob == "tone");
  CHECK(found[0].system == "predict");
  CHECK(found[0].error.mean == doctest::Approx(0.0));
  CHECK(found[0].correlation.mean == doctest::Approx(1.0));
  CHECK(found[1].error.mean == doctest::Approx(found[1].middle_error));
  CHECK(found[1].correlation.mean == doctest::Approx(0.0));  // a constant tells nothing
  CHECK(found[1].correlation.high == doctest::Approx(0.0));
  CHECK(found[2].error.mean == doctest::Approx(0.5 * found[2].middle_error));
  CHECK(found[3].correlation.mean == doctest::Approx(-1.0));
  CHECK(found[3].correlation.high == doctest::Approx(-1.0));
  const std::string table = knobs_to_markdown(evaluation);
  CHECK(holds(table, "| Drive | drive | 0.273 | 0.136 ["));
  CHECK(holds(table, "What predict finds: 2 of 2 knobs follow the truth"));
  CHECK(holds(table, "What soundalike finds: 0 of 2 knobs follow the truth"));
}
