#pragma once

#include <limits>
#include <vector>

#include "soundalike/search.hpp"

namespace soundalike {

/// What every method shares: the ask-tell protocol, the budget, the best point, and costs that are no numbers. A method
/// fills in propose() and learn().
class SearchBase : public Search {
 public:
  explicit SearchBase(SearchOptions options);

  std::vector<std::vector<double>> ask() final;
  void tell(std::span<const double> costs) final;
  bool done() const final { return told_ >= budget_; }
  const Best& best() const final { return best_; }

 protected:
  /// The next points, at least one; those beyond the budget are dropped and never learnt from.
  virtual std::vector<std::vector<double>> propose() = 0;
  /// Costs of what propose() gave last; +infinity for NaN and infinities.
  virtual void learn(const std::vector<std::vector<double>>& points, const std::vector<double>& costs) = 0;

  const SearchOptions& options() const { return options_; }
  std::size_t left() const { return budget_ - told_; }

 private:
  SearchOptions options_;
  std::size_t budget_;
  std::size_t told_ = 0;
  std::vector<std::vector<double>> asked_;
  bool truncated_ = false;
  Best best_{{}, std::numeric_limits<double>::infinity()};
};

/// The category a value in [0, 1] stands for, and back.
std::size_t category_of(double value, std::size_t categories);
double value_of(std::size_t category, std::size_t categories);

/// Number of different points of a space without continuous dimensions, at most `limit`; `limit` when there are any.
std::size_t count_points(std::span<const SearchDimension> dimensions, std::size_t limit);

std::unique_ptr<Search> make_random_search(const SearchOptions& options);
std::unique_ptr<Search> make_exhaustive_search(const SearchOptions& options);
std::unique_ptr<Search> make_cma_es(const SearchOptions& options);
std::unique_ptr<Search> make_sep_cma_es(const SearchOptions& options);

}  // namespace soundalike
