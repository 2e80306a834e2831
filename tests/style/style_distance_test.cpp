#include "soundalike/style_distance.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>
#include <string>

#include "soundalike/error.hpp"
#include "soundalike/rng.hpp"

using namespace soundalike;

namespace {

AudioBuffer noise(double rate, double seconds, std::size_t channels, std::uint64_t seed) {
  AudioBuffer out(channels, static_cast<std::size_t>(rate * seconds), SampleRate{rate});
  Rng rng(seed);
  for (float& x : out.samples()) x = static_cast<float>(0.1 * rng.normal());
  return out;
}

AudioBuffer tone(double rate, double seconds, std::size_t channels) {
  AudioBuffer out(channels, static_cast<std::size_t>(rate * seconds), SampleRate{rate});
  for (std::size_t i = 0; i < out.frames(); ++i) {
    out.channel(0)[i] =
        static_cast<float>(0.5 * std::sin(2.0 * std::numbers::pi * 440.0 * static_cast<double>(i) / rate));
  }
  return out;
}

/// Notes with onsets, decays and harmonics: something with a style. Sums of sines below 4 kHz, so any rate carries it.
AudioBuffer melody(double rate, double seconds, std::uint64_t seed) {
  AudioBuffer out(1, static_cast<std::size_t>(rate * seconds), SampleRate{rate});
  Rng rng(seed);
  for (double start = 0.0; start < seconds; start += 0.15 + 0.2 * rng.uniform()) {
    const double hz = 110.0 * std::exp2(2.0 * rng.uniform());
    const double decay = 3.0 + 10.0 * rng.uniform();
    for (std::size_t i = static_cast<std::size_t>(start * rate); i < out.frames(); ++i) {
      const double t = static_cast<double>(i) / rate - start;
      const double envelope = 0.2 * std::exp(-decay * t) * std::min(1.0, t / 0.01);
      if (t > 0.1 && envelope < 1e-5) break;
      for (int h = 1; h <= 8; ++h) {
        out.channel(0)[i] += static_cast<float>(envelope / h * std::sin(2.0 * std::numbers::pi * hz * h * t));
      }
    }
  }
  return out;
}

AudioBuffer scaled(AudioBuffer audio, float gain) {
  for (float& x : audio.samples()) x *= gain;
  return audio;
}

AudioBuffer clipped(AudioBuffer audio) {
  for (float& x : audio.samples()) x = std::tanh(20.0f * x);
  return audio;
}

}  // namespace

TEST_CASE("every_recording_has_a_finite_description_of_one_length") {
  for (const auto& kind : style_distances()) {
    for (const std::size_t channels : {1, 2}) {
      const auto style = make_style_distance(kind.name, {SampleRate{24000}, 0.0, channels});
      AudioBuffer silence(channels, 24000, SampleRate{24000});
      AudioBuffer impulse(channels, 24000, SampleRate{24000});
      impulse.channel(0)[100] = 1.0f;
      for (const AudioBuffer& audio : {silence, impulse, noise(24000, 0.05, channels, 1), tone(24000, 2, channels),
                                       noise(24000, 3, channels, 2)}) {
        const auto description = style->describe(audio);
        CHECK(description.size() == style->feature_names().size());
        for (const float x : description) CHECK(std::isfinite(x));
        CHECK(std::isfinite(style->distance(description, style->describe(silence))));
      }
    }
  }
}

TEST_CASE("distance_is_symmetric_and_zero_at_equality") {
  for (const auto& kind : style_distances()) {
    const auto style = make_style_distance(kind.name, {SampleRate{16000}});
    const auto a = style->describe(melody(16000, 3, 1));
    const auto b = style->describe(noise(16000, 3, 1, 1));
    CHECK(style->distance(a, a) == 0.0);
    CHECK(style->distance(a, b) == style->distance(b, a));
    CHECK(style->distance(a, b) > 0.5);
  }
}

TEST_CASE("distance_does_not_depend_on_level") {
  for (const auto& kind : style_distances()) {
    const auto style = make_style_distance(kind.name, {SampleRate{24000}});
    const AudioBuffer audio = melody(24000, 3, 1);
    const auto a = style->describe(audio);
    for (const float gain : {0.1f, 0.7f, 10.0f}) {
      CHECK(style->distance(a, style->describe(scaled(audio, gain))) < 1e-3);
    }
  }
}

TEST_CASE("same_content_at_another_rate_is_near") {
  for (const auto& kind : style_distances()) {
    const auto low = make_style_distance(kind.name, {SampleRate{24000}, 11000});
    const auto high = make_style_distance(kind.name, {SampleRate{48000}, 11000});
    const auto a = low->describe(melody(24000, 4, 1));
    const double rate = low->distance(a, high->describe(melody(48000, 4, 1)));
    const double effect = low->distance(a, low->describe(clipped(melody(24000, 4, 1))));
    MESSAGE(kind.name << ": rate " << rate << ", effect " << effect);
    CHECK(rate < 0.25 * effect);
  }
}

TEST_CASE("what_cannot_be_described_is_refused") {
  const auto style = make_style_distance("ltas", {SampleRate{24000}});
  CHECK_THROWS_AS(style->describe(noise(24000, 0.04, 1, 1)), Error);
  CHECK_THROWS_AS(style->describe(noise(48000, 1, 1, 1)), Error);
  CHECK_THROWS_AS(style->describe(noise(24000, 1, 2, 1)), Error);
  CHECK_THROWS_AS(style->distance(style->describe(noise(24000, 1, 1, 1)), std::vector<float>(3)), Error);
  CHECK_THROWS_WITH_AS(make_style_distance("stile", {SampleRate{24000}}), doctest::Contains("known are"), Error);
  CHECK_THROWS_AS(make_style_distance("style", {SampleRate{24000}, 0.0, 3}), Error);
}
