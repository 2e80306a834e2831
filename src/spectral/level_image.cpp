#include "spectral/level_image.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <complex>

#include "soundalike/fft.hpp"
#include "spectral/aligned.hpp"
#include "spectral/mel.hpp"

namespace soundalike {
namespace {

constexpr double frame_seconds = 0.05;  // at least; rounded up to a power of two
constexpr float least_power = 1e-16f;   // -160 dB

/// Power spectra at any place of a recording, silence before and after it.
class PowerSpectrum {
 public:
  PowerSpectrum(AudioView audio, std::size_t size)
      : audio_(audio),
        fft_(size),
        window_(hann_window(size)),
        frame_(size),
        spectrum_(fft_.bins()),
        power_(fft_.bins()) {
    // A full-scale sine has power 1: its amplitude in the spectrum is half the window's sum, which is size / 2.
    const float scale = 4.0f / static_cast<float>(size);
    for (float& w : window_) w *= scale;
  }

  /// Mean over channels, [bins].
  const std::vector<float>& at(double center_frame) {
    const auto first =
        static_cast<std::ptrdiff_t>(std::llround(center_frame)) - static_cast<std::ptrdiff_t>(fft_.size() / 2);
    std::fill(power_.begin(), power_.end(), 0.0f);
    for (std::size_t c = 0; c < audio_.channels(); ++c) {
      const auto samples = audio_.channel(c);
      const auto from = std::clamp<std::ptrdiff_t>(-first, 0, std::ssize(frame_));
      const auto to = std::clamp<std::ptrdiff_t>(std::ssize(samples) - first, from, std::ssize(frame_));
      std::fill(frame_.begin(), frame_.end(), 0.0f);
      for (std::ptrdiff_t i = from; i < to; ++i) {
        const auto k = static_cast<std::size_t>(i);
        frame_[k] = samples[static_cast<std::size_t>(first + i)] * window_[k];
      }
      fft_.forward(frame_, spectrum_);
      const float share = 1.0f / static_cast<float>(audio_.channels());
      for (std::size_t k = 0; k < power_.size(); ++k) power_[k] += share * std::norm(spectrum_[k]);
    }
    return power_;
  }

 private:
  AudioView audio_;
  Fft fft_;
  std::vector<float> window_;
  AlignedVector<float> frame_;
  AlignedVector<std::complex<float>> spectrum_;
  std::vector<float> power_;
};

/// What a pixel row takes from the bins: the loudest of several, or a point between two.
struct BinRange {
  std::size_t first = 0;
  std::size_t last = 0;   // inclusive
  float fraction = 0.0f;  // first == last: where between that bin and the next
};

std::vector<BinRange> bin_ranges(const LevelAxes& axes, double bin_hz, std::size_t bins) {
  std::vector<BinRange> out;
  for (std::size_t r = 0; r < axes.rows; ++r) {
    const double low = axes.hz_at(static_cast<double>(r)) / bin_hz;
    const double high = axes.hz_at(static_cast<double>(r + 1)) / bin_hz;
    const auto first = std::min(static_cast<std::size_t>(std::ceil(low)), bins - 1);
    const auto last = std::min(static_cast<std::size_t>(high), bins - 1);
    if (first < last) {
      out.push_back({first, last, 0.0f});
    } else {
      const double middle = 0.5 * (low + high);
      const auto below = std::min(static_cast<std::size_t>(middle), bins - 2);
      out.push_back({below, below, static_cast<float>(middle - static_cast<double>(below))});
    }
  }
  return out;
}

float power_in(const BinRange& range, const std::vector<float>& power) {
  const auto at = power.begin() + static_cast<std::ptrdiff_t>(range.first);
  if (range.first < range.last)
    return *std::max_element(at, power.begin() + static_cast<std::ptrdiff_t>(range.last) + 1);
  const float a = std::max(at[0], least_power);
  const float b = std::max(at[1], least_power);
  return a * std::pow(b / a, range.fraction);  // linear in dB
}

}  // namespace

double LevelAxes::row_of(double hz) const {
  return static_cast<double>(rows) * (to_mel(hz) - to_mel(low_hz)) / (to_mel(high_hz) - to_mel(low_hz));
}

double LevelAxes::hz_at(double row) const {
  return from_mel(to_mel(low_hz) + (to_mel(high_hz) - to_mel(low_hz)) * row / static_cast<double>(rows));
}

std::vector<float> level_image(AudioView audio, const LevelAxes& axes) {
  const double rate = audio.sample_rate().hz;
  const auto size = std::bit_ceil(static_cast<std::size_t>(std::ceil(frame_seconds * rate)));
  PowerSpectrum spectrum(audio, size);
  const auto ranges = bin_ranges(axes, rate / static_cast<double>(size), size / 2 + 1);
  const double column_frames = axes.seconds * rate / static_cast<double>(axes.columns);
  const double looks = std::ceil(column_frames / (static_cast<double>(size) / 4.0));
  std::vector<float> levels;
  std::vector<float> loudest(axes.rows);
  for (std::size_t c = 0; c < axes.columns; ++c) {
    const double start = static_cast<double>(c) * column_frames;
    if (start >= static_cast<double>(audio.frames())) break;
    std::fill(loudest.begin(), loudest.end(), least_power);
    for (int i = 0; i + 0.5 < looks; ++i) {
      const double look = i + 0.5;
      const double center = start + look / looks * column_frames;
      if (i > 0 && center >= static_cast<double>(audio.frames())) break;
      const auto& power = spectrum.at(center);
      for (std::size_t r = 0; r < axes.rows; ++r) loudest[r] = std::max(loudest[r], power_in(ranges[r], power));
    }
    for (const float power : loudest) levels.push_back(10.0f * std::log10(power));
  }
  return levels;
}

}  // namespace soundalike
