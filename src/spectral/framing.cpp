#include "spectral/framing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <mutex>

#include "soundalike/error.hpp"
#include "soundalike/fft.hpp"

namespace soundalike {
namespace {

/// A window's cosines cost more than its frame's FFT: one per size for the life of the process.
const std::vector<float>& shared_window(std::size_t size) {
  static auto& mutex = *new std::mutex;
  static auto& made = *new std::map<std::size_t, std::vector<float>>;  // never destroyed: threads may outlive main
  const std::lock_guard lock(mutex);
  auto& window = made[size];
  if (window.empty()) window = hann_window(size);
  return window;
}

}  // namespace

Framing::Framing(std::span<const float> audio, const StftOptions& options)
    : audio_(audio),
      options_(options),
      window_(shared_window(options.window_size == 0 ? options.fft_size : options.window_size)) {
  options_.window_size = window_.size();
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
  window_start_ = (size - options_.window_size) / 2;
}

std::ptrdiff_t Framing::first_sample(std::size_t frame) const {
  return static_cast<std::ptrdiff_t>(frame * options_.hop + window_start_) -
         static_cast<std::ptrdiff_t>(options_.center ? options_.fft_size / 2 : 0);
}

std::size_t Framing::mirrored(std::ptrdiff_t i) const {
  const auto last = static_cast<std::ptrdiff_t>(audio_.size()) - 1;
  if (i < 0) i = -i;
  if (i > last) i = 2 * last - i;
  return static_cast<std::size_t>(i);
}

void Framing::frame(std::size_t i, float* out) const {
  const std::size_t count = window_.size();
  std::fill_n(out, window_start_, 0.0f);
  std::fill(out + window_start_ + count, out + options_.fft_size, 0.0f);
  out += window_start_;
  const std::ptrdiff_t first = first_sample(i);
  const float* window = window_.data();
  if (first >= 0 && static_cast<std::size_t>(first) + count <= audio_.size()) {
    const float* in = audio_.data() + first;
    for (std::size_t k = 0; k < count; ++k) out[k] = in[k] * window[k];
  } else {
    for (std::size_t k = 0; k < count; ++k) {
      out[k] = audio_[mirrored(first + static_cast<std::ptrdiff_t>(k))] * window[k];
    }
  }
}

void Framing::add_back(std::size_t i, const float* in, float* out) const {
  const std::size_t count = window_.size();
  in += window_start_;
  const std::ptrdiff_t first = first_sample(i);
  const float* window = window_.data();
  if (first >= 0 && static_cast<std::size_t>(first) + count <= audio_.size()) {
    out += first;
    for (std::size_t k = 0; k < count; ++k) out[k] += in[k] * window[k];
  } else {
    for (std::size_t k = 0; k < count; ++k) out[mirrored(first + static_cast<std::ptrdiff_t>(k))] += in[k] * window[k];
  }
}

}  // namespace soundalike
