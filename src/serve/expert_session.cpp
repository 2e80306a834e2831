#include "serve/expert_session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "soundalike/error.hpp"
#include "soundalike/rng.hpp"
#include "soundalike/sha256.hpp"

namespace soundalike::serve {
namespace {

constexpr double extreme_share = 0.05;  // of the points, at each end of a column, that A and B are drawn from

constexpr std::array<std::string_view, 6> usual_prompts{"much brighter", "a little darker",   "rougher",
                                                        "smoother",      "a stronger effect", "nearly no effect"};
constexpr std::array<std::string_view, 6> questions{"Sounds that lie together on the map sound alike.",
                                                    "Moving over the map changed the sound as I expected.",
                                                    "I could find the sounds that I was looking for.",
                                                    "The map let me find sounds faster than turning knobs would.",
                                                    "The map showed me sounds that I would not have found otherwise.",
                                                    "I would use such a map in my own work."};

struct Scored {
  std::string_view type;
  std::size_t (*asked)(const ExpertPlan&);
};
constexpr Scored scored[] = {
    {"score_midpoint", [](const ExpertPlan& plan) { return plan.midpoints.size(); }},
    {"score_prompt", [](const ExpertPlan& plan) { return plan.prompts.size(); }},
    {"score_question", [](const ExpertPlan& plan) { return plan.questions.size(); }},
};
constexpr std::string_view noted[] = {"play", "attempt", "pointer", "begin", "leave", "volume", "environment"};

std::string blind_id(const std::string& session, std::size_t trial, char which) {
  return sha256_hex(fmt::format("{}/{}/{}", session, trial, which)).substr(0, 16);
}

std::size_t nearest(std::span<const float> places, double x, double y) {
  std::size_t best = 0;
  double least = HUGE_VAL;
  for (std::size_t i = 0; 2 * i + 1 < places.size(); ++i) {
    const double away = std::hypot(places[2 * i] - x, places[2 * i + 1] - y);
    if (away < least) {
      least = away;
      best = i;
    }
  }
  return best;
}

// Points by a column's value, lowest first.
std::vector<std::size_t> ranked(const std::vector<float>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return values[i]; });
  return order;
}

std::vector<std::string> features_of(const LatentMap& map) {
  std::vector<std::string> names;
  for (const MapColumn& column : map.columns()) {
    if (column.kind == ColumnKind::feature) names.push_back(column.name);
  }
  for (const MapColumn& column : map.columns()) {
    if (names.empty() && column.kind == ColumnKind::knob) names.push_back(column.name);
  }
  return names;
}

template <class T>
void shuffle(std::vector<T>& values, Rng& rng) {
  for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[rng.below(i)]);
}

}  // namespace

ExpertPlan draw_plan(const LatentMap& map, const std::string& map_id, const std::string& session,
                     const ExpertOptions& options) {
  ExpertPlan plan{.session = session, .map = map_id, .projection = options.projection, .seed = options.seed};
  const auto places = map.projection(options.projection);
  const std::size_t points = map.points();
  Rng rng(options.seed);
  std::vector<std::string> columns = features_of(map);
  if (columns.empty()) throw Error(ErrorCode::unsupported, "this map has no column to draw trials from");
  shuffle(columns, rng);
  const auto extreme = std::max<std::size_t>(1, static_cast<std::size_t>(extreme_share * static_cast<double>(points)));
  const auto controls =
      static_cast<std::size_t>(std::lround(options.control_share * static_cast<double>(options.midpoints)));
  std::vector<char> control(options.midpoints, 0);
  std::fill_n(control.begin(), std::min(controls, control.size()), 1);
  shuffle(control, rng);
  for (std::size_t i = 0; i < options.midpoints; ++i) {
    const auto order = ranked(map.column(columns[i % columns.size()]));
    ExpertPlan::Midpoint trial{.a = order[rng.below(extreme)], .b = order[points - 1 - rng.below(extreme)]};
    const auto drawn = rng.below(points);  // drawn in any case: the other trials do not depend on which are controls
    const auto middle = nearest(places, (places[2 * trial.a] + places[2 * trial.b]) / 2.0,
                                (places[2 * trial.a + 1] + places[2 * trial.b + 1]) / 2.0);
    trial.control = control[i] != 0;
    trial.c = trial.control ? drawn : middle;
    trial.heard_a = blind_id(session, i, 'a');
    trial.heard_b = blind_id(session, i, 'b');
    trial.heard_c = blind_id(session, i, 'c');
    plan.midpoints.push_back(std::move(trial));
  }
  std::vector<std::string> prompts = options.prompts;
  if (prompts.empty()) prompts.assign(usual_prompts.begin(), usual_prompts.end());
  for (const std::string& text : prompts) plan.prompts.push_back({text, rng.below(points)});
  plan.questions.assign(questions.begin(), questions.end());
  return plan;
}

