#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "soundalike/rows.hpp"

namespace soundalike {

/// Principal components: the directions in which examples vary most (Hotelling 1933).
///
///   const Pca pca = fit_pca({.values = embeddings, .width = 64}, 2);
///   std::vector<float> plane = pca.project({.values = embeddings, .width = 64});   // [examples x 2]
///
/// Const methods, safe from many threads.
struct Pca {
  std::vector<float> mean;       ///< [width]
  std::vector<float> axes;       ///< [components x width], orthonormal, in falling order of variance
  std::vector<double> variance;  ///< [components], of the sample (n - 1)
  double total_variance = 0.0;   ///< of all directions

  std::size_t width() const { return mean.size(); }
  std::size_t components() const { return variance.size(); }
  /// @return [rows x components]. @throws Error invalid_argument for another width.
  std::vector<float> project(Rows rows) const;
};

/// The entry of an axis that is largest in size is positive, so that the same examples always give the same picture.
/// @param components at most the width; those beyond what the examples span have variance 0.
/// @throws Error invalid_argument for fewer than two examples, too many components, or values that are not finite.
Pca fit_pca(Rows examples, std::size_t components);

}  // namespace soundalike
