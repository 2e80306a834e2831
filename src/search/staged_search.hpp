#pragma once

#include <optional>

#include "search/categories.hpp"
#include "search/design.hpp"
#include "search/evolution.hpp"
#include "search/quadratic_model.hpp"
#include "search/search_base.hpp"

namespace soundalike {

/// An evolution strategy with what it needs around it.
///
///   1. The starts, then an even design of a tenth of the budget, more where a choice has more values.
///   2. A run from the best of these; two points of each population come from quadratic models of what was told.
///   3. While the budget lasts, runs by turns from the best point with small steps, and, with a population that
///      doubles, from the best design point far from earlier runs.
///
/// Categories are drawn beside the continuous dimensions from a CategoryModel of their own.
class StagedSearch final : public SearchBase {
 public:
  struct Shape {
    std::unique_ptr<Covariance> (*covariance)(Eigen::Index dimensions);
    bool interactions;  ///< in the quadratic models
  };
  StagedSearch(const SearchOptions& options, Shape shape);

 protected:
  std::vector<std::vector<double>> propose() override;
  void learn(const std::vector<std::vector<double>>& points, const std::vector<double>& costs) override;

 private:
  struct Explored {
    std::vector<double> point;
    double cost;
  };

  std::vector<std::vector<double>> explore();
  void start_run();
  void start_categories(const std::vector<Explored>& best_first);
  void ask_models(std::vector<std::vector<double>>& points);
  void learn_categories(const std::vector<std::size_t>& ranking, const std::vector<std::vector<double>>& points);
  bool run_is_over(double best_cost);
  std::vector<double> joined(const Eigen::VectorXd& continuous, const std::vector<std::size_t>& values) const;
  Eigen::VectorXd continuous_part(const std::vector<double>& point) const;
  std::vector<std::size_t> categorical_part(const std::vector<double>& point) const;

  Shape shape_;
  std::vector<std::size_t> continuous_;   // which dimensions
  std::vector<std::size_t> categorical_;  // which dimensions
  std::size_t population_;
  std::size_t exploration_;  // starts and design
  Design design_;
  Rng rng_;
  std::vector<Explored> told_;  // exploration first
  std::vector<Eigen::VectorXd> run_starts_;
  std::unique_ptr<Evolution> run_;
  std::optional<CategoryModel> categories_;
  std::size_t modelled_ = 0;  // points of the last population that came from models, at its end
  double run_best_ = 0.0;
  std::size_t stalled_ = 0;  // populations without progress
};

}  // namespace soundalike
