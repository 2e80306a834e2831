#include "soundalike/recording_store.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <thread>

#include "fixtures/errors.hpp"
#include "fixtures/signals.hpp"
#include "fixtures/temp_folder.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/corpus.hpp"

using namespace soundalike;

namespace {

std::filesystem::path recording(const TempFolder& folder, const std::string& name, std::uint64_t seed = 1) {
  const auto file = folder / name;
  write_audio(file, noise(32000, 16000.0, 2, 0.5, seed));  // 2 s
  return file;
}

constexpr LoadOptions mono_24k{.sample_rate = SampleRate{24000.0}, .channels = 1};

}  // namespace

TEST_CASE("parts_are_those_of_the_whole_recording_with_and_without_a_cache_folder") {
  const TempFolder folder, cache;
  const auto file = recording(folder, "a.wav");
  const AudioBuffer whole = load_recording(file, mono_24k);
  RecordingStore memory, disk({.cache_folder = cache / "deep/er"}), again({.cache_folder = cache / "deep/er"});
  for (RecordingStore* store : {&memory, &disk, &again}) {
    CHECK(store->frames(file) == whole.frames());
    CHECK(*store->read(file, 0, 1u << 30) == whole);
    CHECK(*store->read(file, 1000, 500) == AudioBuffer(whole.view().excerpt(1000, 500)));
    CHECK(store->read(file, whole.frames() - 10, 500)->frames() == 10);
    CHECK(store->read(file, whole.frames() + 10, 500)->frames() == 0);
  }
  CHECK(memory.decoded() == 1);
  CHECK(disk.decoded() == 1);
  CHECK(again.decoded() == 0);
}

TEST_CASE("a_stereo_cache_keeps_both_channels_and_another_rate_has_its_own_file") {
  const TempFolder folder, cache;
  const auto file = recording(folder, "a.wav");
  for (int round = 0; round < 2; ++round) {
    RecordingStore store({.sample_rate = {48000.0}, .channels = 2, .cache_folder = cache.path()});
    const AudioBuffer whole = load_recording(file, {.sample_rate = SampleRate{48000.0}, .channels = 2});
    CHECK(*store.read(file, 100, 999) == AudioBuffer(whole.view().excerpt(100, 999)));
  }
  CHECK(cache.entries() == 1);
  RecordingStore other({.sample_rate = {24000.0}, .channels = 1, .cache_folder = cache.path()});
  CHECK(*other.read(file, 0, 1u << 30) == load_recording(file, mono_24k));
  CHECK(cache.entries() == 2);
}

TEST_CASE("a_damaged_cached_file_or_a_changed_recording_is_decoded_anew") {
  const TempFolder folder, cache;
  const auto file = recording(folder, "a.wav");
  RecordingStore({.cache_folder = cache.path()}).frames(file);
  const auto cached = std::filesystem::directory_iterator(cache.path())->path();
  std::filesystem::resize_file(cached, std::filesystem::file_size(cached) - 1);
  RecordingStore repaired({.cache_folder = cache.path()});
  CHECK(*repaired.read(file, 0, 1u << 30) == load_recording(file, mono_24k));
  CHECK(repaired.decoded() == 1);

  write_audio(file, noise(16000, 16000.0, 1, 0.5, 9));
  RecordingStore changed({.cache_folder = cache.path()});
  CHECK(*changed.read(file, 0, 1u << 30) == load_recording(file, mono_24k));
}

TEST_CASE("a_cache_that_vanishes_while_it_is_used_costs_only_time") {
  const TempFolder folder, cache;
  const auto file = recording(folder, "a.wav");
  RecordingStore({.cache_folder = cache / "c"}).frames(file);
  RecordingStore store({.cache_folder = cache / "c"});
  REQUIRE(store.frames(file));
  std::filesystem::remove(std::filesystem::directory_iterator(cache / "c")->path());
  CHECK(*store.read(file, 0, 1u << 30) == load_recording(file, mono_24k));
}

TEST_CASE("memory_stays_within_its_budget_and_the_least_recently_used_goes_first") {
  const TempFolder folder;
  const auto a = recording(folder, "a.wav", 1), b = recording(folder, "b.wav", 2), c = recording(folder, "c.wav", 3);
  const std::size_t each = 48000 * sizeof(float);
  RecordingStore store({.memory_bytes = 2 * each});
  store.read(a, 0, 1);
  store.read(b, 0, 1);
  store.read(a, 0, 1);
  store.read(c, 0, 1);  // b goes
  CHECK(store.memory_used() == 2 * each);
  CHECK(store.decoded() == 3);
  store.read(a, 0, 1);
  CHECK(store.decoded() == 3);
  CHECK(*store.read(b, 0, 1u << 30) == load_recording(b, mono_24k));
  CHECK(store.decoded() == 4);
}

TEST_CASE("many_threads_decode_a_recording_once") {
  const TempFolder folder;
  const auto file = recording(folder, "a.wav");
  RecordingStore store;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) threads.emplace_back([&] { store.read(file, 0, 100); });
  }
  CHECK(store.decoded() == 1);
}

TEST_CASE("an_unreadable_file_is_reported_once_and_gives_nothing") {
  const TempFolder folder;
  std::ofstream(folder / "bad.wav") << "not audio";
  std::vector<std::string> reported;
  RecordingStore store({.on_unreadable = [&](const UnreadableFile& file) { reported.push_back(file.reason); }});
  for (int i = 0; i < 3; ++i) CHECK_FALSE(store.read(folder / "bad.wav", 0, 10));
  CHECK_FALSE(store.frames(folder / "bad.wav"));
  CHECK_FALSE(store.frames(folder / "missing.wav"));
  REQUIRE(reported.size() == 2);
  CHECK(reported[0].find("bad.wav") != std::string::npos);
  CHECK(store.unreadable().size() == 2);
}

TEST_CASE("options_that_cannot_be_are_refused") {
  CHECK(thrown_by([] { RecordingStore({.channels = 3}); }).says("3 channels"));
  CHECK(thrown_by([] { RecordingStore({.sample_rate = {0.0}}); }).code == ErrorCode::invalid_argument);
  const TempFolder folder;
  CHECK(thrown_by([&] { RecordingStore({.cache_folder = folder.touch("file") / "x"}); }).code == ErrorCode::io);
}
