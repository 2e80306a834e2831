#include "soundalike/stft.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "soundalike/error.hpp"
#include "soundalike/fft.hpp"
#include "spectral/framing.hpp"
#include "spectral/magnitudes.hpp"
#include "spectral/mel.hpp"

namespace soundalike {
namespace {

/// Sum of a[i] * b[i] in eight lanes of fixed order: as fast as the vectoriser likes, rounded alike everywhere.
float dot(const float* a, const float* b, std::size_t n) {
  std::array<float, 8> lanes{};
  std::size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    for (std::size_t k = 0; k < 8; ++k) lanes[k] += a[i + k] * b[i + k];
  }
  for (std::size_t k = 0; i < n; ++i, ++k) lanes[k] += a[i] * b[i];
  return ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]));
}

}  // namespace

Magnitudes stft_magnitudes(std::span<const float> audio, const StftOptions& options) {
  const Framing framing(audio, options);
  const Fft fft(options.fft_size);
  Magnitudes out{framing.frames(), fft.bins(), {}};
  out.values.resize(out.frames * out.bins);
  AlignedVector<float> frame(fft.size());
  AlignedVector<std::complex<float>> spectrum(fft.bins());
  for (std::size_t i = 0; i < out.frames; ++i) {
    framing.frame(i, frame.data());
    fft.forward(frame, spectrum);
    magnitudes(spectrum, 0.0f, out.values.data() + i * out.bins);
  }
  return out;
}

MelFilterbank::MelFilterbank(std::size_t bands, double low_hz, double high_hz, std::size_t fft_size, SampleRate rate) {
  if (bands == 0 || fft_size < 2 || !(low_hz >= 0.0) || !(high_hz > low_hz) || !(high_hz <= 0.5 * rate.hz)) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot make {} mel bands from {} Hz to {} Hz on an FFT of size {} at {} Hz: it takes at "
                            "least one band and 0 <= low < high <= half the sample rate",
                            bands, low_hz, high_hz, fft_size, rate.hz));
  }
  bins_ = fft_size / 2 + 1;
  const double low = to_mel(low_hz);
  const double step = (to_mel(high_hz) - low) / static_cast<double>(bands + 1);
  const double bin_hz = rate.hz / static_cast<double>(fft_size);
  const auto edge_hz = [&](std::size_t i) { return from_mel(low + step * static_cast<double>(i)); };
  for (std::size_t b = 0; b < bands; ++b) {
    const double left = edge_hz(b);
    const double center = edge_hz(b + 1);
    const double right = edge_hz(b + 2);
    const auto first = static_cast<std::size_t>(std::ceil(left / bin_hz));
    const auto last = std::min(static_cast<std::size_t>(right / bin_hz), fft_size / 2);
    std::vector<float> weights;
    for (std::size_t k = first; k <= last; ++k) {
      const double hz = static_cast<double>(k) * bin_hz;
      const double weight = std::min((hz - left) / (center - left), (right - hz) / (right - center));
      weights.push_back(static_cast<float>(std::max(weight, 0.0)));
    }
    const bool resolved = !weights.empty() && *std::max_element(weights.begin(), weights.end()) >= 0.5f;
    first_.push_back(resolved ? first : std::min(static_cast<std::size_t>(std::lround(center / bin_hz)), fft_size / 2));
    weights_.push_back(resolved ? std::move(weights) : std::vector<float>{1.0f});
    center_hz_.push_back(center);
  }
}

MelFilterbank MelFilterbank::slaney(std::size_t bands, std::size_t fft_size, SampleRate rate) {
  MelFilterbank mel;
  mel.bins_ = fft_size / 2 + 1;
  const double step = to_slaney(0.5 * rate.hz) / static_cast<double>(bands + 1);
  const double bin_hz = rate.hz / static_cast<double>(fft_size);
  const auto edge_hz = [&](std::size_t i) { return from_slaney(step * static_cast<double>(i)); };
  for (std::size_t b = 0; b < bands; ++b) {
    const double left = edge_hz(b);
    const double center = edge_hz(b + 1);
    const double right = edge_hz(b + 2);
    const auto first = static_cast<std::size_t>(left / bin_hz) + 1;  // the first bin above the left edge
    std::vector<float> weights;
    for (std::size_t k = first; k <= fft_size / 2; ++k) {
      const double hz = static_cast<double>(k) * bin_hz;
      const double height = std::min((hz - left) / (center - left), (right - hz) / (right - center));
      if (height <= 0.0) break;
      weights.push_back(static_cast<float>(height * 2.0 / (right - left)));
    }
    if (weights.empty()) continue;
    mel.first_.push_back(first);
    mel.weights_.push_back(std::move(weights));
    mel.center_hz_.push_back(center);
  }
  return mel;
}

void MelFilterbank::apply(const float* spectrum, float* out) const {
  for (std::size_t b = 0; b < bands(); ++b) out[b] = dot(weights_[b].data(), spectrum + first_[b], weights_[b].size());
}

void MelFilterbank::apply_transposed(const float* bands, float* spectrum) const {
  std::fill_n(spectrum, bins_, 0.0f);
  for (std::size_t b = 0; b < weights_.size(); ++b) {
    float* out = spectrum + first_[b];
    for (std::size_t k = 0; k < weights_[b].size(); ++k) out[k] += weights_[b][k] * bands[b];
  }
}

}  // namespace soundalike
