#include "search/design.hpp"

#include <algorithm>
#include <numeric>

#include "search/search_base.hpp"

namespace soundalike {

Design::Design(std::vector<SearchDimension> dimensions, std::uint64_t seed)
    : dimensions_(std::move(dimensions)), undealt_(dimensions_.size()), rng_(Rng::derive(seed, 0xde51)) {
  const auto continuous = static_cast<std::size_t>(std::ranges::count(dimensions_, 0u, &SearchDimension::categories));
  if (continuous <= SobolSequence::largest) sobol_.emplace(continuous, seed);
}

std::vector<double> Design::next() {
  const std::vector<double> even = sobol_ ? sobol_->next() : std::vector<double>{};
  auto continuous = even.begin();
  std::vector<double> point;
  for (std::size_t i = 0; i < dimensions_.size(); ++i) {
    const std::size_t categories = dimensions_[i].categories;
    if (categories > 0) {
      point.push_back(value_of(deal(i), categories));
    } else {
      point.push_back(sobol_ ? *continuous++ : rng_.uniform());
    }
  }
  return point;
}

std::size_t Design::deal(std::size_t dimension) {
  auto& undealt = undealt_[dimension];
  if (undealt.empty()) {
    undealt.resize(dimensions_[dimension].categories);
    std::iota(undealt.begin(), undealt.end(), std::size_t{0});
  }
  std::swap(undealt[rng_.below(undealt.size())], undealt.back());
  const std::size_t value = undealt.back();
  undealt.pop_back();
  return value;
}

}  // namespace soundalike
