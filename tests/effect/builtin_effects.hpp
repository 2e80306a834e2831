#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <complex>
#include <map>
#include <numbers>
#include <string>

#include "effect/builtin.hpp"
#include "soundalike/audio_buffer.hpp"

/// A built-in effect with the given knobs, in their own units, the others at their defaults.
struct BuiltinRig {
  std::string name;
  std::map<std::string, float> plain;
  double hz = 48000.0;
  std::size_t channels = 1;
  std::size_t block = 1024;

  soundalike::AudioBuffer operator()(soundalike::AudioView dry) const {
    const auto listings = soundalike::list_builtin("");
    const auto listing = std::ranges::find(listings, "builtin:" + name, [](const auto& l) { return l.info.id; });
    REQUIRE(listing != listings.end());
    const auto effect = soundalike::open_builtin(*listing, {soundalike::SampleRate{hz}, channels, block});
    auto settings = effect->default_settings();
    for (const auto& [id, value] : plain) {
      const auto parameters = effect->parameters();
      const auto found = std::ranges::find(parameters, id, &soundalike::Parameter::id);
      const std::string& knob = id;  // lambdas of Clang 14 take no structured bindings
      REQUIRE_MESSAGE(found != parameters.end(), "no knob " << knob);
      settings[static_cast<std::size_t>(found - parameters.begin())] = found->to_setting(value);
    }
    return effect->render(dry, settings);
  }

  /// What comes out for a single sample of 1.
  soundalike::AudioBuffer impulse_response(std::size_t frames, std::size_t at = 0) const {
    soundalike::AudioBuffer impulse(channels, frames, {hz});
    for (std::size_t c = 0; c < channels; ++c) impulse.channel(c)[at] = 1.0f;
    return (*this)(impulse);
  }
};

/// The spectrum of a response at one frequency.
inline std::complex<double> response_at(std::span<const float> samples, double hz, double rate) {
  std::complex<double> sum = 0.0;
  const double w = 2.0 * std::numbers::pi * hz / rate;
  for (std::size_t n = 0; n < samples.size(); ++n) {
    sum += static_cast<double>(samples[n]) * std::polar(1.0, -w * static_cast<double>(n));
  }
  return sum;
}

inline double decibels(std::complex<double> value) { return 20.0 * std::log10(std::abs(value)); }

inline soundalike::AudioBuffer constant(float value, std::size_t frames, double hz = 48000.0) {
  soundalike::AudioBuffer audio(1, frames, {hz});
  std::ranges::fill(audio.channel(0), value);
  return audio;
}

inline soundalike::AudioBuffer sine(double amplitude, double frequency, std::size_t frames, double hz = 48000.0) {
  soundalike::AudioBuffer audio(1, frames, {hz});
  for (std::size_t n = 0; n < frames; ++n) {
    const double phase = 2.0 * std::numbers::pi * frequency * static_cast<double>(n) / hz;
    audio.channel(0)[n] = static_cast<float>(amplitude * std::sin(phase));
  }
  return audio;
}
