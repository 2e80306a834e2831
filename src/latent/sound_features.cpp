#include "soundalike/sound_features.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "soundalike/decibels.hpp"
#include "soundalike/error.hpp"
#include "soundalike/level.hpp"
#include "soundalike/resample.hpp"
#include "soundalike/stft.hpp"

namespace soundalike {
namespace {

constexpr std::array features{
    SoundFeature{"loudness", "LUFS", "BS.1770 loudness"},
    SoundFeature{"crest", "dB", "peak over RMS"},
    SoundFeature{"brightness", "Hz", "spectral centroid: mean frequency by magnitude"},
    SoundFeature{"depth", "dB", "power below 200 Hz over all power"},
    SoundFeature{"flatness", "dB", "geometric over arithmetic mean of the power spectrum"},
    SoundFeature{"tail", "dB", "level of the last tenth over that of the whole"},
    SoundFeature{"width", "dB", "side over mid"},
};

constexpr double least_db = -60.0;
constexpr double least_lufs = -70.0;
constexpr double low_hz = 20.0;  // of what counts for brightness
constexpr double depth_hz = 200.0;
constexpr double silence = 1e-12;  // power

double ratio_db(double power, double of) {
  return std::clamp(10.0 * std::log10((power + silence) / (of + silence)), least_db, -least_db);
}

/// Mean power per bin over time, a Hann window of 2048 frames; shorter audio is followed by silence.
std::vector<double> mean_power(std::span<const float> audio, const StftOptions& options) {
  std::vector<float> padded;
  if (audio.size() < options.fft_size) {
    padded.assign(audio.begin(), audio.end());
    padded.resize(options.fft_size);
    audio = padded;
  }
  const Magnitudes magnitudes = stft_magnitudes(audio, options);
  std::vector<double> power(magnitudes.bins);
  for (std::size_t i = 0; i < magnitudes.frames; ++i) {
    const auto frame = magnitudes.frame(i);
    for (std::size_t b = 0; b < magnitudes.bins; ++b) {
      power[b] += static_cast<double>(frame[b]) * static_cast<double>(frame[b]);
    }
  }
  for (double& value : power) value /= static_cast<double>(magnitudes.frames);
  return power;
}

struct Spectrum {
  double brightness = low_hz;
  double depth = 0.0;
  double flatness = 0.0;
};

Spectrum spectrum_of(const AudioBuffer& mono) {
  const StftOptions options{.fft_size = 2048, .hop = 1024, .center = false};
  const auto power = mean_power(mono.channel(0), options);
  const double bin_hz = mono.sample_rate().hz / static_cast<double>(options.fft_size);
  double all = 0.0, deep = 0.0, weight = 0.0, moment = 0.0, logs = 0.0;
  std::size_t counted = 0;
  for (std::size_t b = 1; b < power.size(); ++b) {
    const double hz = bin_hz * static_cast<double>(b);
    all += power[b];
    if (hz < depth_hz) deep += power[b];
    logs += std::log(power[b] + silence);
    ++counted;
    if (hz < low_hz) continue;
    const double magnitude = std::sqrt(power[b] + silence);
    weight += magnitude;
    moment += magnitude * hz;
  }
  const double arithmetic = all / static_cast<double>(counted);
  return {moment / weight, ratio_db(deep, all), ratio_db(std::exp(logs / static_cast<double>(counted)), arithmetic)};
}

double width_db(AudioView audio) {
  if (audio.channels() < 2) return least_db;
  constexpr std::size_t lanes = 4;  // sums that do not wait for each other
  double mid[lanes] = {}, side[lanes] = {};
  const auto left = audio.channel(0), right = audio.channel(1);
  for (std::size_t i = 0; i < audio.frames(); ++i) {
    const double l = static_cast<double>(left[i]), r = static_cast<double>(right[i]);
    mid[i % lanes] += (l + r) * (l + r);
    side[i % lanes] += (l - r) * (l - r);
  }
  return ratio_db(side[0] + side[1] + side[2] + side[3], mid[0] + mid[1] + mid[2] + mid[3]);
}

}  // namespace

std::span<const SoundFeature> sound_features() { return features; }

std::vector<float> describe_sound(AudioView audio) {
  if (audio.frames() == 0 || audio.channels() == 0) {
    throw Error(ErrorCode::invalid_argument, "cannot describe a recording without frames");
  }
  const double whole = rms(audio);
  float highest = 0.0f;
  for (std::size_t c = 0; c < audio.channels(); ++c) highest = std::max(highest, peak_of(audio.channel(c)));
  const std::size_t tenth = std::max<std::size_t>(1, audio.frames() / 10);
  const double last = rms(audio.excerpt(audio.frames() - tenth, tenth));
  const Spectrum spectrum = spectrum_of(to_mono(audio));
  const double lufs = std::max(least_lufs, quick_lufs(audio));
  std::vector<float> result;
  for (const double value :
       {lufs, whole > 0.0 ? to_db(static_cast<double>(highest) / whole) : 0.0, spectrum.brightness, spectrum.depth,
        spectrum.flatness, ratio_db(last * last, whole * whole), width_db(audio)}) {
    result.push_back(static_cast<float>(value));
  }
  return result;
}

}  // namespace soundalike
