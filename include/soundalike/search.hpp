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
  std::optional<std::size_t> population;  ///< absent: each method's own rule; at least 2
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
  /// The next points to evaluate, each one value in [0, 1] per dimension; never more than what is left of the budget,
  /// so none when done. @throws Error invalid_argument when the points of the last ask() were not told.
  virtual std::vector<std::vector<double>> ask() = 0;
  /// Costs of the points of the last ask(), in its order. @throws Error invalid_argument for another count.
  virtual void tell(std::span<const double> costs) = 0;
  /// True when the budget is used up, or every point was tried.
  virtual bool done() const = 0;
  struct Best {
    std::vector<double> point;
    double cost;
  };
  /// The best point told so far; cost +infinity before the first tell.
  virtual const Best& best() const = 0;
};

/// One row per method: "cma-es" (full covariance with quadratic models, restarts), "sep-cma-es" (the same, diagonal,
/// for many knobs), "random" (Sobol' points up to 64 dimensions, else uniform), and "auto": cma-es while the n (n + 1)
/// / 2 entries of its covariance are at most half the budget (19 knobs for 400 evaluations), else sep-cma-es.
///
/// Any method tries every point, once, of a space of categories alone that is no larger than the budget, and then is
/// done. After the starts it tries every value of a categorical dimension that has no more of them than half the
/// budget. A space without dimensions has one point, the empty one.
struct SearchMethod {
  std::string_view name;
  std::string_view summary;
  std::unique_ptr<Search> (*make)(const SearchOptions&);
};
std::span<const SearchMethod> search_methods();

/// @throws Error invalid_argument for an unknown method, naming the known ones; a budget of 0; a start that has another
/// number of values than there are dimensions, or values outside [0, 1].
std::unique_ptr<Search> make_search(std::string_view name, const SearchOptions& options);

}  // namespace soundalike
