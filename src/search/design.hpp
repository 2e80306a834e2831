#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "search/sobol.hpp"
#include "soundalike/rng.hpp"
#include "soundalike/search.hpp"

namespace soundalike {

/// Points spread evenly over a space. Continuous dimensions: Sobol' up to its largest number of them, uniform beyond.
/// Categories are dealt like cards: any first k points hold each of k values once, then they are shuffled again.
class Design {
 public:
  Design(std::vector<SearchDimension> dimensions, std::uint64_t seed);
  std::vector<double> next();

 private:
  std::size_t deal(std::size_t dimension);

  std::vector<SearchDimension> dimensions_;
  std::optional<SobolSequence> sobol_;             // of the continuous dimensions
  std::vector<std::vector<std::size_t>> undealt_;  // [dimension] values of this round that are still to come
  Rng rng_;
};

}  // namespace soundalike
