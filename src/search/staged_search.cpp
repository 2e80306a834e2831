#include "search/staged_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace soundalike {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

std::vector<std::size_t> ranked(const std::vector<double>& costs) {
  std::vector<std::size_t> order(costs.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return costs[i]; });
  return order;
}

// Hansen's 4 + 3 ln n, to the nearest multiple of 4 (cores), at least 8: two are taken by the models.
std::size_t default_population(std::size_t dimensions) {
  const double wanted = 4.0 + 3.0 * std::log(static_cast<double>(dimensions));
  return std::max<std::size_t>(8, 4 * static_cast<std::size_t>(std::lround(wanted / 4.0)));
}

// Of the design. Measured from 0 to 30 % of 400 evaluations: 5 to 10 % are best, 20 % cost 0.04 in log10. A small
// budget still tries every value of a choice.
std::size_t design_points(const SearchOptions& options) {
  std::size_t most_values = 0;
  for (const SearchDimension& d : options.dimensions) most_values = std::max(most_values, d.categories);
  return std::max({std::size_t{1}, options.budget / 10, std::min(most_values, options.budget / 2)});
}

// Shares of the best: falling with the logarithm of the rank, sum 1.
std::vector<double> rank_weights(std::size_t count) {
  std::vector<double> weights(count);
  double sum = 0.0;
  for (std::size_t i = 0; i < count; ++i) {
    sum += weights[i] = std::log(static_cast<double>(count) + 0.5) - std::log(static_cast<double>(i) + 1.0);
  }
  for (double& w : weights) w /= sum;
  return weights;
}

}  // namespace

StagedSearch::StagedSearch(const SearchOptions& all, Shape shape)
    : SearchBase(all),
      shape_(shape),
      population_(options().population.value_or(default_population(options().dimensions.size()))),
      exploration_(options().starts.size() + design_points(options())),
      design_(options().dimensions, options().seed),
      rng_(Rng::derive(options().seed, 0xc3a)) {
  const auto& dimensions = options().dimensions;
  for (std::size_t i = 0; i < dimensions.size(); ++i) {
    (dimensions[i].categories == 0 ? continuous_ : categorical_).push_back(i);
  }
}

std::vector<std::vector<double>> StagedSearch::propose() {
  if (told_.size() < exploration_) return explore();
  if (!run_) start_run();
  std::vector<std::vector<double>> points;
  for (const auto& x : run_->sample(rng_)) {
    points.push_back(joined(x, categories_ ? categories_->sample(rng_) : std::vector<std::size_t>{}));
  }
  ask_models(points);
  return points;
}

std::vector<std::vector<double>> StagedSearch::explore() {
  const std::size_t batch = options().population.value_or(32);
  std::vector<std::vector<double>> points;
  for (std::size_t i = told_.size(); i < exploration_ && points.size() < batch; ++i) {
    points.push_back(i < options().starts.size() ? options().starts[i] : design_.next());
  }
  return points;
}

void StagedSearch::start_run() {
  std::vector<Explored> explored(told_.begin(), told_.begin() + static_cast<std::ptrdiff_t>(exploration_));
  std::ranges::stable_sort(explored, {}, &Explored::cost);
  const std::size_t runs = run_starts_.size();
  Eigen::VectorXd mean = continuous_part(explored.front().point);
  double sigma = 0.2;
  std::size_t population = population_;
  if (runs % 2 == 1) {
    mean = continuous_part(best().point);
    sigma = 0.05;
  } else if (runs > 0) {
    const std::size_t doublings = std::min<std::size_t>(runs / 2, 16);
    population = std::max(population_, std::min(population_ << doublings, left() / 10));
    const double apart = 0.25 * std::sqrt(static_cast<double>(continuous_.size()));
    const auto fresh = std::ranges::find_if(explored, [&](const Explored& e) {
      const Eigen::VectorXd x = continuous_part(e.point);
      return std::ranges::all_of(run_starts_, [&](const auto& start) { return (start - x).norm() > apart; });
    });
    mean = continuous_part(fresh != explored.end() ? fresh->point : design_.next());
  }
  run_starts_.push_back(mean);
  run_ = std::make_unique<Evolution>(mean, sigma, population, shape_.covariance(mean.size()));
  if (!categorical_.empty()) start_categories(explored);
  stalled_ = 0;
  run_best_ = infinity;
}

