#include "probe/bands.hpp"

#include <algorithm>
#include <cmath>

#include "soundalike/fft.hpp"

namespace soundalike {
namespace {

constexpr std::size_t band_count = 32;
constexpr float floor_db = -80.0f;       // of full-scale band power; what is below is not heard beside the rest
constexpr float heard_range_db = 50.0f;  // below the loudest band: what a noise floor or the floor above may hide

std::size_t window_size(SampleRate rate) { return fast_fft_size(static_cast<std::size_t>(rate.hz * 0.04)); }

}  // namespace

BandAnalysis::BandAnalysis(SampleRate rate)
    : stft_{.fft_size = window_size(rate), .hop = window_size(rate) / 2},
      mel_(band_count, 40.0, std::min(16000.0, 0.48 * rate.hz), stft_.fft_size, rate) {}

BandPicture BandAnalysis::picture(AudioView audio) const {
  BandPicture picture;
  std::vector<float> power;
  std::vector<float> bands(mel_.bands());
  // A sine of full scale has magnitude fft_size / 4 under a Hann window.
  const float scale = 16.0f / (static_cast<float>(stft_.fft_size) * static_cast<float>(stft_.fft_size));
  for (std::size_t c = 0; c < audio.channels(); ++c) {
    const Magnitudes magnitudes = stft_magnitudes(audio.channel(c), stft_);
    power.resize(magnitudes.bins);
    for (std::size_t f = 0; f < magnitudes.frames; ++f) {
      const float* frame = magnitudes.frame(f);
      for (std::size_t i = 0; i < magnitudes.bins; ++i) power[i] = frame[i] * frame[i] * scale;
      mel_.apply(power.data(), bands.data());
      for (const float p : bands) picture.push_back(p > 0.0f ? std::max(floor_db, 10.0f * std::log10(p)) : floor_db);
    }
  }
  return picture;
}

double band_change(const BandPicture& a, const BandPicture& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += std::abs(a[i] - b[i]);
  return a.empty() ? 0.0 : sum / static_cast<double>(a.size());
}

double level_free_change(const BandPicture& a, const BandPicture& b) {
  if (a.empty()) return 0.0;
  std::vector<float> differences;
  const float heard_a = std::max(floor_db, *std::ranges::max_element(a) - heard_range_db);
  const float heard_b = std::max(floor_db, *std::ranges::max_element(b) - heard_range_db);
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] > heard_a && b[i] > heard_b) differences.push_back(a[i] - b[i]);
  }
  if (differences.size() < a.size() / 20 + 1) return 0.0;  // one of them is nearly silent: nothing can be said
  const auto middle = differences.begin() + static_cast<std::ptrdiff_t>(differences.size() / 2);
  std::nth_element(differences.begin(), middle, differences.end());
  const float gain = *middle;
  double sum = 0.0;
  for (const float d : differences) sum += std::abs(d - gain);
  return sum / static_cast<double>(differences.size());
}

double change_agreement(const BandPicture& origin, const BandPicture& a, const BandPicture& b) {
  double ab = 0.0;
  double aa = 0.0;
  double bb = 0.0;
  for (std::size_t i = 0; i < origin.size(); ++i) {
    const double x = static_cast<double>(a[i]) - origin[i];
    const double y = static_cast<double>(b[i]) - origin[i];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return aa > 0.0 && bb > 0.0 ? ab / std::sqrt(aa * bb) : 0.0;
}

}  // namespace soundalike
