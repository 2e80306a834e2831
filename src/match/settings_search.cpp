#include "match/settings_search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/cpu_time.hpp"

namespace soundalike {
namespace {

using Clock = std::chrono::steady_clock;

// Both chosen on ten recordings of the validation split and the nine effects of `evaluate match`, 400 renders: shares
// of 0.5 and 0.75 closed 60 and 57 % of the summed gap, temperatures of 0.2, 0.3 and 0.5 closed 61, 60 and 52 %; at 0.2
// two effects fell behind doing nothing.
constexpr double spread_share = 0.5;  // of the budget, all over the box before the search
constexpr double decision_temperature = 0.3;

// What a prediction of one knob weighs in a decision. Chosen on the validation split among 5, 25 and 100, for
// references of the same effect, of another implementation and of another recording: the mean MRSTFT of the three after
// 50 renders was 1.015, 0.983 and 0.979, after 400 renders 1.008, 0.999 and 1.001.
constexpr double renders_of_a_prediction = 25.0;

// A render must be nearer than the dry input by this share to be worth more than doing nothing: what is less is
// rounding, which a mere change of level gives too.
constexpr double least_gain = 1e-3;

// Renders that the decision is made among, at most: the nearest. A sketch of 10 s takes 19 KB.
constexpr std::size_t most_candidates = 2000;

}  // namespace

SettingsSearch::SettingsSearch(BatchRenderer& renderer, BatchRenderer::ClipId clip, AudioView input,
                               const Target& target, const SettingsSpace& space, const Proposal* proposal,
                               const MatchOptions& options, Clock::time_point begin)
    : renderer_(renderer),
      clip_(clip),
      input_(input),
      target_(target),
      space_(space),
      proposal_(proposal),
      options_(options),
      begin_(begin),
      sketcher_(input.sample_rate()),
      nearest_(space.base()),
      nearest_cost_(std::numeric_limits<double>::infinity()) {
  if (proposal_ != nullptr) predicted_ = space_.expand(proposal_->center());
}

SettingsSearch::Settings SettingsSearch::settings_at(std::span<const double> point) const {
  return proposal_ != nullptr ? space_.expand(proposal_->spread_out(point)) : space_.expand(point);
}

std::vector<double> SettingsSearch::point_at(const Settings& settings) const {
  const auto point = space_.point_of(settings);
  return proposal_ != nullptr ? proposal_->even_out(point) : point;
}

SearchOptions SettingsSearch::search_options() const {
  SearchOptions result;
  // A proposal gives each category its share of the axis.
  for (const auto& knob : space_.free()) result.dimensions.push_back({proposal_ != nullptr ? 0 : knob.categories});
  if (proposal_ != nullptr) {
    result.starts.push_back(proposal_->even_out(proposal_->center()));
    const auto likeliest = proposal_->likeliest();
    if (likeliest != proposal_->center()) result.starts.push_back(proposal_->even_out(likeliest));
  } else if (options_.start != Start::random) {
    result.starts.push_back(space_.point_of(space_.base()));
  }
  result.seed = options_.seed;
  result.budget = options_.budget;
  return result;
}

void SettingsSearch::search_all_over(Match& match, const Progress& progress) {
  SearchOptions search_options = this->search_options();
  if (options_.decision == Decision::consensus) {
    search_options.budget = static_cast<std::size_t>(std::ceil(spread_share * static_cast<double>(options_.budget)));
    const auto design = make_search("random", search_options);
    seek(*design, match, progress);
    search_options.starts.insert(search_options.starts.begin(), design->best().point);
    search_options.budget = options_.budget - search_options.budget;
  }
  if (search_options.budget > 0 && !halt_.stop_requested()) {
    const auto search = make_search(options_.search, search_options);
    seek(*search, match, progress);
  }
}

void SettingsSearch::run(Match& match, const Progress& progress, const std::stop_token& stop) {
  const std::stop_callback forward(stop, [&] { halt_.request_stop(); });
  if (space_.free().empty() || !options_.refine) {
    evaluate({proposal_ != nullptr ? predicted_ : space_.base()});
  } else {
    search_all_over(match, progress);
  }
  match.stopped = stop.stop_requested() || match.stopped;
  match.renders = renders_;
  match.failed_renders = failed_;
  match.first_failure = first_failure_;
  match.settings = match.nearest_settings = nearest_;
  match.predicted_distance = predicted_cost_;
  match.distance_after = match.nearest_distance = nearest_cost_;
  match.kept_dry = nearest_cost_ >= match.distance_before * (1.0 - least_gain);
  if (options_.decision == Decision::consensus && std::isfinite(nearest_cost_) && !match.kept_dry && options_.refine) {
    decide(match);
  }
}

void SettingsSearch::seek(Search& search, Match& match, const Progress& progress) {
  while (!search.done() && !halt_.stop_requested()) {
    auto start = Clock::now();
    std::vector<Settings> settings;
    for (const auto& point : search.ask()) settings.push_back(settings_at(point));
    match.profile.search_seconds += seconds_since(start);
    const auto costs = evaluate(settings);
    start = Clock::now();
    if (!halt_.stop_requested()) search.tell(costs);
    match.profile.search_seconds += seconds_since(start);
    if (!search.done() && out_of_time()) {
      match.stopped = true;
      halt_.request_stop();
    }
    if (progress) {
      progress({"matching", std::min(renders_, options_.budget), options_.budget,
                std::isfinite(nearest_cost_) ? fmt::format("distance {:.3f}", nearest_cost_) : ""});
    }
  }
}

std::vector<double> SettingsSearch::evaluate(const std::vector<Settings>& settings) {
  std::vector<BatchRenderer::Job> jobs;
  jobs.reserve(settings.size());
  for (const auto& s : settings) jobs.push_back({clip_, s});
  std::vector<double> costs(settings.size(), std::numeric_limits<double>::infinity());
  std::vector<RenderSketcher::Sketch> sketches(settings.size());
  renderer_.render(
      jobs,
      [&](std::size_t job, const RenderOutcome& outcome, AudioView audio) {
        const double start = thread_cpu_seconds();
        if (outcome.status == RenderStatus::ok) {
          costs[job] = target_.distance(target_.describe(audio));
          if (options_.decision == Decision::consensus) sketches[job] = sketcher_.sketch(audio);
        }
        const double spent = thread_cpu_seconds() - start;
        const std::scoped_lock lock(mutex_);
        plugin_seconds_ += outcome.plugin_seconds;
        describe_seconds_ += spent;
        if (outcome.status == RenderStatus::cancelled) return;
        ++renders_;
        if (outcome.status != RenderStatus::ok) {
          ++failed_;
          if (first_failure_.empty()) first_failure_ = outcome.message;
        }
        if (outcome.status == RenderStatus::timed_out) ++timed_out_;
        const bool any_success = renders_ > failed_;
        if (any_success ? out_of_time() : timed_out_ >= renderer_.workers()) halt_.request_stop();
      },
      halt_.get_token());
  for (std::size_t i = 0; i < costs.size(); ++i) {
    if (std::isfinite(costs[i])) keep(settings[i], costs[i], std::move(sketches[i]));
  }
  return costs;
}

void SettingsSearch::keep(const Settings& settings, double cost, RenderSketcher::Sketch sketch) {
  if (cost < nearest_cost_) {
    nearest_cost_ = cost;
    nearest_ = settings;
    if (options_.on_nearer) options_.on_nearer(renders_, settings, cost);
  }
  if (settings == predicted_) predicted_cost_ = cost;
  if (options_.decision != Decision::consensus) return;
  std::size_t place = settings_.size();
  if (place == most_candidates) {
    place = static_cast<std::size_t>(std::ranges::max_element(costs_) - costs_.begin());
    if (costs_[place] <= cost) return;
  } else {
    settings_.emplace_back();
    costs_.emplace_back();
    sketches_.emplace_back();
  }
  settings_[place] = settings;
  costs_[place] = cost;
  sketches_[place] = std::move(sketch);
}

void SettingsSearch::decide(Match& match) const {
  auto costs = costs_;
  auto sketches = sketches_;
  std::vector<std::vector<double>> points;
  for (const auto& settings : settings_) points.push_back(point_at(settings));
  auto crowding = crowding_of(points);
  costs.push_back(match.distance_before);
  sketches.push_back(sketcher_.sketch(input_));
  crowding.push_back(1.0);
  const auto predicted = std::ranges::find(settings_, predicted_);
  if (proposal_ != nullptr && proposal_->center_is_mean() && predicted != settings_.end()) {
    // A controller is finished to be least wrong on average, from thousands of renders; the fewer of this input there
    // are for each knob, the less they may overrule it. So it counts as one more render, as likely as the nearest.
    costs.push_back(nearest_cost_);
    sketches.push_back(sketches[static_cast<std::size_t>(predicted - settings_.begin())]);
    crowding.push_back(static_cast<double>(options_.budget) /
                       (renders_of_a_prediction * static_cast<double>(space_.free().size())));
  }
  const std::size_t choice = least_expected_difference(costs, sketches, decision_temperature, crowding);
  match.kept_dry = choice == settings_.size();
  if (match.kept_dry) return;
  match.settings = settings_[choice];
  match.distance_after = costs_[choice];
}

}  // namespace soundalike
