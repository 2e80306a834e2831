#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "search/search_base.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace {

// A covariance of n knobs has n (n + 1) / 2 entries to learn, from half of the evaluations at best.
std::unique_ptr<Search> make_auto(const SearchOptions& options) {
  const std::size_t n = options.dimensions.size();
  return n * (n + 1) / 2 <= options.budget / 2 ? make_cma_es(options) : make_sep_cma_es(options);
}

// Few enough points to try them all.
bool is_enumerable(const SearchOptions& options) {
  const auto is_continuous = [](const SearchDimension& dimension) { return dimension.categories == 0; };
  return std::ranges::none_of(options.dimensions, is_continuous) &&
         count_points(options.dimensions, options.budget + 1) <= options.budget;
}

constexpr std::array methods{
    SearchMethod{"auto", "cma-es or sep-cma-es, by the number of knobs and the budget", make_auto},
    SearchMethod{"cma-es", "evolution strategy that learns how knobs interact; restarts", make_cma_es},
    SearchMethod{"sep-cma-es", "evolution strategy without interactions, for many knobs", make_sep_cma_es},
    SearchMethod{"random", "evenly spread random points", make_random_search},
};

}  // namespace

std::span<const SearchMethod> search_methods() { return methods; }

std::unique_ptr<Search> make_search(std::string_view name, const SearchOptions& options) {
  const auto method = std::ranges::find(methods, name, &SearchMethod::name);
  if (method == methods.end()) {
    std::vector<std::string_view> names;
    for (const SearchMethod& row : methods) names.push_back(row.name);
    throw Error(ErrorCode::invalid_argument,
                fmt::format("unknown search method '{}'; known: {}", name, fmt::join(names, ", ")));
  }
  return is_enumerable(options) ? make_exhaustive_search(options) : method->make(options);
}

}  // namespace soundalike
