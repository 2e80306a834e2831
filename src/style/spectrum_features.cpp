// Long-term spectrum: what an equaliser, a filter or a distortion does to timbre on average, and how timbre follows
// level.
#include <algorithm>
#include <array>
#include <cmath>

#include "style/fast_log.hpp"
#include "style/features.hpp"
#include "style/kernels.hpp"
#include "style/quantiles.hpp"

namespace soundalike::style {
namespace {

// Density 80 dB below that of white noise as loud as the recording: below it is the noise of recorders, not style.
constexpr float density_floor = 1e-8f;
constexpr float active_range_db = 35.0f;

}  // namespace

FeatureExtractor::Frames FeatureExtractor::analyse(const std::vector<float>& signal) const {
  Frames frames;
  frames.density = medium_.power(signal);
  const std::size_t count = frames.density.frames;
  frames.level_db.resize(count);
  frames.active.resize(count);
  frames.mel_db.resize(mel_bands * count);
  const auto usable = std::min(frames.density.bins, static_cast<std::size_t>(view_.bandwidth_hz / view_.sample_rate.hz *
                                                                             static_cast<double>(medium_.fft_size())));
  const auto bin_share = static_cast<float>(view_.sample_rate.hz / static_cast<double>(medium_.fft_size()) / 12000.0);
  std::array<float, mel_bands> mel{};
  for (std::size_t t = 0; t < count; ++t) {
    const float* density = frames.density.frame(t);
    frames.level_db[t] = sum(density + 1, usable - 1) * bin_share;
    mel_.average(density, mel.data());
    for (std::size_t b = 0; b < mel_bands; ++b) frames.mel_db[b * count + t] = mel[b];
  }
  to_decibels(frames.level_db.data(), count, density_floor);
  to_decibels(frames.mel_db.data(), frames.mel_db.size(), density_floor);
  DecibelHistogram levels;
  levels.add(frames.level_db.data(), count);
  const float loud = levels.quantiles<1>({0.95f})[0];
  for (std::size_t t = 0; t < count; ++t) frames.active[t] = frames.level_db[t] > loud - active_range_db;
  return frames;
}

void FeatureExtractor::write_spectrum(const Frames& frames, FeatureWriter& out) const {
  const std::size_t count = frames.density.frames;
  DecibelHistogram levels;
  for (std::size_t t = 0; t < count; ++t) {
    if (frames.active[t]) levels.add(frames.level_db[t]);
  }
  const auto [quiet_below, loud_above] = levels.quantiles<2>({0.33f, 0.67f});
  float active = 0.0f;
  for (const auto a : frames.active) active += a;
  out.put("level.active", -1, active / static_cast<float>(count));

  DecibelHistogram histogram;
  std::array<float, mel_bands> contrast{};
  for (std::size_t b = 0; b < mel_bands; ++b) {
    const int index = static_cast<int>(b);
    const bool used = mel_.used(b);
    const float* db = frames.mel_db.data() + b * count;
    float total = 0.0f;
    float loud = 0.0f;
    float quiet = 0.0f;
    float loud_count = 1e-3f;
    float quiet_count = 1e-3f;
    histogram.clear();
    for (std::size_t t = 0; t < count; ++t) {
      histogram.add(db[t]);
      if (!frames.active[t]) continue;
      total += db[t];
      if (frames.level_db[t] >= loud_above) {
        loud += db[t];
        loud_count += 1.0f;
      } else if (frames.level_db[t] <= quiet_below) {
        quiet += db[t];
        quiet_count += 1.0f;
      }
    }
    const float mean = total / std::max(active, 1.0f);
    const auto q = histogram.quantiles<4>({0.1f, 0.5f, 0.9f, 0.98f});
    out.put("ltas.mean", index, mean, used);
    out.put("ltas.q10", index, q[0], used);
    out.put("ltas.q50", index, q[1], used);
    out.put("ltas.q90", index, q[2], used);
    out.put("ltas.q98", index, q[3], used);
    contrast[b] = loud / loud_count - quiet / quiet_count;
  }
  // How much brighter loud frames are than quiet ones: nonlinear effects bend this, linear ones do not.
  for (std::size_t b = 0; b + 1 < mel_bands; b += 2) {
    out.put("contrast", static_cast<int>(b / 2), 0.5f * (contrast[b] + contrast[b + 1]), mel_.used(b + 1));
  }
}

}  // namespace soundalike::style
