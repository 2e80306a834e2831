#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "soundalike/decibels.hpp"
#include "soundalike/level.hpp"
#include "soundalike/probe.hpp"
#include "soundalike/rng.hpp"

namespace soundalike {
namespace {

constexpr double tau = 2.0 * std::numbers::pi;

// Adds sample(t) for t from 0 to seconds at `start` with the given gain.
template <typename Sample>
void add(std::span<float> out, double rate, double start, double seconds, double gain, Sample sample) {
  const auto first = static_cast<std::size_t>(start * rate);
  const auto count = static_cast<std::size_t>(seconds * rate);
  for (std::size_t i = 0; i < count && first + i < out.size(); ++i) {
    out[first + i] += static_cast<float>(gain * sample(static_cast<double>(i) / rate));
  }
}

// A plucked string: decaying harmonics below 0.45 of the rate, the higher ones faster.
double pluck(double t, double hz, double rate) {
  double sum = 0.0;
  for (int n = 1; n <= 12 && n * hz < 0.45 * rate; ++n) {
    sum += std::sin(tau * n * hz * t) / n * std::exp(-t * (2.0 + 1.2 * n));
  }
  return sum;
}

// A buzzing glide through two formants, as a voice has them.
double voice(double t, double rate) {
  const double phase = 140.0 * t + 25.0 * t * t;
  const double pitch = 140.0 + 50.0 * t;
  double sum = 0.0;
  for (int n = 1; n <= 40 && n * pitch < 0.45 * rate; ++n) {
    const double hz = n * pitch;
    const auto formant = [&](double center, double width) {
      return 1.0 / (1.0 + std::pow((hz - center) / width, 2.0));
    };
    sum += (formant(500.0 + 200.0 * t, 120.0) + 0.5 * formant(1600.0 - 300.0 * t, 200.0) + 0.02) *
           std::sin(tau * n * phase);
  }
  return sum * std::sin(std::numbers::pi * std::min(1.0, t / 0.7));
}

}  // namespace

AudioBuffer probe_signal(SampleRate sample_rate, std::size_t channels) {
  const double rate = sample_rate.hz;
  AudioBuffer audio(channels, static_cast<std::size_t>(3.0 * rate), sample_rate);
  for (std::size_t c = 0; c < channels; ++c) {
    auto out = audio.channel(c);
    Rng rng = Rng::derive(20, c);
    const double side = c == 0 ? 1.0 : 0.6;
    for (const double start : {0.05, 0.45, 1.85}) {  // kick and snare
      add(out, rate, start, 0.25, 0.8, [](double t) {
        return std::sin(tau * (50.0 * t + 6.0 * (1.0 - std::exp(-30.0 * t)))) * std::exp(-14.0 * t);
      });
      add(out, rate, start + 0.2, 0.15, 0.4 * side, [&](double t) { return rng.normal() * 0.5 * std::exp(-25.0 * t); });
    }
    const std::array<double, 3> chord{220.0, 277.2, 329.6};
    for (std::size_t i = 0; i < chord.size(); ++i) {
      add(out, rate, 0.65 + 0.03 * static_cast<double>(i), 0.6, 0.25 * side,
          [&](double t) { return pluck(t, chord[i], rate); });
      add(out, rate, 2.2 + 0.1 * static_cast<double>(i), 0.5, 0.25,
          [&](double t) { return pluck(t, 1.5 * chord[i], rate); });
    }
    add(out, rate, 1.2, 0.7, 0.12, [&](double t) { return voice(t, rate); });
    add(out, rate, 2.6, 0.15, 0.05, [&](double) { return rng.normal(); });
  }
  const double gain = from_db(guard_gain_db(measure_levels(audio).true_peak_db, -18.0 - measure_lufs(audio)));
  for (float& x : audio.samples()) x *= static_cast<float>(gain);
  return audio;
}

}  // namespace soundalike
