#pragma once

#include <complex>
#include <cstddef>
#include <span>

namespace soundalike {

/// out[k] = sqrt(max(|spectrum[k]|^2, power_floor)); `out` holds as many as `spectrum`.
void magnitudes(std::span<const std::complex<float>> spectrum, float power_floor, float* out);

}  // namespace soundalike
