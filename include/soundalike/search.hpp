#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace soundalike {

/// A dimension of the box: a real in [0, 1], or one of `categories` values.
struct SearchDimension {
  std::size_t categories = 0;  ///< 0: continuous; else values (i + 0.5) / categories, searched as categories
};

struct SearchOptions {
  std::vector<SearchDimension> dimensions;
  std::vector<std::vector<double>> starts;  ///< points to try first, e.g. the default preset; each one per dimension
  std::uint64_t seed = 0;
  std::optional<std::size_t> population;  ///< absent: each method's own rule
  std::size_t budget = 400;               ///< evaluations in all; methods may plan restarts by it
};

/// A gradient-free minimiser in the box [0, 1]^n behind ask and tell.
///
///   auto search = make_search("cma-es", options);
///   while (!search->done()) {
///     auto points = search->ask();           // one population; evaluate in any order, in parallel
///     search->tell(costs_of(points));        // one cost per point; NaN or infinity counts as worst
///   }
///   search->best();
///
/// Same seed and same costs, same path. For one thread. Stop whenever you like: best() is what was told so far.
class Search {
 public:
  virtual ~Search() = default;
  /// The next points to evaluate, each one value in [0, 1] per dimension; never more than what is left of the budget.
  virtual std::vector<std::vector<double>> ask() = 0;
  /// Costs of the points of the last ask(), in its order. @throws Error invalid_argument for another count.
  virtual void tell(std::span<const double> costs) = 0;
  /// True when the budget is used up.
  virtual bool done() const = 0;
  struct Best {
    std::vector<double> point;
    double cost;
  };
  /// The best point told so far; cost +infinity before the first tell.
  virtual const Best& best() const = 0;
};

/// One row per method: "cma-es" (full covariance, restarts), "sep-cma-es" (diagonal, for many knobs), "random" (Sobol
/// or uniform points), and "auto".
struct SearchMethod {
  std::string_view name;
  std::string_view summary;
  std::unique_ptr<Search> (*make)(const SearchOptions&);
};
std::span<const SearchMethod> search_methods();

/// @throws Error invalid_argument naming the known methods.
std::unique_ptr<Search> make_search(std::string_view name, const SearchOptions& options);

}  // namespace soundalike
