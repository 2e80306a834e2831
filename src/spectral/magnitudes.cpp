#include "spectral/magnitudes.hpp"

#include <cmath>

#include "base/vectorised.hpp"

namespace soundalike {
namespace {

SOUNDALIKE_VECTORISED void write_magnitudes(const float* spectrum, float power_floor, float* out, std::size_t n) {
  for (std::size_t k = 0; k < n; ++k) {
    const float re = spectrum[2 * k];
    const float im = spectrum[2 * k + 1];
    const float power = re * re + im * im;
    out[k] = std::sqrt(power > power_floor ? power : power_floor);
  }
}

}  // namespace

void magnitudes(std::span<const std::complex<float>> spectrum, float power_floor, float* out) {
  write_magnitudes(reinterpret_cast<const float*>(spectrum.data()), power_floor, out, spectrum.size());
}

}  // namespace soundalike
