#include "soundalike/sound_features.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "fixtures/errors.hpp"
#include "soundalike/level.hpp"
#include "soundalike/rng.hpp"

using namespace soundalike;

namespace {

constexpr SampleRate rate{24000.0};

AudioBuffer sine(double hz, float gain = 0.5f, std::size_t channels = 1) {
  AudioBuffer audio(channels, 24000, rate);
  for (std::size_t c = 0; c < channels; ++c) {
    for (std::size_t i = 0; i < audio.frames(); ++i) {
      audio.channel(c)[i] = gain * static_cast<float>(std::sin(2.0 * M_PI * hz * static_cast<double>(i) / rate.hz));
    }
  }
  return audio;
}

AudioBuffer noise() {
  AudioBuffer audio(1, 24000, rate);
  Rng rng(1);
  for (float& x : audio.samples()) x = static_cast<float>(0.1 * rng.normal());
  return audio;
}

std::map<std::string, double> of(const AudioBuffer& audio) {
  std::map<std::string, double> result;
  const auto values = describe_sound(audio);
  for (std::size_t i = 0; i < values.size(); ++i) {
    result[std::string(sound_features()[i].name)] = static_cast<double>(values[i]);
  }
  return result;
}

}  // namespace

TEST_CASE("features_measure_what_they_are_called") {
  CHECK(of(sine(997))["loudness"] == doctest::Approx(-9.03).epsilon(0.02));
  CHECK(of(sine(997))["crest"] == doctest::Approx(3.01).epsilon(0.01));
  CHECK(of(sine(2000))["brightness"] > 1.5 * of(sine(500))["brightness"]);
  CHECK(of(sine(100))["depth"] > -0.1);
  CHECK(of(sine(2000))["depth"] < -40.0);
  CHECK(of(noise())["flatness"] > -3.0);
  CHECK(of(sine(440))["flatness"] < -30.0);
  CHECK(of(sine(440))["tail"] == doctest::Approx(0.0).epsilon(0.05).scale(1.0));
  AudioBuffer fading = sine(440);
  std::ranges::fill(fading.channel(0).subspan(12000), 0.0f);
  CHECK(of(fading)["tail"] == -60.0);
  AudioBuffer wide = sine(440, 0.5f, 2);
  CHECK(of(wide)["width"] == -60.0);
  for (float& x : wide.channel(1)) x = 0.0f;
  CHECK(of(wide)["width"] == doctest::Approx(0.0).epsilon(0.01).scale(1.0));
}

TEST_CASE("features_are_finite_for_silence_and_for_a_single_frame") {
  for (const AudioBuffer& audio : {AudioBuffer(1, 24000, rate), AudioBuffer(2, 1, rate)}) {
    for (const float value : describe_sound(audio)) CHECK(std::isfinite(value));
  }
  CHECK(thrown_by([] { describe_sound(AudioBuffer(1, 0, rate)); }).code == ErrorCode::invalid_argument);
}

TEST_CASE("gain_changes_the_loudness_alone") {
  const auto loud = of(sine(440)), quiet = of(sine(440, 0.05f));
  for (const auto& [name, value] : loud) {
    const auto& shown = name;  // lambdas of Clang 14 take no structured bindings
    CAPTURE(shown);
    CHECK(quiet.at(name) == doctest::Approx(value - (name == "loudness" ? 20.0 : 0.0)).epsilon(0.01));
  }
}
