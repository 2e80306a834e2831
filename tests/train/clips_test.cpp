#include "train/clips.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "fixtures/errors.hpp"
#include "fixtures/temp_folder.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/heard.hpp"
#include "train/material.hpp"

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
    const double hz = pitch(plain[r].halves[0].expand());
    double lowest = 1e9, highest = 0.0;
    for (std::size_t v = 1; v <= 4; ++v) {
      const ClipPair& pair = varied[5 * r + v];
      CHECK(pair.varied);
      CHECK(pair.name == plain[r].name);
      CHECK(pair.rate() == clip_rate);
      CHECK(pair.halves[0].frames() == 8000);
      CHECK(pair.halves[1].frames() == 8000);
      for (const auto& half : pair.halves) {
        lowest = std::min(lowest, pitch(half.expand()));
        highest = std::max(highest, pitch(half.expand()));
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
  const auto by_one =
      load(files, {.minimum_seconds = 0.5, .maximum_seconds = 0.5, .variations = 4, .seed = 3, .threads = 1});
  REQUIRE(by_one.size() == varied.size());
  for (std::size_t i = 0; i < varied.size(); ++i) CHECK(by_one[i].halves == varied[i].halves);
}

TEST_CASE("clips_are_kept_in_16_bits_below_their_peak") {
  AudioBuffer audio = tone(440.0, 0.5);
  for (float& x : audio.samples()) x *= 4.0f;  // a float recording may exceed full scale
  const CompactAudio compact(audio);
  const AudioBuffer again = compact.expand(0.5f);
  CHECK(again.sample_rate() == clip_rate);
  REQUIRE(again.frames() == audio.frames());
  for (std::size_t i = 0; i < audio.frames(); ++i) {
    CHECK(std::abs(again.channel(0)[i] - 0.5f * audio.channel(0)[i]) < 0.5 * 0.51 * 1.2 / 32767.0);
  }
  CHECK(CompactAudio(AudioBuffer(1, 100, clip_rate)).expand() == AudioBuffer(1, 100, clip_rate));
}

TEST_CASE("folders_are_heard_evenly_where_asked") {
  const TempFolder many, few;
  for (int i = 0; i < 30; ++i) {
    const std::string name = "tune-" + std::to_string(i) + ".wav";
    write_audio(many / name, tone(440.0 + i, 1.5));
    if (i < 10) write_audio(few / name, tone(880.0 + i, 1.5));
  }
  ControllerTrainingOptions options;
  options.minimum_seconds = 0.5;
  options.variations = 2;
  const std::vector<std::filesystem::path> folders{many.path(), few.path()};
  const std::vector<Manifest> data = manifests_of(folders, {});
  const auto share_of_many = [&] {
    const Material material = load_material(data, options, {}, {});
    CHECK((std::ranges::count(material.validation_clips, true, &ClipPair::varied) > 0) == options.even_folders);
    const auto low = std::ranges::count_if(
        material.clips, [](const ClipPair& pair) { return !pair.varied && pitch(pair.halves[0].expand()) < 600.0; });
    const auto plain = std::ranges::count(material.clips, false, &ClipPair::varied);
    // Of the pairs of each folder, as they come one folder after the other: a plain one begins each recording.
    std::size_t of_many = 0;
    for (std::ptrdiff_t begun = 0; const ClipPair& pair : material.clips) {
      begun += pair.varied ? 0 : 1;
      of_many += begun <= low ? 1 : 0;
    }
    CHECK(plain > low);
    CHECK(material.clips.size() == doctest::Approx(static_cast<double>(3 * plain)).epsilon(0.15));
    return static_cast<double>(of_many) / static_cast<double>(material.clips.size());
  };
  CHECK(share_of_many() > 0.65);
  options.even_folders = true;
  CHECK(share_of_many() == doctest::Approx(0.5).epsilon(0.1));
}

TEST_CASE("variations_of_silence_or_of_nothing_usable_are_none") {
  const TempFolder data;
  const std::vector<std::filesystem::path> files{data / "silent.wav"};
  write_audio(files[0], AudioBuffer(1, 48000, clip_rate));
  CHECK(thrown_by([&] { load(files, {.minimum_seconds = 0.5, .variations = 3}); }).says("1 have halves under 0.5 s"));
}
