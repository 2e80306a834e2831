#include <cmath>

#include "metric/rows.hpp"

namespace soundalike::metric {
namespace {

/// RMS of left - right over the sum of the RMS of left - right and of left + right: 0 mono, 1/2 unrelated channels of
/// one level or one channel alone, 1 channels of opposite sign.
struct StereoWidth {
  explicit StereoWidth(AudioView audio) {
    const auto left = audio.channel(0), right = audio.channel(1);
    double mid = 0.0, side = 0.0;
    for (std::size_t i = 0; i < audio.frames(); ++i) {
      const double sum = double{left[i]} + double{right[i]}, difference = double{left[i]} - double{right[i]};
      mid += sum * sum;
      side += difference * difference;
    }
    value = std::sqrt(side) / (std::sqrt(mid) + std::sqrt(side));
  }
  double value;
};

}  // namespace

constexpr Metric stereo_width_error{
    .name = "stereo-width-error",
    .summary = "absolute difference of the widths: RMS of left - right over that plus the RMS of left + right, 0 to 1",
    .source = "mid and side as in Blumlein 1931; the ratio is ours",
    .needs = {.channels = 2},
    .compute = [](const MetricAudio& output, const MetricAudio& target) {
      return std::abs(output.feature<StereoWidth>().value - target.feature<StereoWidth>().value);
    }};

}  // namespace soundalike::metric
