#include "search/design.hpp"

#include "search/search_base.hpp"

namespace soundalike {

Design::Design(std::vector<SearchDimension> dimensions, std::uint64_t seed)
    : dimensions_(std::move(dimensions)), rng_(Rng::derive(seed, 0xde51)) {
  if (dimensions_.size() <= SobolSequence::largest) sobol_.emplace(dimensions_.size(), seed);
}

std::vector<double> Design::next() {
  std::vector<double> point;
  if (sobol_) {
    point = sobol_->next();
  } else {
    for (std::size_t i = 0; i < dimensions_.size(); ++i) point.push_back(rng_.uniform());
  }
  for (std::size_t i = 0; i < point.size(); ++i) {
    const std::size_t categories = dimensions_[i].categories;
    if (categories > 0) point[i] = value_of(category_of(point[i], categories), categories);
  }
  return point;
}

}  // namespace soundalike
