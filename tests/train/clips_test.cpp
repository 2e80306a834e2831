#include "train/clips.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "fixtures/errors.hpp"
#include "fixtures/temp_folder.hpp"
#include "soundalike/audio_file.hpp"

using namespace soundalike;
using namespace soundalike::training;

namespace {

constexpr SampleRate clip_rate{16000.0};

AudioBuffer tone(double hz, double seconds) {
  AudioBuffer audio(1, static_cast<std::size_t>(seconds * clip_rate.hz), clip_rate);
  for (std::size_t i = 0; i < audio.frames(); ++i) {
    audio.channel(0)[i] =
        static_cast<float>(0.3 * std::sin(2.0 * std::numbers::pi * hz * static_cast<double>(i) / clip_rate.hz));
  }
  return audio;
}

// From the number of times it rises through zero.
double pitch(AudioView audio) {
  const auto x = audio.channel(0);
  std::size_t rises = 0;
  for (std::size_t i = 1; i < x.size(); ++i) rises += x[i - 1] < 0.0f && x[i] >= 0.0f ? 1 : 0;
  return static_cast<double>(rises) / audio.seconds();
}

std::vector<ClipPair> load(const std::vector<std::filesystem::path>& files, const ClipOptions& options) {
  return load_clips(files, Split::train, options, {}, {});
}

}  // namespace

TEST_CASE("variations_come_beside_the_recording_at_other_speeds") {
  const TempFolder data;
  const std::vector<std::filesystem::path> files{data / "low.wav", data / "high.wav", data / "short.wav"};
  write_audio(files[0], tone(440.0, 3.0));
  write_audio(files[1], tone(1000.0, 3.0));
  write_audio(files[2], tone(440.0, 0.4));
  const auto plain = load(files, {.minimum_seconds = 0.5, .maximum_seconds = 0.5});
  const auto varied = load(files, {.minimum_seconds = 0.5, .maximum_seconds = 0.5, .variations = 4, .seed = 3});
  REQUIRE(plain.size() == 2);
  REQUIRE(varied.size() == 10);
  CHECK(std::ranges::count(varied, false, &ClipPair::varied) == 2);
  for (std::size_t r = 0; r < 2; ++r) {
    CHECK(varied[5 * r].halves == plain[r].halves);
    const double hz = pitch(plain[r].halves[0]);
    double lowest = 1e9, highest = 0.0;
    for (std::size_t v = 1; v <= 4; ++v) {
      const ClipPair& pair = varied[5 * r + v];
      CHECK(pair.varied);
      CHECK(pair.name == plain[r].name);
      CHECK(pair.rate() == clip_rate);
      CHECK(pair.halves[0].frames() == 8000);
      CHECK(pair.halves[1].frames() == 8000);
      for (const auto& half : pair.halves) {
        lowest = std::min(lowest, pitch(half));
        highest = std::max(highest, pitch(half));
      }
    }
    CHECK(lowest > 0.69 * hz);
    CHECK(highest < 1.43 * hz);
    CHECK(highest > 1.05 * lowest);
  }
  const auto again = load(files, {.minimum_seconds = 0.5, .maximum_seconds = 0.5, .variations = 4, .seed = 3});
  const auto other = load(files, {.minimum_seconds = 0.5, .maximum_seconds = 0.5, .variations = 4, .seed = 4});
  CHECK(again[1].halves == varied[1].halves);
  CHECK(other[1].halves != varied[1].halves);
}

TEST_CASE("variations_of_silence_or_of_nothing_usable_are_none") {
  const TempFolder data;
  const std::vector<std::filesystem::path> files{data / "silent.wav"};
  write_audio(files[0], AudioBuffer(1, 48000, clip_rate));
  CHECK(thrown_by([&] { load(files, {.minimum_seconds = 0.5, .variations = 3}); }).says("1 have halves under 0.5 s"));
}
