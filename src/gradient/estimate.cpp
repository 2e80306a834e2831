#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "soundalike/error.hpp"
#include "soundalike/gradient.hpp"

namespace soundalike {

Gradients estimate_gradients(const GradientEstimator& estimator, std::span<const GradientExample> batch,
                             std::uint64_t step, const GradientCosts& costs) {
  const std::size_t knobs = estimator.knobs().size();
  const std::vector<GradientProbe> probes = estimator.probes(batch, step);
  std::vector<double> found(probes.size(), std::numeric_limits<double>::quiet_NaN());
  if (!probes.empty()) costs(probes, found);

  std::vector<double> sums(batch.size() * knobs);
  for (std::size_t p = 0; p < probes.size(); ++p) {
    double* sum = sums.data() + probes[p].example * knobs;
    // Weight 0 times NaN is NaN: a failed probe spoils all knobs of its example, as it should.
    for (std::size_t k = 0; k < knobs; ++k) sum[k] += static_cast<double>(probes[p].weights[k]) * found[p];
  }
  Gradients gradients{knobs, {sums.begin(), sums.end()}, {}};
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const auto gradient = std::span(gradients.values).subspan(i * knobs, knobs);
    if (std::ranges::all_of(gradient, [](float value) { return std::isfinite(value); })) continue;
    gradients.failed.push_back(i);
    std::ranges::fill(gradient, 0.0f);
  }
  return gradients;
}

double project(std::span<const float> upstream, std::span<const float> output) {
  if (upstream.size() != output.size()) {
    throw Error(ErrorCode::invalid_argument, fmt::format("cannot project an output of {} samples on a gradient of {}",
                                                         output.size(), upstream.size()));
  }
  constexpr std::size_t width = 8;
  std::array<double, width> lanes{};
  std::size_t i = 0;
  for (; i + width <= output.size(); i += width) {
    for (std::size_t k = 0; k < width; ++k) {
      lanes[k] += static_cast<double>(upstream[i + k]) * static_cast<double>(output[i + k]);
    }
  }
  for (std::size_t k = 0; i < output.size(); ++i, ++k) {
    lanes[k] += static_cast<double>(upstream[i]) * static_cast<double>(output[i]);
  }
  double sum = 0.0;
  for (const double lane : lanes) sum += lane;
  return sum;
}

}  // namespace soundalike
