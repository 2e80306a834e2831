#include <doctest/doctest.h>

#include <cmath>
#include <set>

#include "fixtures/temp_folder.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/corpus.hpp"
#include "soundalike/error.hpp"

using namespace soundalike;

namespace {

void write_tone(const std::filesystem::path& file, std::size_t channels, double seconds, double rate, float level) {
  AudioBuffer audio(channels, static_cast<std::size_t>(seconds * rate), SampleRate{rate});
  for (std::size_t c = 0; c < channels; ++c) {
    for (std::size_t i = 0; i < audio.frames(); ++i) {
      audio.channel(c)[i] = level * std::sin(0.01f * static_cast<float>((c + 1) * i % 5000));
    }
  }
  write_audio(file, audio);
}

// All in one folder; half of the names are good for pairs.
void fill(const TempFolder& folder) {
  for (int i = 0; i < 40; ++i) {
    const auto name = std::to_string(i) + ".wav";
    write_tone(folder.path() / ("long_" + name), 1, 3.0 + 0.01 * i, 8000.0, 0.2f);
    write_tone(folder.path() / ("short_" + name), 1, 0.5, 8000.0, 0.2f);
  }
}

}  // namespace

TEST_CASE("a_recording_is_loaded_as_it_is_or_as_asked_for") {
  const TempFolder folder;
  const auto file = folder.path() / "a.wav";
  write_tone(file, 2, 2.0, 16000.0, 0.5f);
  CHECK(load_recording(file) == read_audio(file));
  const AudioBuffer mono = load_recording(file, {.sample_rate = SampleRate{24000.0}, .channels = 1});
  CHECK(mono.channels() == 1);
  CHECK(mono.frames() == 48000);
  CHECK(mono.sample_rate() == SampleRate{24000.0});
  CHECK(load_recording(file, {.maximum_seconds = 0.5}).frames() == 8000);
  write_tone(folder.path() / "m.wav", 1, 1.0, 16000.0, 0.5f);
  const AudioBuffer doubled = load_recording(folder.path() / "m.wav", {.channels = 2});
  REQUIRE(doubled.channels() == 2);
  CHECK(std::equal(doubled.view().channel(0).begin(), doubled.view().channel(0).end(),
                   doubled.view().channel(1).begin()));
  CHECK_THROWS_AS(load_recording(file, {.channels = 3}), Error);
}

TEST_CASE("pairs_repeat_by_seed_and_use_every_usable_recording_before_any_again") {
  const TempFolder folder;
  fill(folder);
  const Corpus corpus(folder.path());
  std::size_t usable = 0;
  for (const auto& file : corpus.files(Split::train)) usable += file.filename().string().starts_with("long_");
  REQUIRE(usable > 5);
  const StylePairOptions options{.count = usable + 3, .seed = 4, .maximum_seconds = 1.25};
  const auto pairs = style_pairs(corpus, Split::train, options);
  REQUIRE(pairs.size() == usable + 3);
  std::set<std::filesystem::path> first;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    CHECK(split_of(pairs[i].file) == Split::train);
    CHECK(pairs[i].input.frames() == 10000);
    CHECK(pairs[i].reference.frames() == 10000);
    CHECK(pairs[i].input != pairs[i].reference);
    if (i < usable) first.insert(pairs[i].file);
  }
  CHECK(first.size() == usable);
  const auto again = style_pairs(corpus, Split::train, options);
  const auto other = style_pairs(corpus, Split::train, {.count = usable, .seed = 5, .maximum_seconds = 1.25});
  std::size_t moved = 0;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    CHECK(again[i].file == pairs[i].file);
    CHECK(again[i].input == pairs[i].input);
    if (i < usable) moved += other[i].file != pairs[i].file;
  }
  CHECK(moved > 0);
}

TEST_CASE("a_split_without_usable_recordings_is_refused") {
  const TempFolder folder;
  write_tone(folder.path() / "short_1.wav", 1, 0.5, 8000.0, 0.2f);
  const Corpus corpus(folder.path());
  for (const Split split : splits) {
    CHECK_THROWS_AS(style_pairs(corpus, split), Error);
    CHECK(style_pairs(corpus, split, {.count = 0}).empty());
  }
}
