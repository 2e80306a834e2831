#include "metric/rows.hpp"

namespace soundalike::metric {
namespace {

constexpr double tiny = 1e-8;  // auraloss's

// Energy of the error over energy of the target, both after y[n] = x[n] - emphasis x[n - 1], the sample before the
// first being 0; mean over channels.
double compare(const MetricAudio& output, const MetricAudio& target, double emphasis) {
  const AudioView a = output.audio(), b = target.audio();
  double sum = 0.0;
  for (std::size_t c = 0; c < b.channels(); ++c) {
    const auto found = a.channel(c), wanted = b.channel(c);
    double error = 0.0, signal = 0.0, error_before = 0.0, signal_before = 0.0;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const double t = wanted[i], e = found[i] - t;
      error += (e - emphasis * error_before) * (e - emphasis * error_before);
      signal += (t - emphasis * signal_before) * (t - emphasis * signal_before);
      error_before = e;
      signal_before = t;
    }
    sum += error / (signal + tiny);
  }
  return sum / static_cast<double>(b.channels());
}

}  // namespace

constexpr Metric esr{
    .name = "esr",
    .summary = "error-to-signal ratio of the waveforms: energy of the difference over the target's",
    .source = "Wright and Valimaki 2019; auraloss 0.4 ESRLoss()",
    .needs = {.sounding_output = false},
    .compute = [](const MetricAudio& output, const MetricAudio& target) { return compare(output, target, 0.0); }};

constexpr Metric esr_emphasised{
    .name = "esr-emphasised",
    .summary = "error-to-signal ratio after the first-order high-pass 1 - 0.85 / z",
    .source = "Wright and Valimaki 2019, at any sample rate",
    .needs = {.sounding_output = false},
    .compute = [](const MetricAudio& output, const MetricAudio& target) { return compare(output, target, 0.85); }};

}  // namespace soundalike::metric
