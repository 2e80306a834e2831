// Amplitude statistics of the waveform: clipping, crest factors at several time scales, asymmetry.
#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "style/fast_log.hpp"
#include "style/features.hpp"
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
    float high = 0.0f;
    float low = 0.0f;
    float power = 0.0f;
    for (std::size_t i = b * length; i < last; ++i) {
      high = std::max(high, x[i]);
      low = std::min(low, x[i]);
      power += x[i] * x[i];
    }
    out[b] = {std::max(high, -low), power};
  }
  return out;
}

/// Levels of |x| over its RMS: the shape of the amplitude distribution; a clipped wave has a hard upper end.
void write_amplitudes(const std::vector<float>& x, const std::string& name, FeatureWriter& out) {
  double second = 0.0;
  double third = 0.0;
  double fourth = 0.0;
  DecibelHistogram histogram;
  std::array<float, 256> squares{};
  for (std::size_t i = 0; i < x.size(); i += squares.size()) {
    const std::size_t n = std::min(squares.size(), x.size() - i);
    float s2 = 0.0f;
    float s3 = 0.0f;
    float s4 = 0.0f;
    for (std::size_t j = 0; j < n; ++j) {
      const float square = x[i + j] * x[i + j];
      squares[j] = square;
      s2 += square;
      s3 += square * x[i + j];
      s4 += square * square;
    }
    second += s2;
    third += s3;
    fourth += s4;
    to_decibels(squares.data(), n, 1e-9f);
    histogram.add(squares.data(), n);
  }
  const auto n = static_cast<double>(x.size());
  const double variance = second / n + 1e-12;
  const auto rms_db = static_cast<float>(10.0 * std::log10(variance));
  const auto q = histogram.quantiles<7>({0.1f, 0.25f, 0.5f, 0.75f, 0.9f, 0.97f, 0.995f});
  for (std::size_t i = 0; i < q.size(); ++i) out.put(name + ".q", static_cast<int>(i), q[i] - rms_db);
  out.put(name + ".kurtosis", -1, static_cast<float>(10.0 * std::log10(fourth / n / (variance * variance) + 0.1)));
  const double skew = third / n / std::pow(variance, 1.5);
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
