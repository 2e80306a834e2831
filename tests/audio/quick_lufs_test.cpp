#include <doctest/doctest.h>

#include <cmath>

#include "soundalike/demo_recordings.hpp"
#include "soundalike/level.hpp"
#include "soundalike/resample.hpp"

using namespace soundalike;

TEST_CASE("quick_lufs_is_the_meters_within_a_hundredth") {
  for (const EmbeddedFile& one : demo_recordings()) {
    const AudioBuffer recording = read_demo_recording(one.name);
    for (const double hz : {24000.0, 44100.0, 48000.0}) {
      CAPTURE(one.name);
      CAPTURE(hz);
      const AudioBuffer audio = resample(recording, {hz});
      CHECK(std::abs(quick_lufs(audio) - measure_lufs(audio)) < 0.01);
      const AudioView part = AudioView(audio).excerpt(0, static_cast<std::size_t>(hz));
      CHECK(std::abs(quick_lufs(part) - measure_lufs(part)) < 0.01);
    }
  }
}

TEST_CASE("quick_lufs_of_what_it_does_not_gate_is_the_meters") {
  const AudioBuffer silence(1, 24000, {24000.0});
  CHECK(quick_lufs(silence) == measure_lufs(silence));
  const AudioBuffer recording = read_demo_recording(demo_recordings().front().name);
  const AudioView blink = AudioView(recording).excerpt(0, static_cast<std::size_t>(0.1 * recording.sample_rate().hz));
  CHECK(quick_lufs(blink) == measure_lufs(blink));
  AudioBuffer quiet(recording);
  for (float& x : quiet.samples()) x *= 1e-5f;
  CHECK(quick_lufs(quiet) == measure_lufs(quiet));
}
