#include "spectral/framing.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "soundalike/error.hpp"
#include "soundalike/fft.hpp"

namespace soundalike {

Framing::Framing(std::span<const float> audio, const StftOptions& options) : audio_(audio), options_(options) {
  if (options_.window_size == 0) options_.window_size = options_.fft_size;
  const std::size_t size = options_.fft_size;
  if (size == 0 || size % 2 != 0 || options_.hop == 0 || options_.window_size > size) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot make an STFT with FFT {}, window {}, hop {}: the FFT must be even and > 0, the "
                            "window no longer than it, the hop > 0",
                            size, options_.window_size, options_.hop));
  }
  const std::size_t needed = options_.center ? size / 2 + 1 : size;  // a mirrored end does not repeat its last sample
  if (audio.size() < needed) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot make an STFT of {} frames of audio: FFT size {} needs at least {}", audio.size(),
                            size, needed));
  }
  frames_ = (options_.center ? audio.size() : audio.size() - size) / options_.hop + 1;
  window_ = hann_window(options_.window_size);
  window_start_ = (size - options_.window_size) / 2;
}

float Framing::sample(std::ptrdiff_t i) const {
  const auto last = static_cast<std::ptrdiff_t>(audio_.size()) - 1;
  if (i < 0) i = -i;
  if (i > last) i = 2 * last - i;
  return audio_[static_cast<std::size_t>(i)];
}

void Framing::frame(std::size_t i, float* out) const {
  const std::size_t count = window_.size();
  std::fill_n(out, window_start_, 0.0f);
  std::fill(out + window_start_ + count, out + options_.fft_size, 0.0f);
  out += window_start_;
  const auto first = static_cast<std::ptrdiff_t>(i * options_.hop + window_start_) -
                     static_cast<std::ptrdiff_t>(options_.center ? options_.fft_size / 2 : 0);
  const float* window = window_.data();
  if (first >= 0 && static_cast<std::size_t>(first) + count <= audio_.size()) {
    const float* in = audio_.data() + first;
    for (std::size_t k = 0; k < count; ++k) out[k] = in[k] * window[k];
  } else {
    for (std::size_t k = 0; k < count; ++k) out[k] = sample(first + static_cast<std::ptrdiff_t>(k)) * window[k];
  }
}

}  // namespace soundalike
