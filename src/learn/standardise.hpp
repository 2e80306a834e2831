#pragma once

#include <vector>

#include "soundalike/rows.hpp"

namespace soundalike::learn {

/// Mean 0 and deviation 1 for each number over the examples that it was fitted on; what does not vary becomes 0.
struct Scale {
  std::vector<float> mean, factor;  ///< [width]
  std::vector<float> standardised(Rows rows) const;
};
Scale fit_scale(Rows examples);

}  // namespace soundalike::learn
