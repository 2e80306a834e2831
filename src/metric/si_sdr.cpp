#include <cmath>

#include "metric/rows.hpp"

namespace soundalike::metric {
namespace {

constexpr double tiny = 1e-8;  // auraloss's: identical signals give a large number and not infinity

double mean(std::span<const float> x) {
  double sum = 0.0;
  for (const float v : x) sum += double{v};
  return sum / static_cast<double>(x.size());
}

// Le Roux et al. 2019, "SDR - half-baked or well done?", equation 5.
double of_channel(std::span<const float> output, std::span<const float> target) {
  const double output_mean = mean(output), target_mean = mean(target);
  double product = 0.0, energy = 0.0;
  for (std::size_t i = 0; i < target.size(); ++i) {
    const double t = target[i] - target_mean;
    product += (output[i] - output_mean) * t;
    energy += t * t;
  }
  const double scale = product / (energy + tiny);
  double residual = 0.0;
  for (std::size_t i = 0; i < target.size(); ++i) {
    const double r = output[i] - output_mean - scale * (target[i] - target_mean);
    residual += r * r;
  }
  return 10.0 * std::log10(scale * scale * energy / (residual + tiny) + tiny);
}

}  // namespace

constexpr Metric si_sdr{.name = "si-sdr",
                        .unit = "dB",
                        .better = Direction::higher,
                        .summary = "scale-invariant signal-to-distortion ratio of the waveforms, mean over channels",
                        .source = "Le Roux et al. 2019; auraloss 0.4 SISDRLoss() with its sign turned",
                        .compute = [](const MetricAudio& output, const MetricAudio& target) {
                          const AudioView a = output.audio(), b = target.audio();
                          double sum = 0.0;
                          for (std::size_t c = 0; c < b.channels(); ++c) sum += of_channel(a.channel(c), b.channel(c));
                          return sum / static_cast<double>(b.channels());
                        }};

}  // namespace soundalike::metric
