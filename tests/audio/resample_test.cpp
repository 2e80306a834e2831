#include "soundalike/resample.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "fixtures/errors.hpp"
#include "fixtures/signals.hpp"
#include "soundalike/decibels.hpp"

using namespace soundalike;

namespace {

// Largest difference in the middle: the ends ring, because a sine that starts or stops is not band-limited.
double largest_difference(AudioView a, AudioView b, double skip_seconds) {
  const auto skip = static_cast<std::size_t>(skip_seconds * a.sample_rate().hz);
  double largest = 0.0;
  for (std::size_t c = 0; c < a.channels(); ++c) {
    for (std::size_t i = skip; i + skip < std::min(a.frames(), b.frames()); ++i) {
      largest = std::max(largest, std::abs(double{a.channel(c)[i]} - double{b.channel(c)[i]}));
    }
  }
  return largest;
}

double rms(std::span<const float> x) {
  double sum = 0.0;
  for (const float v : x) sum += double{v} * double{v};
  return std::sqrt(sum / static_cast<double>(x.size()));
}

}  // namespace

TEST_CASE("resampled_length_is_the_rounded_ratio_for_every_pair_of_rates") {
  for (const double from : {4000.0, 8000.0, 22050.0, 24000.0, 44100.0, 48000.0, 384000.0}) {
    for (const double to : {4000.0, 8000.0, 16000.0, 24000.0, 44100.0, 96000.0, 384000.0}) {
      for (const std::size_t frames : {0u, 1u, 2u, 100u, 1023u, 20001u}) {
        CAPTURE(from);
        CAPTURE(to);
        CAPTURE(frames);
        const AudioBuffer out = resample(AudioBuffer(2, frames, {from}), {to});
        CHECK(out.frames() == static_cast<std::size_t>(std::llround(static_cast<double>(frames) * (to / from))));
        CHECK(out.channels() == 2);
        CHECK(out.sample_rate() == SampleRate{to});
      }
    }
  }
}

TEST_CASE("resampling_to_the_same_rate_returns_a_copy") {
  const AudioBuffer in = noise(5000, 44100.0, 2);
  CHECK(resample(in, {44100.0}) == in);
}

TEST_CASE("resampling_twice_gives_identical_samples") {
  const AudioBuffer in = noise(50000, 44100.0, 2);
  CHECK(resample(in, {24000.0}) == resample(in, {24000.0}));
}

TEST_CASE("a_sine_keeps_its_level_frequency_and_phase") {
  for (const auto& [from, to] :
       {std::pair{44100.0, 24000.0}, {24000.0, 44100.0}, {48000.0, 8000.0}, {8000.0, 384000.0}}) {
    const auto& shown_from = from;  // lambdas of Clang 14 take no structured bindings
    CAPTURE(shown_from);
    const auto& shown_to = to;  // lambdas of Clang 14 take no structured bindings
    CAPTURE(shown_to);
    const AudioBuffer out = resample(sine(997.0, 1.0, from), {to});
    CHECK(largest_difference(out, sine(997.0, 1.0, to), 0.05) < 1e-4);
  }
}

TEST_CASE("there_and_back_returns_a_band_limited_signal") {
  const AudioBuffer in = sine(3000.0, 0.5, 24000.0, 2);
  CHECK(largest_difference(resample(resample(in, {44100.0}), {24000.0}), in, 0.02) < 1e-4);
}

TEST_CASE("an_impulse_is_not_shifted") {
  for (const double to : {16000.0, 24000.0, 44100.0, 96000.0}) {
    CAPTURE(to);
    AudioBuffer in(1, 48000, {48000.0});
    in.channel(0)[24000] = 1.0f;  // at 0.5 s exactly, a whole frame at every one of these rates
    const AudioBuffer out = resample(in, {to});
    const auto x = out.channel(0);
    const auto centre = static_cast<std::size_t>(to / 2.0);
    CHECK(std::max_element(x.begin(), x.end()) - x.begin() == static_cast<std::ptrdiff_t>(centre));
    for (std::size_t k = 1; k < 40; ++k) CHECK(std::abs(x[centre + k] - x[centre - k]) < 1e-4);
  }
}

TEST_CASE("what_lies_above_the_new_nyquist_is_removed") {
  const AudioBuffer in = sine(15000.0, 1.0, 48000.0);
  const AudioBuffer out = resample(in, {24000.0});
  const auto middle = out.channel(0).subspan(2400, 19200);
  CHECK(to_db(rms(middle) / rms(in.channel(0))) < -120.0);
}

TEST_CASE("the_pass_band_reaches_0_91_of_the_lower_nyquist") {
  const AudioBuffer out = resample(sine(0.91 * 12000.0, 1.0, 48000.0), {24000.0});
  CHECK(std::abs(to_db(rms(out.channel(0).subspan(2400, 19200)) / rms(sine(1000.0, 1.0, 24000.0).channel(0)))) < 0.1);
}

TEST_CASE("channels_are_resampled_as_if_alone") {
  const AudioBuffer stereo = noise(30000, 44100.0, 2);
  const AudioBuffer out = resample(stereo, {24000.0});
  for (std::size_t c = 0; c < 2; ++c) {
    const AudioView alone(stereo.channel(c).data(), 1, stereo.frames(), stereo.frames(), {44100.0});
    const AudioBuffer expected = resample(alone, {24000.0});
    CHECK(std::equal(expected.channel(0).begin(), expected.channel(0).end(), out.channel(c).begin()));
  }
}

TEST_CASE("impossible_rates_are_refused") {
  const AudioBuffer in = noise(100, 44100.0);
  for (const double hz : {0.0, -1.0, std::numeric_limits<double>::infinity(), std::nan("")}) {
    CHECK(thrown_by([&] { resample(in, {hz}); }).code == ErrorCode::invalid_argument);
  }
  CHECK(thrown_by([&] { resample(AudioBuffer(1, 10, {0.0}), {44100.0}); }).code == ErrorCode::invalid_argument);
}

TEST_CASE("mono_is_the_mean_of_the_channels") {
  const AudioBuffer stereo = noise(100, 44100.0, 2);
  const AudioBuffer mono = to_mono(stereo);
  CHECK(mono.channels() == 1);
  for (std::size_t i = 0; i < 100; ++i) {
    CHECK(mono.channel(0)[i] == (stereo.channel(0)[i] + stereo.channel(1)[i]) / 2.0f);
  }
  CHECK(to_mono(mono) == mono);
}
