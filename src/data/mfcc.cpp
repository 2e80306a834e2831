#include "soundalike/mfcc.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include <fmt/format.h>

#include "soundalike/error.hpp"
#include "soundalike/resample.hpp"
#include "soundalike/stft.hpp"

namespace soundalike {
namespace {

constexpr std::size_t fft_size = 400, hop = 200, bands = 60, coefficients = 30;

// [frames x coefficients]
std::vector<float> cepstra(AudioView audio, const MelFilterbank& mel, const std::vector<float>& transform) {
  const AudioBuffer mono = to_mono(audio);
  Magnitudes spectrum = stft_magnitudes(mono.samples(), {.fft_size = fft_size, .hop = hop});
  std::vector<float> levels(spectrum.frames * bands);
  std::vector<float> power(spectrum.bins);
  float loudest = -INFINITY;
  for (std::size_t i = 0; i < spectrum.frames; ++i) {
    for (std::size_t k = 0; k < spectrum.bins; ++k) power[k] = spectrum.frame(i)[k] * spectrum.frame(i)[k];
    mel.apply(power.data(), &levels[i * bands]);
    for (std::size_t b = 0; b < bands; ++b) {
      float& level = levels[i * bands + b];
      level = 10.0f * std::log10(std::max(level, 1e-10f));
      loudest = std::max(loudest, level);
    }
  }
  std::vector<float> out(spectrum.frames * coefficients);
  for (std::size_t i = 0; i < spectrum.frames; ++i) {
    for (std::size_t c = 0; c < coefficients; ++c) {
      float sum = 0.0f;
      for (std::size_t b = 0; b < bands; ++b) {
        sum += transform[c * bands + b] * std::max(levels[i * bands + b], loudest - 80.0f);
      }
      out[i * coefficients + c] = sum;
    }
  }
  return out;
}

// The orthonormal DCT-II, [coefficients x bands].
std::vector<float> cosine_transform() {
  std::vector<float> rows(coefficients * bands);
  for (std::size_t c = 0; c < coefficients; ++c) {
    const double scale = std::sqrt((c == 0 ? 1.0 : 2.0) / static_cast<double>(bands));
    for (std::size_t b = 0; b < bands; ++b) {
      const double angle = std::numbers::pi * static_cast<double>(c) * (static_cast<double>(b) + 0.5);
      rows[c * bands + b] = static_cast<float>(scale * std::cos(angle / static_cast<double>(bands)));
    }
  }
  return rows;
}

}  // namespace

double mfcc_similarity(AudioView dry, AudioView wet) {
  if (dry.frames() != wet.frames() || !(dry.sample_rate() == wet.sample_rate())) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot compare {} frames at {} Hz with {} at {} Hz: both must be alike", dry.frames(),
                            dry.sample_rate().hz, wet.frames(), wet.sample_rate().hz));
  }
  if (dry.frames() < fft_size) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot compare {} frames: at least {} are needed", dry.frames(), fft_size));
  }
  const MelFilterbank mel(bands, 0.0, dry.sample_rate().hz / 2.0, fft_size, dry.sample_rate());
  const std::vector<float> transform = cosine_transform();
  const std::vector<float> a = cepstra(dry, mel, transform), b = cepstra(wet, mel, transform);
  const std::size_t frames = a.size() / coefficients;
  double sum = 0.0;
  for (std::size_t i = 0; i < frames; ++i) {
    double ab = 0.0, aa = 0.0, bb = 0.0;
    for (std::size_t c = i * coefficients; c < (i + 1) * coefficients; ++c) {
      ab += static_cast<double>(a[c]) * b[c];
      aa += static_cast<double>(a[c]) * a[c];
      bb += static_cast<double>(b[c]) * b[c];
    }
    // Levels are in dB, so a frame of zeros is an accident of the scale; two of them are equal.
    const double norm = std::sqrt(aa * bb);
    sum += norm > 1e-12 ? ab / norm : (aa == bb ? 1.0 : 0.0);
  }
  return sum / static_cast<double>(frames);
}

}  // namespace soundalike
