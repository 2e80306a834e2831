#include "study/plan.hpp"

#include <doctest/doctest.h>

#include <map>
#include <set>

#include "soundalike/study_stimuli.hpp"
#include "study/example_study.hpp"

using namespace soundalike;

TEST_CASE("a_williams_square_has_everything_at_every_place_and_after_everything_else_equally_often") {
  for (const std::size_t n : {2, 3, 4, 5, 6, 9, 12}) {
    const std::size_t rows = n % 2 == 0 ? n : 2 * n;
    std::map<std::pair<std::size_t, std::size_t>, int> places, follows;
    for (std::size_t row = 0; row < rows; ++row) {
      const auto order = williams_row(n, row);
      CHECK(std::set(order.begin(), order.end()).size() == n);
      for (std::size_t i = 0; i < n; ++i) {
        ++places[{i, order[i]}];
        if (i > 0) ++follows[{order[i - 1], order[i]}];
      }
    }
    CHECK(places.size() == n * n);
    CHECK(follows.size() == n * (n - 1));
    for (const auto& [where, count] : places) CHECK(count == static_cast<int>(rows / n));
    for (const auto& [where, count] : follows) CHECK(count == static_cast<int>(rows / n));
  }
}

TEST_CASE("the_same_session_is_planned_the_same_and_others_otherwise") {
  const StudyDefinition study = example::definition();
  CHECK(to_json(plan_session(study, 3, "secret")) == to_json(plan_session(study, 3, "secret")));
  std::set<std::string> orders;
  for (std::size_t session = 0; session < 20; ++session) {
    std::string order;
    const SessionPlan plan = plan_session(study, session, "secret");
    for (const PlannedTrial& t : plan.trials) {
      order += t.id;
      for (const PlannedSignal& s : t.signals) order += "," + s.condition;
    }
    orders.insert(order);
    CHECK(plan.trials.size() == 7);  // abx is asked three times
    CHECK(plan.trials[0].training);
  }
  CHECK(orders.size() == 20);
}

TEST_CASE("blind_ids_are_unique_and_depend_on_the_secret_alone") {
  const StudyDefinition study = example::definition();
  std::set<std::string> ids;
  std::size_t count = 0;
  for (const char* secret : {"one", "two"}) {
    for (const PlannedTrial& t : plan_session(study, 0, secret).trials) {
      for (const auto* list : {&t.reference, &t.signals, &t.x}) {
        for (const PlannedSignal& s : *list) {
          ids.insert(s.blind_id);
          ++count;
          CHECK(s.blind_id.size() == 24);
        }
      }
    }
  }
  CHECK(ids.size() == count);
}

TEST_CASE("x_is_either_of_the_two_about_equally_often") {
  const StudyDefinition study = example::definition();
  int first = 0, pages = 0;
  for (std::size_t session = 0; session < 100; ++session) {
    for (const PlannedTrial& t : plan_session(study, session, "secret").trials) {
      if (t.kind != TrialKind::abx) continue;
      ++pages;
      first += t.x[0].condition == t.signals[0].condition;
    }
  }
  CHECK(pages == 300);
  CHECK(first > 110);
  CHECK(first < 190);
}

TEST_CASE("a_plan_reads_back_equal") {
  const std::string text = to_json(plan_session(example::definition(), 0, "secret"));
  CHECK(to_json(parse_plan(text)) == text);
}

TEST_CASE("in_a_study_of_several_kinds_each_page_asks_what_its_kind_can_answer") {
  StudyDefinition study = example::definition();
  const auto prompts = [&] {
    std::map<TrialKind, std::string> result;
    for (const PlannedTrial& page : plan_session(study, 0, "secret").trials) result[page.kind] = page.prompt;
    return result;
  };
  CHECK(prompts()[TrialKind::mushra] == study.prompt);
  CHECK(prompts()[TrialKind::abx] == default_study(TrialKind::abx).prompt);
  CHECK(prompts()[TrialKind::paired] == default_study(TrialKind::paired).prompt);
  CHECK(prompts()[TrialKind::likert] == "Natural?");
  study.trials[2].reference.clear();
  CHECK(prompts()[TrialKind::paired] == "Which of the two do you prefer?");
  std::erase_if(study.trials, [](const StudyTrial& trial) { return trial.kind != TrialKind::abx; });
  CHECK(prompts()[TrialKind::abx] == study.prompt);
}