Json to_json(const ExpertPlan& plan) {
  Json midpoints = Json::array(), prompts = Json::array();
  for (const auto& one : plan.midpoints) {
    midpoints.push_back({{"a", one.a},
                         {"b", one.b},
                         {"c", one.c},
                         {"control", one.control},
                         {"heard", {one.heard_a, one.heard_b, one.heard_c}}});
  }
  for (const auto& one : plan.prompts) prompts.push_back({{"text", one.text}, {"start", one.start}});
  return {{"session", plan.session}, {"map", plan.map},    {"projection", plan.projection}, {"seed", plan.seed},
          {"midpoints", midpoints},  {"prompts", prompts}, {"questions", plan.questions}};
}

ExpertPlan parse_plan(const Json& json) {
  try {
    ExpertPlan plan{.session = json.at("session"),
                    .map = json.at("map"),
                    .projection = json.at("projection"),
                    .seed = json.at("seed"),
                    .questions = json.at("questions").get<std::vector<std::string>>()};
    for (const Json& one : json.at("midpoints")) {
      const auto heard = one.at("heard").get<std::vector<std::string>>();
      plan.midpoints.push_back(
          {one.at("a"), one.at("b"), one.at("c"), one.at("control"), heard.at(0), heard.at(1), heard.at(2)});
    }
    for (const Json& one : json.at("prompts")) plan.prompts.push_back({one.at("text"), one.at("start")});
    return plan;
  } catch (const std::exception& problem) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot read a session of the expert test: {}", problem.what()));
  }
}

bool ExpertSession::knows(std::uint64_t client_seq) const {
  return std::ranges::count(events_, client_seq, &Event::client_seq) > 0;
}

void ExpertSession::check(const Event& event) const {
  if (std::ranges::count(noted, event.type) > 0) return;
  const auto* kind = std::ranges::find(scored, event.type, &Scored::type);
  if (kind == std::end(scored)) {
    throw Error(ErrorCode::invalid_argument, fmt::format("the expert test knows no event '{}'", event.type));
  }
  const Fields fields(event.body);
  fields.whole("number", 1, std::max<std::size_t>(1, kind->asked(plan_)), 0);
  fields.whole("score", 1, 10, 0);
  fields.text("comment", "");
  if (!fields.has("number") || !fields.has("score")) {
    throw Error(ErrorCode::invalid_argument, fmt::format("'{}' needs a number and a score", event.type));
  }
  if (event.type == "score_prompt") {
    fields.whole("attempts", 0, 1000000, 0);
    fields.number("x", -1e9, 1e9);
    fields.number("y", -1e9, 1e9);
  }
}

void ExpertSession::add(Event event) { events_.push_back(std::move(event)); }

const ExpertSession::Event* ExpertSession::score(std::string_view type, std::size_t number) const {
  for (const Event& event : events_) {
    if (event.type == type && event.body.value("number", std::size_t{0}) == number) return &event;
  }
  return nullptr;
}

std::size_t ExpertSession::asked(std::string_view type) const {
  return std::ranges::find(scored, type, &Scored::type)->asked(plan_);
}

std::size_t ExpertSession::answered(std::string_view type) const {
  std::size_t count = 0;
  for (std::size_t number = 1; number <= asked(type); ++number) count += score(type, number) != nullptr ? 1 : 0;
  return count;
}

std::optional<std::size_t> ExpertSession::heard(std::string_view id) const {
  for (const auto& one : plan_.midpoints) {
    if (id == one.heard_a) return one.a;
    if (id == one.heard_b) return one.b;
    if (id == one.heard_c) return one.c;
  }
  return {};
}

Json ExpertSession::state(const LatentMap& map, const std::string& effect) const {
  const auto places = map.projection(plan_.projection);
  const auto spot = [&](std::size_t point) { return Json{{"x", places[2 * point]}, {"y", places[2 * point + 1]}}; };
  Json midpoints = Json::array(), prompts = Json::array(), asked = Json::array();
  for (const auto& one : plan_.midpoints) {
    Json a = spot(one.a), b = spot(one.b);
    a["stimulus"] = one.heard_a;
    b["stimulus"] = one.heard_b;
    midpoints.push_back({{"number", midpoints.size() + 1}, {"a", a}, {"b", b}, {"c", {{"stimulus", one.heard_c}}}});
  }
  for (const auto& one : plan_.prompts) {
    prompts.push_back({{"number", prompts.size() + 1}, {"text", one.text}, {"start", spot(one.start)}});
  }
  for (const std::string& text : plan_.questions) asked.push_back({{"number", asked.size() + 1}, {"text", text}});
  const std::size_t midpoint = answered("score_midpoint");
  const std::size_t prompt = answered("score_prompt");
  const std::size_t question = answered("score_question");
  const std::string_view part = midpoint < plan_.midpoints.size()   ? "midpoint"
                                : prompt < plan_.prompts.size()     ? "prompt"
                                : question < plan_.questions.size() ? "question"
                                                                    : "finished";
  return {{"session", plan_.session},
          {"map", plan_.map},
          {"effect", effect},
          {"projection", plan_.projection},
          {"part", part},
          {"midpoints", std::move(midpoints)},
          {"prompts", std::move(prompts)},
          {"questions", std::move(asked)},
          {"answered", {{"midpoint", midpoint}, {"prompt", prompt}, {"question", question}}},
          {"finished", part == "finished"}};
}

}  // namespace soundalike::serve
