#pragma once

#include <span>
#include <vector>

namespace soundalike {

/// Adjusted p-values of several tests, in the order given: reject those not above alpha, and the chance that any
/// rejection is wrong is at most alpha.
///
///   for (const double p : holm(std::array{0.01, 0.04, 0.03})) ...   // 0.03, 0.06, 0.06
///
/// Holm (1979) holds always; Hochberg (1988) rejects a little more and needs tests that do not hang together
/// negatively. BS.1534-3 names Hochberg's.
/// @throws Error invalid_argument for p outside [0, 1].
std::vector<double> holm(std::span<const double> p);
std::vector<double> hochberg(std::span<const double> p);

}  // namespace soundalike
