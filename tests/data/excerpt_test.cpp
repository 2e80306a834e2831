#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "soundalike/corpus.hpp"

using namespace soundalike;

namespace {

constexpr SampleRate rate{1000.0};

AudioBuffer constant(std::size_t channels, std::size_t frames, float level) {
  AudioBuffer audio(channels, frames, rate);
  std::ranges::fill(audio.samples(), level);
  return audio;
}

void set(AudioBuffer& audio, std::size_t first, std::size_t count, float level) {
  for (std::size_t c = 0; c < audio.channels(); ++c) std::ranges::fill(audio.channel(c).subspan(first, count), level);
}

std::size_t offset(AudioView part, const AudioBuffer& whole) {
  return static_cast<std::size_t>(part.channel(0).data() - whole.channel(0).data());
}

}  // namespace

TEST_CASE("halves_are_the_two_equal_parts_of_the_recording") {
  const AudioBuffer audio = constant(2, 4001, 0.1f);
  const auto cut = halves(audio);
  REQUIRE(cut);
  CHECK(offset(cut->first, audio) == 0);
  CHECK(offset(cut->second, audio) == 2000);
  CHECK(cut->first.frames() == 2000);
  CHECK(cut->second.frames() == 2000);
  CHECK(cut->second.channel(1).data() == audio.channel(1).data() + 2000);
}

TEST_CASE("halves_that_are_short_or_nearly_silent_are_refused") {
  CHECK(halves(constant(1, 2000, 0.1f)));
  CHECK(!halves(constant(1, 1999, 0.1f)));
  CHECK(halves(constant(1, 1999, 0.1f), {.minimum_seconds = 0.9}));
  CHECK(!halves(constant(1, 1, 0.1f), {.minimum_seconds = 0.0}));
  CHECK(!halves(AudioBuffer(1, 0, rate)));
  CHECK(!halves(constant(1, 4000, 0.0f)));
  AudioBuffer fading = constant(1, 4000, 0.1f);
  set(fading, 2000, 2000, 0.0009f);  // -60.9 dBFS
  CHECK(!halves(fading));
  CHECK(halves(fading, {.silence_db = -70.0}));
}

TEST_CASE("active_excerpt_prefers_lively_audio_to_one_loud_hit") {
  AudioBuffer audio(1, 10000, rate);
  set(audio, 500, 50, 1.0f);
  set(audio, 6000, 2000, 0.25f);
  const AudioView part = active_excerpt(audio, 2.0);
  CHECK(part.frames() == 2000);
  CHECK(offset(part, audio) == 6000);
}

TEST_CASE("active_excerpt_is_all_of_short_audio_and_the_start_of_even_audio") {
  const AudioBuffer even = constant(1, 3000, 0.3f);
  CHECK(active_excerpt(even, 3.0).frames() == 3000);
  CHECK(active_excerpt(even, 5.0).frames() == 3000);
  CHECK(offset(active_excerpt(even, 1.0), even) == 0);
  const AudioBuffer silent = constant(1, 3000, 0.0f);
  CHECK(offset(active_excerpt(silent, 1.0), silent) == 0);
  CHECK(active_excerpt(silent, 1.0).frames() == 1000);
}

TEST_CASE("active_excerpt_never_reaches_past_the_end") {
  AudioBuffer audio(1, 1037, rate);
  set(audio, 950, 87, 0.5f);
  for (const double seconds : {0.0, 0.01, 0.05, 0.333, 0.99, 1.036}) {
    const AudioView part = active_excerpt(audio, seconds);
    CHECK(part.frames() == static_cast<std::size_t>(std::lround(seconds * 1000.0)));
    CHECK(offset(part, audio) + part.frames() <= audio.frames());
  }
}
