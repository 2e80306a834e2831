#include "spectral/level_image.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

using namespace soundalike;

namespace {

AudioBuffer sine(double hz, double amplitude, double seconds, double rate, std::size_t channels = 1) {
  AudioBuffer out(channels, static_cast<std::size_t>(seconds * rate), SampleRate{rate});
  for (std::size_t c = 0; c < channels; ++c) {
    for (std::size_t i = 0; i < out.frames(); ++i) {
      out.channel(c)[i] = static_cast<float>(amplitude * std::sin(2.0 * std::numbers::pi * hz * double(i) / rate));
    }
  }
  return out;
}

}  // namespace

TEST_CASE("sine_shows_at_its_frequency_with_its_level") {
  const LevelAxes axes{100, 200, 1.0, 40.0, 12000.0};
  for (const double hz : {200.0, 1000.0, 6000.0}) {
    for (const std::size_t channels : {1u, 2u}) {
      const auto levels = level_image(sine(hz, 0.1, 1.0, 24000.0, channels), axes);
      REQUIRE(levels.size() == axes.columns * axes.rows);
      const auto column = levels.begin() + 50 * 200;
      const auto peak = std::max_element(column, column + 200);
      CHECK(std::abs(double(peak - column) + 0.5 - axes.row_of(hz)) <= 1.5);
      CHECK(*peak == doctest::Approx(-20.0).epsilon(0.075));  // Hann: at most 1.4 dB lost between bins
      CHECK(column[199] < -80.0f);
    }
  }
}

TEST_CASE("rows_and_frequencies_invert_each_other") {
  const LevelAxes axes{10, 200, 1.0, 40.0, 12000.0};
  CHECK(axes.row_of(40.0) == doctest::Approx(0.0));
  CHECK(axes.row_of(12000.0) == doctest::Approx(200.0));
  for (double row = 0.0; row <= 200.0; row += 12.5) CHECK(axes.row_of(axes.hz_at(row)) == doctest::Approx(row));
}

TEST_CASE("click_in_a_long_recording_is_not_lost_between_columns") {
  AudioBuffer audio(1, 24000 * 60, SampleRate{24000});
  const LevelAxes axes{20, 50, 60.0, 40.0, 12000.0};  // a column is 3 s, a frame 85 ms
  for (std::size_t position = 7; position < audio.frames(); position += 98765) {
    audio.channel(0)[position] = 1.0f;
    const auto levels = level_image(audio, axes);
    const std::size_t column = position / 72000;
    CHECK(levels[column * 50 + 25] > -70.0f);
    audio.channel(0)[position] = 0.0f;
  }
}

TEST_CASE("columns_after_the_end_are_left_out_and_silence_is_finite") {
  const AudioBuffer audio(1, 12000, SampleRate{24000});
  const auto levels = level_image(audio, {100, 30, 1.0, 40.0, 12000.0});
  CHECK(levels.size() == 50 * 30);
  CHECK(*std::max_element(levels.begin(), levels.end()) == doctest::Approx(-160.0));
  CHECK(level_image(AudioBuffer(1, 1, SampleRate{24000}), {100, 30, 1.0, 40.0, 12000.0}).size() == 30);
}
