// Envelopes of broad bands: dynamics, onsets and decays, modulation, echoes from 10 ms to 1.4 s.
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

constexpr std::size_t tracks = broad_bands + 1;  // the bands, then all of them together
// Density 80 dB below that of white noise as loud as the recording: a band quieter than that has no envelope.
constexpr float density_floor = 1e-8f;
constexpr float floor_db = -50.0f;  // of an envelope below its own mean power
constexpr std::size_t rhythm_bins = 12;
constexpr std::size_t repeat_bins = 28;
constexpr double lag_first_s = 0.010;
constexpr double lag_last_s = 1.4;
constexpr std::size_t modulation_bins = 14;
constexpr double modulation_first_hz = 0.5;
constexpr double modulation_octaves_per_bin = 0.5;

struct Pool {
  float mean = 0.0f;
  float high = 0.0f;
};

/// Mean and maximum of `curve` in log-spaced bins of lag.
template <std::size_t N>
std::array<Pool, N> pool_lags(const float* curve, std::size_t longest, double frames_per_second) {
  std::array<Pool, N> out;
  const double ratio = std::pow(lag_last_s / lag_first_s, 1.0 / N);
  for (std::size_t i = 0; i < N; ++i) {
    const double from = lag_first_s * std::pow(ratio, static_cast<double>(i)) * frames_per_second;
    const auto first = std::min(longest, static_cast<std::size_t>(std::lround(from)));
    const auto last = std::min(longest, std::max(first + 1, static_cast<std::size_t>(std::lround(from * ratio))));
    if (last <= first) continue;
    float sum = 0.0f;
    for (std::size_t lag = first; lag < last; ++lag) {
      sum += curve[lag];
      out[i].high = std::max(out[i].high, curve[lag]);
    }
    out[i].mean = sum / static_cast<float>(last - first);
  }
  return out;
}

}  // namespace

