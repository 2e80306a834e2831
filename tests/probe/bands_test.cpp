#include "probe/bands.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "soundalike/decibels.hpp"
#include "soundalike/probe.hpp"

using namespace soundalike;

namespace {

AudioBuffer scaled(AudioBuffer audio, float gain) {
  for (float& sample : audio.samples()) sample *= gain;
  return audio;
}

// A one-pole low-pass, strong enough to hear.
AudioBuffer dulled(AudioBuffer audio) {
  for (std::size_t c = 0; c < audio.channels(); ++c) {
    float state = 0.0f;
    for (float& sample : audio.channel(c)) sample = state += 0.1f * (sample - state);
  }
  return audio;
}

}  // namespace

TEST_CASE("equal_sounds_do_not_differ") {
  const BandAnalysis analysis({24000.0});
  const BandPicture picture = analysis.picture(probe_signal({24000.0}, 2));
  CHECK(band_change(picture, picture) == 0.0);
  CHECK(level_free_change(picture, picture) == 0.0);
}

TEST_CASE("a_gain_is_a_change_but_not_a_level_free_one") {
  const BandAnalysis analysis({24000.0});
  const AudioBuffer signal = probe_signal({24000.0}, 1);
  const BandPicture loud = analysis.picture(signal);
  const BandPicture quiet = analysis.picture(scaled(signal, static_cast<float>(from_db(-12.0))));
  CHECK(band_change(loud, quiet) > 6.0);  // less than 12 where bands reach the floor
  CHECK(level_free_change(loud, quiet) < 0.01);
}

TEST_CASE("a_filter_is_a_level_free_change_whatever_gain_follows") {
  const BandAnalysis analysis({24000.0});
  const AudioBuffer signal = probe_signal({24000.0}, 1);
  const BandPicture dry = analysis.picture(signal);
  const double change = level_free_change(dry, analysis.picture(dulled(signal)));
  CHECK(change > 2.0);
  CHECK(level_free_change(dry, analysis.picture(scaled(dulled(signal), 3.0f))) ==
        doctest::Approx(change).epsilon(0.05));
}

TEST_CASE("nothing_is_said_about_the_timbre_of_near_silence") {
  const BandAnalysis analysis({24000.0});
  const AudioBuffer signal = probe_signal({24000.0}, 1);
  CHECK(level_free_change(analysis.picture(signal), analysis.picture(scaled(dulled(signal), 1e-8f))) == 0.0);
}

TEST_CASE("agreement_is_one_along_a_direction_and_minus_one_against_it") {
  const BandPicture origin{-10.0f, -20.0f, -30.0f};
  const BandPicture ahead{-9.0f, -18.0f, -30.0f};
  const BandPicture further{-5.0f, -10.0f, -30.0f};
  const BandPicture behind{-11.0f, -22.0f, -30.0f};
  CHECK(change_agreement(origin, ahead, further) == doctest::Approx(1.0));
  CHECK(change_agreement(origin, ahead, behind) == doctest::Approx(-1.0));
  CHECK(change_agreement(origin, origin, ahead) == 0.0);
}