// Half by the best tenth of the exploration, then a little more by the very best.
void StagedSearch::start_categories(const std::vector<Explored>& best_first) {
  std::vector<std::size_t> counts;
  for (const std::size_t d : categorical_) counts.push_back(options().dimensions[d].categories);
  categories_.emplace(counts);
  const std::size_t top = std::max<std::size_t>(1, best_first.size() / 10);
  std::vector<std::vector<std::size_t>> chosen;
  for (std::size_t i = 0; i < top; ++i) chosen.push_back(categorical_part(best_first[i].point));
  categories_->learn(chosen, std::vector<double>(top, 1.0 / static_cast<double>(top)), 0.5);
  categories_->learn(std::span(chosen).first(1), std::vector<double>{1.0}, 0.3);
}

// One model close by and one that smooths over twice as many points; both at the best categories.
void StagedSearch::ask_models(std::vector<std::vector<double>>& points) {
  modelled_ = 0;
  if (continuous_.empty()) return;
  const auto values = categorical_part(best().point);
  std::vector<Told> alike;
  for (const Explored& t : told_) {
    if (t.cost < infinity && categorical_part(t.point) == values) alike.push_back({continuous_part(t.point), t.cost});
  }
  // Beyond 16 dimensions a fit with interactions takes longer than the renders it saves.
  const bool interactions = shape_.interactions && continuous_.size() <= 16;
  for (const double reach : {1.0, 2.0}) {
    if (4 * (modelled_ + 1) > points.size()) break;  // most of a population is the strategy's own
    const auto x = model_minimum(*run_, alike, reach, interactions);
    if (!x) continue;
    const std::size_t i = points.size() - ++modelled_;
    run_->inject(i, *x);
    points[i] = joined(*x, values);
  }
}

void StagedSearch::learn(const std::vector<std::vector<double>>& points, const std::vector<double>& costs) {
  for (std::size_t i = 0; i < points.size(); ++i) told_.push_back({points[i], costs[i]});
  if (!run_) return;
  const auto ranking = ranked(costs);
  const double lowest = costs[ranking.front()];
  if (lowest < infinity) {
    run_->learn(ranking);
    if (categories_) learn_categories(ranking, points);
  }
  if (run_is_over(lowest)) run_.reset();
}

void StagedSearch::learn_categories(const std::vector<std::size_t>& ranking,
                                    const std::vector<std::vector<double>>& points) {
  std::vector<std::vector<std::size_t>> chosen;  // of points whose categories were drawn, not given by a model
  for (const std::size_t i : ranking) {
    if (i + modelled_ < points.size()) chosen.push_back(categorical_part(points[i]));
  }
  chosen.resize(std::max<std::size_t>(1, chosen.size() / 2));
  categories_->learn(chosen, rank_weights(chosen.size()), 0.3);
}

bool StagedSearch::run_is_over(double best_cost) {
  if (!(run_->spread() >= 1e-5) || run_->ill_conditioned()) return true;  // no plugin hears a smaller step
  if (best_cost < run_best_ - 1e-4 * std::abs(best_cost)) {
    run_best_ = best_cost;
    stalled_ = 0;
  } else {
    ++stalled_;
  }
  return stalled_ > 5 + 30 * continuous_.size() / run_->population();
}

std::vector<double> StagedSearch::joined(const Eigen::VectorXd& x, const std::vector<std::size_t>& values) const {
  std::vector<double> point(options().dimensions.size());
  for (std::size_t i = 0; i < continuous_.size(); ++i) point[continuous_[i]] = x[static_cast<Eigen::Index>(i)];
  for (std::size_t i = 0; i < categorical_.size(); ++i) {
    point[categorical_[i]] = value_of(values[i], options().dimensions[categorical_[i]].categories);
  }
  return point;
}

Eigen::VectorXd StagedSearch::continuous_part(const std::vector<double>& point) const {
  // A space of categories alone has one idle dimension, so that a run always has one.
  Eigen::VectorXd x =
      Eigen::VectorXd::Constant(std::max<Eigen::Index>(1, static_cast<Eigen::Index>(continuous_.size())), 0.5);
  for (std::size_t i = 0; i < continuous_.size(); ++i) x[static_cast<Eigen::Index>(i)] = point[continuous_[i]];
  return x;
}

std::vector<std::size_t> StagedSearch::categorical_part(const std::vector<double>& point) const {
  std::vector<std::size_t> values;
  for (const std::size_t d : categorical_) values.push_back(category_of(point[d], options().dimensions[d].categories));
  return values;
}

}  // namespace soundalike
