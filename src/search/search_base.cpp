#include "search/search_base.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "soundalike/error.hpp"

namespace soundalike {
namespace {

// Starts as given, except that categories become the middle of their slice.
std::vector<std::vector<double>> checked_starts(const SearchOptions& options) {
  std::vector<std::vector<double>> starts = options.starts;
  for (auto& start : starts) {
    if (start.size() != options.dimensions.size()) {
      throw Error(ErrorCode::invalid_argument, fmt::format("cannot start a search of {} dimensions from a point of {}",
                                                           options.dimensions.size(), start.size()));
    }
    for (std::size_t i = 0; i < start.size(); ++i) {
      if (!(start[i] >= 0.0 && start[i] <= 1.0)) {
        throw Error(ErrorCode::invalid_argument,
                    fmt::format("cannot start a search from {} in dimension {}; values lie in [0, 1]", start[i], i));
      }
      const std::size_t categories = options.dimensions[i].categories;
      if (categories > 0) start[i] = value_of(category_of(start[i], categories), categories);
    }
  }
  return starts;
}

}  // namespace

SearchBase::SearchBase(SearchOptions options)
    : options_(std::move(options)), budget_(count_points(options_.dimensions, options_.budget)) {
  if (options_.budget == 0) throw Error(ErrorCode::invalid_argument, "cannot search with a budget of 0 evaluations");
  if (options_.population && *options_.population < 2) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot search with a population of {}; 2 or more work", *options_.population));
  }
  options_.starts = checked_starts(options_);
}

std::vector<std::vector<double>> SearchBase::ask() {
  if (!asked_.empty()) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot ask again: {} points still wait for their costs; tell them first", asked_.size()));
  }
  if (done()) return {};
  asked_ = propose();
  truncated_ = asked_.size() > left();
  if (truncated_) asked_.resize(left());
  return asked_;
}

void SearchBase::tell(std::span<const double> costs) {
  if (costs.size() != asked_.size()) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot tell {} costs: {} points were asked for", costs.size(), asked_.size()));
  }
  std::vector<double> finite(costs.begin(), costs.end());
  for (double& cost : finite) {
    if (!std::isfinite(cost)) cost = std::numeric_limits<double>::infinity();
  }
  const auto points = std::exchange(asked_, {});
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (best_.point.empty() || finite[i] < best_.cost) best_ = Best{points[i], finite[i]};
  }
  told_ += points.size();
  if (!truncated_ && !done()) learn(points, finite);
}

std::size_t category_of(double value, std::size_t categories) {
  return std::min(categories - 1, static_cast<std::size_t>(value * static_cast<double>(categories)));
}

double value_of(std::size_t category, std::size_t categories) {
  return (static_cast<double>(category) + 0.5) / static_cast<double>(categories);
}

std::size_t count_points(std::span<const SearchDimension> dimensions, std::size_t limit) {
  std::size_t count = 1;
  for (const SearchDimension& dimension : dimensions) {
    if (dimension.categories == 0 || dimension.categories > limit / count) return limit;
    count *= dimension.categories;
  }
  return std::min(count, limit);
}

}  // namespace soundalike
