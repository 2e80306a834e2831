#include "soundalike/mrstft_options.hpp"

namespace soundalike {

MrstftOptions MrstftOptions::auraloss() {
  return {.resolutions = {{1024, 120, 600}, {2048, 240, 1200}, {512, 50, 240}},
          .spectral_convergence = 1.0,
          .log_magnitude = 1.0};
}

MrstftOptions MrstftOptions::original() {
  MrstftOptions options{.resolutions = {}, .log_magnitude = 1.0, .linear_magnitude = 1.0};
  for (std::size_t n = 32; n <= 32768; n *= 4) options.resolutions.push_back({n, n / 2, n});
  return options;
}

MrstftOptions MrstftOptions::wide() {
  MrstftOptions options{.resolutions = {}, .spectral_convergence = 1.0, .log_magnitude = 1.0};
  for (std::size_t n = 128; n <= 8192; n *= 4) options.resolutions.push_back({n, n / 4, n});
  return options;
}

}  // namespace soundalike