void FeatureExtractor::write_envelopes(const std::vector<float>& signal, FeatureWriter& out) const {
  const std::size_t count = fast_.frames(signal.size());
  const double fps = fast_.frames_per_second();
  std::vector<float> power(tracks * count, 0.0f);
  std::array<float, broad_bands> broad{};
  fast_.each(signal, [&](std::size_t t, const float* density) {
    broad_fast_.average(density, broad.data());
    float all = 0.0f;
    for (std::size_t b = 0; b < broad_bands; ++b) {
      power[b * count + t] = broad[b];
      all += broad[b] * static_cast<float>(broad_fast_.bins(b));
    }
    power[broad_bands * count + t] = all / static_cast<float>(fast_.bins());
  });

  const Fft fft(fast_fft_size(2 * count));
  std::vector<float> padded(fft.size());
  std::vector<float> correlation(fft.size());
  std::vector<float> repeats(fft.size(), 0.0f);
  std::vector<std::complex<float>> spectrum(fft.bins());
  std::vector<std::complex<float>> whitened(fft.bins());
  std::vector<float> decibels(tracks * count);
  std::vector<float> smooth(count);
  std::array<float, tracks> spread{};
  DecibelHistogram histogram;
  std::size_t used_tracks = 0;
  for (std::size_t b = 0; b < tracks; ++b) {
    const int band = static_cast<int>(b);
    const bool used = b == broad_bands || broad_fast_.used(b);
    used_tracks += used;
    float* const linear = power.data() + b * count;
    float* const db = decibels.data() + b * count;
    double sum = 0.0;
    for (std::size_t t = 0; t < count; ++t) {
      linear[t] += density_floor;
      sum += linear[t];
    }
    const auto mean = static_cast<float>(sum / static_cast<double>(count));
    for (std::size_t t = 0; t < count; ++t) db[t] = linear[t] / mean;
    to_decibels(db, count, 1e-5f);

    histogram.clear();
    histogram.add(db, count);
    const auto q = histogram.quantiles<7>({0.05f, 0.15f, 0.3f, 0.5f, 0.7f, 0.9f, 0.98f});
    for (std::size_t i = 0; i < q.size(); ++i) out.put("envelope", band, static_cast<int>(i), q[i], used);

    // The same after smoothing over 50, 200 and 1000 ms: the reach of slow compressors and long tails.
    int scale = 0;
    for (const double seconds : {0.05, 0.2, 1.0}) {
      const auto width = std::clamp<std::size_t>(static_cast<std::size_t>(std::lround(seconds * fps)), 1, count);
      double window = 0.0;
      for (std::size_t t = 0; t < width; ++t) window += linear[t];
      const std::size_t n = count - width + 1;
      const auto inverse = static_cast<float>(1.0 / (static_cast<double>(width) * mean));
      for (std::size_t t = 0; t < n; ++t) {
        smooth[t] = static_cast<float>(std::max(window, 0.0)) * inverse;
        if (t + width < count) window += static_cast<double>(linear[t + width]) - linear[t];
      }
      to_decibels(smooth.data(), n, 1e-5f);
      histogram.clear();
      histogram.add(smooth.data(), n);
      const auto s = histogram.quantiles<3>({0.1f, 0.5f, 0.95f});
      for (std::size_t i = 0; i < s.size(); ++i) out.put("smooth", band, 3 * scale + static_cast<int>(i), s[i], used);
      ++scale;
    }

    // Rise and fall over about 11, 43 and 171 ms, where there is something to hear.
    int lag_index = 0;
    for (const std::size_t lag : {2, 8, 32}) {
      histogram.clear();
      for (std::size_t t = lag; t < count; ++t) {
        if (std::max(db[t], db[t - lag]) > -35.0f) histogram.add(db[t] - db[t - lag]);
      }
      const auto s = histogram.quantiles<5>({0.03f, 0.2f, 0.5f, 0.8f, 0.97f});
      for (std::size_t i = 0; i < s.size(); ++i) out.put("ramp", band, 5 * lag_index + static_cast<int>(i), s[i], used);
      ++lag_index;
    }

    // One spectrum of the envelope gives its modulation spectrum and its autocorrelations.
    double centre = 0.0;
    for (std::size_t t = 0; t < count; ++t) centre += std::max(db[t], floor_db);
    centre /= static_cast<double>(count);
    std::fill(padded.begin(), padded.end(), 0.0f);
    double variance = 0.0;
    for (std::size_t t = 0; t < count; ++t) {
      padded[t] = std::max(db[t], floor_db) - static_cast<float>(centre);
      db[t] = padded[t];  // kept for the correlations between bands
      variance += static_cast<double>(padded[t]) * padded[t];
    }
    spread[b] = static_cast<float>(std::sqrt(variance)) + 1e-3f;
    fft.forward(padded, spectrum);
    std::array<float, modulation_bins> modulation{};
    const double bin_hz = fps / static_cast<double>(fft.size());
    for (std::size_t i = 0; i < modulation_bins; ++i) {
      const double from = modulation_first_hz * std::exp2(modulation_octaves_per_bin * static_cast<double>(i)) / bin_hz;
      const auto first = static_cast<std::size_t>(std::lround(from));
      const auto last =
          std::max(first + 1, static_cast<std::size_t>(std::lround(from * std::exp2(modulation_octaves_per_bin))));
      for (std::size_t k = first; k < std::min(last, spectrum.size()); ++k) modulation[i] += std::norm(spectrum[k]);
    }
    // Relative to 1 dB of RMS modulation, not to the total: depth is style too.
    const float unit = static_cast<float>(count) * static_cast<float>(fft.size());
    for (std::size_t i = 0; i < modulation_bins; ++i) {
      out.put("modulation", band, static_cast<int>(i), fast_decibels(modulation[i] / unit + 1e-4f), used);
    }

    for (std::size_t k = 0; k < spectrum.size(); ++k) {
      const float energy = std::norm(spectrum[k]);
      const double omega = 3.14159265358979 * static_cast<double>(k) / static_cast<double>(spectrum.size());
      spectrum[k] = energy;
      whitened[k] = energy * static_cast<float>(1.0 - std::cos(omega));
    }
    fft.inverse(spectrum, correlation);
    const float zero = correlation[0] + 1e-2f * static_cast<float>(count);
    for (std::size_t lag = 0; lag < count; ++lag) {
      correlation[lag] *= static_cast<float>(count) / (zero * static_cast<float>(count - lag));
    }
    const auto rhythm = pool_lags<rhythm_bins>(correlation.data(), count / 2 + 1, fps);
    for (std::size_t i = 0; i < rhythm_bins; ++i)
      out.put("rhythm", band, static_cast<int>(i), 10.0f * rhythm[i].mean, used);
    // Differenced envelopes: their autocorrelation shows an echo as a peak of its own.
    if (!used) continue;
    fft.inverse(whitened, correlation);
    const float unit2 = correlation[0] + 1e-2f * static_cast<float>(count);
    for (std::size_t lag = 0; lag < count; ++lag) {
      repeats[lag] += correlation[lag] * static_cast<float>(count) / (unit2 * static_cast<float>(count - lag));
    }
  }

  for (std::size_t lag = 0; lag < count; ++lag) repeats[lag] *= 100.0f / static_cast<float>(used_tracks);
  const auto narrow = pool_lags<repeat_bins>(repeats.data(), count / 2 + 1, fps);
  for (std::size_t i = 0; i < repeat_bins; ++i) {
    out.put("repeat.high", static_cast<int>(i), narrow[i].high);
    out.put("repeat.mean", static_cast<int>(i), narrow[i].mean);
  }
  for (std::size_t i = 0; i + 4 <= repeat_bins; i += 2) {
    float high = 0.0f;
    for (std::size_t j = i; j < i + 4; ++j) high = std::max(high, narrow[j].high);
    out.put("repeat.wide", static_cast<int>(i / 2), high);
  }

  // How much bands move together: multi-band dynamics and swept filters pull them apart.
  for (std::size_t a = 0; a < broad_bands; ++a) {
    for (std::size_t b = a + 1; b < broad_bands; ++b) {
      const bool used = broad_fast_.used(a) && broad_fast_.used(b);
      const float product = used ? dot(decibels.data() + a * count, decibels.data() + b * count, count) : 0.0f;
      out.put("comodulation", static_cast<int>(a), static_cast<int>(b), 10.0f * product / (spread[a] * spread[b]),
              used);
    }
  }
}

}  // namespace soundalike::style
