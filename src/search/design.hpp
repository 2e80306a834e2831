#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "search/sobol.hpp"
#include "soundalike/rng.hpp"
#include "soundalike/search.hpp"

namespace soundalike {

/// Points spread evenly over a space: Sobol' up to its largest number of dimensions, uniform beyond. Categories take
/// equal slices of their axis, so all are tried equally often.
class Design {
 public:
  Design(std::vector<SearchDimension> dimensions, std::uint64_t seed);
  std::vector<double> next();

 private:
  std::vector<SearchDimension> dimensions_;
  std::optional<SobolSequence> sobol_;
  Rng rng_;
};

}  // namespace soundalike
