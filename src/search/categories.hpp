#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "soundalike/rng.hpp"

namespace soundalike {

/// One probability per value of each categorical dimension, learnt from which values do well: cross entropy with a
/// learning rate (PBIL, Baluja 1994) and a floor, so that no value is ever given up (the margin of Hamano et al. 2024,
/// "CatCMA").
class CategoryModel {
 public:
  /// @param counts number of values per categorical dimension.
  explicit CategoryModel(const std::vector<std::size_t>& counts);

  std::vector<std::size_t> sample(Rng& rng) const;
  /// Moves the probabilities by `rate` towards the shares of the values in `chosen`, weighted.
  void learn(std::span<const std::vector<std::size_t>> chosen, std::span<const double> weights, double rate);

 private:
  std::vector<std::vector<double>> probabilities_;
};

}  // namespace soundalike
