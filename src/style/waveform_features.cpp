// Amplitude statistics of the waveform: clipping, crest factors at several time scales, asymmetry.
#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "style/fast_log.hpp"
#include "style/features.hpp"
#include "style/kernels.hpp"
#include "style/quantiles.hpp"

namespace soundalike::style {
namespace {

struct Block {
  float peak = 0.0f;
  float power = 0.0f;  // sum of squares
};

std::vector<Block> blocks(const std::vector<float>& x, std::size_t length) {
  std::vector<Block> out((x.size() + length - 1) / length);
  for (std::size_t b = 0; b < out.size(); ++b) {
    const std::size_t last = std::min(x.size(), (b + 1) * length);
    const std::size_t first = b * length;
    const Extent range = extent(x.data() + first, last - first);
    out[b] = {std::max(range.high, -range.low), dot(x.data() + first, x.data() + first, last - first)};
  }
  return out;
}

/// Levels of |x| over its RMS: the shape of the amplitude distribution; a clipped wave has a hard upper end.
void write_amplitudes(const std::vector<float>& x, const std::string& name, FeatureWriter& out) {
  const Moments sums = moments(x.data(), x.size());
  // One sample in three draws the same distribution.
  constexpr std::size_t stride = 3;
  std::vector<float> squares((x.size() + stride - 1) / stride);
  for (std::size_t i = 0; i < squares.size(); ++i) squares[i] = x[i * stride] * x[i * stride];
  to_decibels(squares.data(), squares.size(), 1e-9f);
  DecibelHistogram histogram;
  histogram.add(squares.data(), squares.size());
  const auto n = static_cast<double>(x.size());
  const double variance = sums.second / n + 1e-12;
  const auto rms_db = static_cast<float>(10.0 * std::log10(variance));
  const auto q = histogram.quantiles<7>({0.1f, 0.25f, 0.5f, 0.75f, 0.9f, 0.97f, 0.995f});
  for (std::size_t i = 0; i < q.size(); ++i) out.put(name + ".q", static_cast<int>(i), q[i] - rms_db);
  out.put(name + ".kurtosis", -1, static_cast<float>(10.0 * std::log10(sums.fourth / n / (variance * variance) + 0.1)));
  const double skew = sums.third / n / std::pow(variance, 1.5);
  out.put(name + ".skew", -1, static_cast<float>(std::copysign(std::sqrt(std::abs(skew)), skew)));
}

}  // namespace

void FeatureExtractor::write_waveform(const std::vector<float>& signal, FeatureWriter& out) const {
  write_amplitudes(signal, "wave", out);
  std::vector<float> slope(signal.size());
  for (std::size_t i = 1; i < signal.size(); ++i) slope[i] = signal[i] - signal[i - 1];
  write_amplitudes(slope, "slope", out);

  // Peak over RMS within blocks of 10, 50, 200 and 1000 ms.
  const auto length = std::max<std::size_t>(1, static_cast<std::size_t>(std::lround(0.01 * view_.sample_rate.hz)));
  const std::vector<Block> fine = blocks(signal, length);
  DecibelHistogram histogram;
  int scale = 0;
  for (const std::size_t join : {1, 5, 20, 100}) {
    histogram.clear();
    for (std::size_t b = 0; b < fine.size(); b += join) {
      Block joined;
      std::size_t n = 0;
      for (; n < join && b + n < fine.size(); ++n) {
        joined.peak = std::max(joined.peak, fine[b + n].peak);
        joined.power += fine[b + n].power;
      }
      const float power = joined.power / static_cast<float>(n * length);
      if (power > 1e-4f) histogram.add(fast_decibels(joined.peak * joined.peak / power + 1e-9f));
    }
    const auto q = histogram.quantiles<3>({0.1f, 0.5f, 0.9f});
    for (std::size_t i = 0; i < q.size(); ++i) out.put("crest", scale, static_cast<int>(i), q[i]);
    ++scale;
  }
}

}  // namespace soundalike::style
