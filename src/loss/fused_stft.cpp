#include "loss/fused_stft.hpp"

#include <algorithm>
#include <cmath>
#include <complex>

#include "base/vectorised.hpp"
#include "soundalike/fft.hpp"
#include "spectral/framing.hpp"
#include "spectral/magnitude_distance.hpp"
#include "spectral/magnitudes.hpp"

namespace soundalike {
namespace {

using Spectra = AlignedVector<std::complex<float>>;

/// What a magnitude's slope is made of: see the header.
struct Slopes {
  float convergence, log, linear;
};

/// slope[k] of the compared values a[k], b[k].
SOUNDALIKE_VECTORISED void write_slopes(const float* a, const float* b, const Slopes& slopes, float* out,
                                        std::size_t n) {
  for (std::size_t k = 0; k < n; ++k) {
    const float d = a[k] - b[k];
    const float sign = static_cast<float>(d > 0.0f) - static_cast<float>(d < 0.0f);
    out[k] = slopes.convergence * d + (slopes.log / a[k] + slopes.linear) * sign;
  }
}

/// spectrum *= slope / magnitude, or 0 where the magnitude is floored.
SOUNDALIKE_VECTORISED void pull_back(const float* slope, const float* magnitude, float* spectrum, std::size_t n) {
  const float floored = std::sqrt(MrstftOptions::power_floor);
  for (std::size_t k = 0; k < n; ++k) {
    const float factor = magnitude[k] > floored ? slope[k] / magnitude[k] : 0.0f;
    spectrum[2 * k] *= factor;
    spectrum[2 * k + 1] *= factor;
  }
}

/// Spectra or magnitudes of one signal, a block of frames at a time: short frames come many at once, since a loop over
/// few bins costs more to enter than to run.
struct Transform {
  Transform(std::span<const float> audio, const MrstftOptions::Resolution& r)
      : framing(audio, {.fft_size = r.fft_size, .window_size = r.window_size, .hop = r.hop, .center = true}),
        fft(r.fft_size),
        frame(r.fft_size) {}

  /// Frame `i` to `out` [bins].
  void forward(std::size_t i, std::complex<float>* out) {
    framing.frame(i, frame.data());
    fft.forward(frame, {out, fft.bins()});
  }
  /// The transpose of forward: adds to `out` [audio] what a slope in each bin of frame `i` means there.
  /// Spoils `spectrum`.
  void backward(std::size_t i, std::complex<float>* spectrum, float* out) {
    // Fft::inverse divides by its size and counts all bins but the first and last twice.
    const float half = 0.5f * static_cast<float>(fft.size());
    spectrum[0] *= 2.0f;
    spectrum[fft.bins() - 1] *= 2.0f;
    fft.inverse({spectrum, fft.bins()}, frame);
    for (float& x : frame) x *= half;
    framing.add_back(i, frame.data(), out);
  }

  Framing framing;
  Fft fft;
  AlignedVector<float> frame;
};

}  // namespace

FusedStft::FusedStft(const MrstftOptions::Resolution& resolution, const Weights& weights,
                     std::shared_ptr<const MelFilterbank> mel)
    : resolution_(resolution), weights_(weights), mel_(std::move(mel)) {}

double FusedStft::operator()(std::span<const float> estimate, std::span<const float> target,
                             std::span<float> gradient) const {
  Transform transform(estimate, resolution_);
  Transform target_transform(target, resolution_);
  const std::size_t frames = transform.framing.frames();
  const std::size_t bins = transform.fft.bins();
  const std::size_t values = mel_ ? mel_->bands() : bins;
  const std::size_t block = std::max<std::size_t>(1, 2048 / bins);
  const bool wants_gradient = !gradient.empty();

  // An odd number of complex bins would put every second frame off alignment, which the FFT repairs by copying.
  Spectra spectra((wants_gradient ? frames : block) * bins);
  std::vector<float> a(block * values), b((wants_gradient ? frames : block) * values), bin_magnitudes(block * bins);
  const auto compared = [&](const std::complex<float>* from, std::size_t count, float* out) {
    float* const to = mel_ ? bin_magnitudes.data() : out;
    magnitudes({from, count * bins}, MrstftOptions::power_floor, to);
    for (std::size_t i = 0; mel_ && i < count; ++i) mel_->apply(to + i * bins, out + i * values);
  };

  MagnitudeDistance sums;
  Spectra target_spectra(block * bins);
  for (std::size_t first = 0; first < frames; first += block) {
    const std::size_t count = std::min(block, frames - first);
    std::complex<float>* const own = spectra.data() + (wants_gradient ? first * bins : 0);
    float* const aim = b.data() + (wants_gradient ? first * values : 0);
    for (std::size_t i = 0; i < count; ++i) {
      transform.forward(first + i, own + i * bins);
      target_transform.forward(first + i, target_spectra.data() + i * bins);
    }
    compared(target_spectra.data(), count, aim);
    compared(own, count, a.data());
    sums.add(a.data(), aim, count * values);
  }
  const auto n = static_cast<double>(sums.count);
  const double difference = std::sqrt(sums.squared_difference);
  const double norm = std::sqrt(sums.squared_target);
  const double loss = weights_.spectral_convergence * difference / norm +
                      weights_.log_magnitude * sums.log_difference / n +
                      weights_.linear_magnitude * sums.difference / n;
  if (!wants_gradient || difference == 0.0) return loss;

  const Slopes slopes{static_cast<float>(weights_.spectral_convergence / (difference * norm)),
                      static_cast<float>(weights_.log_magnitude / n),
                      static_cast<float>(weights_.linear_magnitude / n)};
  std::vector<float> slope(block * values), bin_slope(mel_ ? block * bins : 0);
  for (std::size_t first = 0; first < frames; first += block) {
    const std::size_t count = std::min(block, frames - first);
    std::complex<float>* const own = spectra.data() + first * bins;
    compared(own, count, a.data());
    write_slopes(a.data(), b.data() + first * values, slopes, slope.data(), count * values);
    for (std::size_t i = 0; mel_ && i < count; ++i) {
      mel_->apply_transposed(slope.data() + i * values, bin_slope.data() + i * bins);
    }
    pull_back(mel_ ? bin_slope.data() : slope.data(), mel_ ? bin_magnitudes.data() : a.data(),
              reinterpret_cast<float*>(own), count * bins);
    for (std::size_t i = 0; i < count; ++i) transform.backward(first + i, own + i * bins, gradient.data());
  }
  return loss;
}

}  // namespace soundalike
