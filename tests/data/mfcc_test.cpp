#include "soundalike/mfcc.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "fixtures/errors.hpp"
#include "fixtures/signals.hpp"

using namespace soundalike;

namespace {

AudioBuffer voice() {  // a buzz with a moving formant
  AudioBuffer audio = sine(0.0, 2.0, 24000.0);
  for (std::size_t i = 0; i < audio.frames(); ++i) {
    const double t = static_cast<double>(i) / 24000.0, formant = 700.0 + 400.0 * std::sin(9.0 * t);
    double sum = 0.0;
    for (int k = 1; k < 60; ++k) {
      const double hz = 120.0 * k;
      sum += std::sin(2.0 * std::numbers::pi * hz * t) / (1.0 + std::pow((hz - formant) / 300.0, 2.0));
    }
    audio.channel(0)[i] = static_cast<float>(0.1 * sum);
  }
  return audio;
}

}  // namespace

TEST_CASE("equal_audio_is_fully_similar_and_similarity_is_symmetric") {
  const AudioBuffer a = voice(), b = noise(a.frames(), 24000.0);
  CHECK(mfcc_similarity(a, a) == doctest::Approx(1.0));
  CHECK(mfcc_similarity(a, b) == doctest::Approx(mfcc_similarity(b, a)));
  CHECK(mfcc_similarity(AudioBuffer(1, 24000, {24000.0}), AudioBuffer(1, 24000, {24000.0})) == doctest::Approx(1.0));
}

TEST_CASE("a_mild_effect_passes_and_noise_is_too_extreme") {
  const AudioBuffer dry = voice();
  AudioBuffer driven = dry;
  for (float& x : driven.samples()) x = std::tanh(2.0f * x);
  CHECK(mfcc_similarity(dry, driven) > too_extreme_below);
  AudioBuffer crushed = dry;
  for (std::size_t i = 0; i < crushed.frames(); ++i) crushed.samples()[i] = noise(1, 24000.0, 1, 1.0, i).samples()[0];
  CHECK(mfcc_similarity(dry, crushed) < too_extreme_below);
  CHECK(mfcc_similarity(dry, driven) > mfcc_similarity(dry, crushed));
}

TEST_CASE("audio_that_cannot_be_compared_is_refused") {
  const AudioBuffer a = noise(1000, 24000.0);
  CHECK(thrown_by([&] { mfcc_similarity(a, noise(999, 24000.0)); }).code == ErrorCode::invalid_argument);
  CHECK(thrown_by([&] { mfcc_similarity(a, noise(1000, 8000.0)); }).code == ErrorCode::invalid_argument);
  CHECK(thrown_by([&] { mfcc_similarity(noise(399, 8e3), noise(399, 8e3)); }).says("399 frames"));
}
