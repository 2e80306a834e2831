#include "soundalike/augment.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "fixtures/errors.hpp"
#include "fixtures/signals.hpp"
#include "soundalike/level.hpp"

using namespace soundalike;

namespace {

// Of a steady sine, by its upward crossings of zero in the middle half.
double pitch_of(const AudioBuffer& audio) {
  const auto x = audio.view().excerpt(audio.frames() / 4, audio.frames() / 2).channel(0);
  double first = -1.0, last = -1.0;
  int count = -1;
  for (std::size_t i = 1; i < x.size(); ++i) {
    if (!(x[i - 1] < 0.0f && x[i] >= 0.0f)) continue;
    last = static_cast<double>(i) - static_cast<double>(x[i]) / (static_cast<double>(x[i]) - x[i - 1]);
    if (count++ < 0) first = last;
  }
  return count * audio.sample_rate().hz / (last - first);
}

}  // namespace

TEST_CASE("colours_differ_within_bounds_and_leave_silence_silent") {
  const SampleRate rate{44100.0};
  AudioBuffer impulse(2, 44100, rate);
  impulse.channel(0)[0] = 1.0f;
  std::vector<double> levels;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    Rng rng(seed), same(seed);
    const AudioBuffer out = coloured(impulse, rng);
    REQUIRE(out.frames() == impulse.frames());
    CHECK(coloured(impulse, same) == out);
    CHECK(peak_of(out.channel(1)) == 0.0f);
    double energy = 0.0;
    for (const float x : out.channel(0)) energy += static_cast<double>(x) * x;
    levels.push_back(10.0 * std::log10(energy));
  }
  std::ranges::sort(levels);
  CHECK(levels.front() > -60.0);
  CHECK(levels.back() < 60.0);
  CHECK(levels[50] - levels[10] > 3.0);
}

TEST_CASE("pitch_moves_without_length_and_length_without_pitch") {
  const AudioBuffer tone = sine(440.0, 2.0, 24000.0);
  const AudioBuffer higher = stretch(tone, {.cents = 200.0});
  CHECK(higher.frames() == tone.frames());
  CHECK(pitch_of(higher) == doctest::Approx(440.0 * std::exp2(200.0 / 1200.0)).epsilon(0.003));
  const AudioBuffer faster = stretch(tone, {.tempo = 1.25});
  CHECK(faster.frames() == 38400);
  CHECK(pitch_of(faster) == doctest::Approx(440.0).epsilon(0.003));
  CHECK(rms(faster) == doctest::Approx(rms(tone)).epsilon(0.05));
  const AudioBuffer slower = stretch(tone, {.cents = -100.0, .tempo = 0.8});
  CHECK(slower.frames() == 60000);
  CHECK(pitch_of(slower) == doctest::Approx(440.0 * std::exp2(-100.0 / 1200.0)).epsilon(0.003));
}

TEST_CASE("stretching_repeats_bit_for_bit_and_neutral_changes_nothing") {
  const AudioBuffer audio = noise(48000, 24000.0, 2);
  CHECK(stretch(audio, {}) == audio);
  CHECK(stretch(audio, {120.0, 0.9}) == stretch(audio, {120.0, 0.9}));
  CHECK(stretch(audio, {120.0, 0.9}).channels() == 2);
}

TEST_CASE("short_and_empty_audio_stretches_to_the_promised_length") {
  for (const std::size_t frames : {0u, 1u, 10u, 1000u}) {
    CAPTURE(frames);
    CHECK(stretch(noise(frames, 24000.0), {50.0, 0.8}).frames() ==
          static_cast<std::size_t>(std::llround(frames / 0.8)));
  }
}

TEST_CASE("stretches_out_of_range_are_refused") {
  const AudioBuffer audio = noise(100, 24000.0);
  for (const Stretch by : {Stretch{0.0, 0.0}, Stretch{0.0, 5.0}, Stretch{3000.0, 1.0}, Stretch{0.0, NAN}}) {
    CHECK(thrown_by([&] { stretch(audio, by); }).code == ErrorCode::invalid_argument);
  }
}

TEST_CASE("drawn_stretches_keep_to_their_ranges_and_probability") {
  Rng rng(3);
  int changed = 0;
  for (int i = 0; i < 2000; ++i) {
    const Stretch by = draw_stretch({}, rng);
    CHECK(std::abs(by.cents) <= 200.0);
    CHECK(by.tempo >= 0.8);
    CHECK(by.tempo < 1.2);
    if (by.tempo != 1.0) ++changed;
  }
  CHECK(std::abs(changed - 1000) < 112);  // five standard deviations
  CHECK(draw_stretch({.probability = 0.0}, rng).cents == 0.0);
}
