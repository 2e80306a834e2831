#pragma once

#include <algorithm>
#include <cmath>

#include "soundalike/audio_buffer.hpp"
#include "soundalike/rng.hpp"

/// Noise of +-0.5, another in each channel, always the same.
inline soundalike::AudioBuffer noise(std::size_t channels, std::size_t frames, double hz) {
  soundalike::AudioBuffer audio(channels, frames, {hz});
  soundalike::Rng rng(7);
  for (float& sample : audio.samples()) sample = static_cast<float>(rng.uniform(-0.5, 0.5));
  return audio;
}

inline float peak(soundalike::AudioView audio) {
  float largest = 0.0f;
  for (std::size_t c = 0; c < audio.channels(); ++c) {
    for (const float sample : audio.channel(c)) largest = std::max(largest, std::abs(sample));
  }
  return largest;
}
