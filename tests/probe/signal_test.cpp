#include <doctest/doctest.h>

#include "soundalike/level.hpp"
#include "soundalike/probe.hpp"

using namespace soundalike;

TEST_CASE("the_probe_signal_is_the_same_every_time") {
  CHECK(probe_signal({48000.0}, 2) == probe_signal({48000.0}, 2));
}

TEST_CASE("the_probe_signal_is_three_seconds_at_18_lufs_below_full_scale") {
  for (const double rate : {24000.0, 44100.0, 48000.0}) {
    for (const std::size_t channels : {1, 2}) {
      CAPTURE(rate);
      CAPTURE(channels);
      const AudioBuffer signal = probe_signal({rate}, channels);
      CHECK(signal.channels() == channels);
      CHECK(signal.frames() == static_cast<std::size_t>(3.0 * rate));
      CHECK(measure_lufs(signal) == doctest::Approx(-18.0).epsilon(0.01));  // 0.18 LU
      CHECK(measure_levels(signal).true_peak_db < 0.0);
    }
  }
}

TEST_CASE("the_channels_of_the_probe_signal_differ") {
  const AudioBuffer signal = probe_signal({24000.0}, 2);
  CHECK_FALSE(std::ranges::equal(signal.channel(0), signal.channel(1)));
}
