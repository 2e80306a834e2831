#pragma once

#include <cstddef>

#include "soundalike/rows.hpp"

namespace soundalike {

/// How far a picture of examples can be believed.
struct ProjectionQuality {
  /// 1 where all that are near in the picture are near in truth, about 0.5 for a random one (Venna and Kaski 2001; the
  /// same number as sklearn.manifold.trustworthiness). Those that should not be near count by their rank in truth.
  double trustworthiness = 0.0;
  /// Share of an example's k nearest in truth that are among its k nearest in the picture.
  double neighbours_kept = 0.0;
};

struct QualityOptions {
  std::size_t k = 15;         ///< nearest that are looked at; less than half of the examples
  std::size_t sample = 2000;  ///< examples that are looked at among all, evenly spaced; all when there are no more
  std::size_t threads = 1;    ///< does not change the result
};

/// @param truth, picture the same examples. Equally near examples rank by their index.
/// @throws Error invalid_argument for other counts, a k that is too large, or values that are not finite.
ProjectionQuality projection_quality(Rows truth, Rows picture, const QualityOptions& options = {});

}  // namespace soundalike
