#include "soundalike/training_pair.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <fstream>

#include "fixtures/errors.hpp"
#include "fixtures/signals.hpp"
#include "fixtures/temp_folder.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/decibels.hpp"
#include "soundalike/level.hpp"
#include "soundalike/prefetch.hpp"

using namespace soundalike;

namespace {

constexpr double rate = 8000.0;

// A recording whose every sample tells its place: a ramp from `from`, far below full scale and never silent.
void write_ramp(const TempFolder& folder, const std::string& name, std::size_t frames, float from) {
  AudioBuffer audio(1, frames, {rate});
  for (std::size_t i = 0; i < frames; ++i) audio.samples()[i] = from + static_cast<float>(i) * 0x1.0p-20f;
  write_audio(folder / name, audio);
}

std::shared_ptr<RecordingStore> store() {
  return std::make_shared<RecordingStore>(RecordingStoreOptions{.sample_rate = {rate}});
}

std::vector<Recording> one_group(const TempFolder& folder, const std::vector<std::string>& names) {
  std::vector<Recording> out;
  for (const auto& name : names) out.push_back({folder / name, "g"});
  return out;
}

// Nothing but cutting.
const PairOptions plain{.frames = 4000,
                        .warm_up_seconds = 0.25,
                        .continuation = Continuation::none,
                        .augment = std::nullopt,
                        .clean_probability = 0.0,
                        .loudness_lufs = std::nullopt,
                        .fade_seconds = 0.0};

PairOptions with(auto change) {
  PairOptions options = plain;
  change(options);
  return options;
}

}  // namespace

TEST_CASE("both_halves_follow_each_other_and_each_begins_with_what_came_before") {
  const TempFolder folder;
  write_ramp(folder, "a.wav", 30000, 0.1f);
  const TrainingPairs pairs(one_group(folder, {"a.wav"}), store(), plain);
  bool forward = false, backward = false;
  for (std::size_t i = 0; i < 40; ++i) {
    const TrainingPair pair = pairs.get(i);
    REQUIRE(pair.warm_up == 2000);
    REQUIRE(pair.input.frames() == 6000);
    REQUIRE(pair.reference.frames() == 6000);
    const float apart = pair.reference.samples()[0] - pair.input.samples()[0];
    CHECK(std::abs(apart) == doctest::Approx(4000 * 0x1.0p-20));  // the ramp's rise over one half
    (apart > 0.0f ? forward : backward) = true;
  }
  CHECK(forward);
  CHECK(backward);
}

TEST_CASE("an_example_depends_on_seed_and_number_alone") {
  const TempFolder folder, cache;
  for (int i = 0; i < 4; ++i)
    write_audio(folder / ("s" + std::to_string(i) + ".wav"), noise(24000, 16000.0, 1, 0.3, i));
  std::vector<Recording> files;
  for (int i = 0; i < 4; ++i) files.push_back({folder / ("s" + std::to_string(i) + ".wav"), i < 2 ? "a" : "b"});
  const PairOptions options{.seed = 5, .count = 24, .frames = 4000, .warm_up_seconds = 0.1};
  const auto run = [&](std::size_t workers, const RecordingStoreOptions& kept) {
    Prefetcher<TrainingPair> queue(
        std::make_shared<TrainingPairs>(files, std::make_shared<RecordingStore>(kept), options), {.workers = workers});
    std::vector<TrainingPair> out;
    while (auto pair = queue.next()) out.push_back(std::move(*pair));
    return out;
  };
  const auto equal = [](const std::vector<TrainingPair>& a, const std::vector<TrainingPair>& b) {
    return std::ranges::equal(a, b, [](const TrainingPair& x, const TrainingPair& y) {
      return x.index == y.index && x.input == y.input && x.reference == y.reference && x.clean == y.clean;
    });
  };
  const auto once = run(0, {.sample_rate = {rate}});
  REQUIRE(once.size() == 24);
  CHECK(equal(once, run(3, {.sample_rate = {rate}, .memory_bytes = 1})));
  CHECK(equal(once, run(2, {.sample_rate = {rate}, .cache_folder = cache.path()})));
  CHECK(equal(once, run(1, {.sample_rate = {rate}, .cache_folder = cache.path()})));
  std::reverse(files.begin(), files.end());  // groups are in order of name; within a group the order counts
  std::swap(files[0], files[1]);
  std::swap(files[2], files[3]);
  CHECK(equal(once, run(2, {.sample_rate = {rate}})));

  PairOptions other = options;
  other.seed = 6;
  CHECK_FALSE(TrainingPairs(files, store(), other).get(0).input == once[0].input);
  CHECK_FALSE(once[1].input == once[0].input);
}

TEST_CASE("loudness_is_set_within_its_range_and_peaks_stay_below_theirs") {
  const TempFolder folder;
  write_audio(folder / "a.wav", noise(80000, rate, 1, 0.01));
  AudioBuffer hits = noise(80000, rate, 1, 0.01);
  for (std::size_t i = 0; i < hits.frames(); i += 4000) hits.samples()[i] = 0.9f;
  write_audio(folder / "hits.wav", hits);
  const PairOptions options = with([](PairOptions& o) {
    o.loudness_lufs = -18.0;
    o.loudness_range_db = 3.0;
  });
  const TrainingPairs pairs(one_group(folder, {"a.wav"}), store(), options);
  double low = 0.0, high = -100.0;
  for (std::size_t i = 0; i < 30; ++i) {
    const TrainingPair pair = pairs.get(i);
    for (const AudioBuffer* part : {&pair.input, &pair.reference}) {
      const double lufs = measure_lufs(*part);
      low = std::min(low, lufs);
      high = std::max(high, lufs);
    }
  }
  CHECK(low >= -21.01);
  CHECK(low < -20.0);
  CHECK(high <= -14.99);
  CHECK(high > -16.0);
  const TrainingPair loud = TrainingPairs(one_group(folder, {"hits.wav"}), store(), options).get(0);
  CHECK(to_db(peak_of(loud.input.samples())) == doctest::Approx(-0.1).epsilon(0.001));
}

TEST_CASE("fades_reach_nothing_at_both_ends_and_leave_the_middle") {
  const TempFolder folder;
  write_ramp(folder, "a.wav", 30000, 0.25f);
  const auto recordings = one_group(folder, {"a.wav"});
  const AudioBuffer faded =
      TrainingPairs(recordings, store(), with([](auto& o) { o.fade_seconds = 0.05; })).get(0).input;
  const AudioBuffer bare = TrainingPairs(recordings, store(), plain).get(0).input;
  CHECK(std::abs(faded.samples().front()) < 1e-4f);
  CHECK(std::abs(faded.samples().back()) < 1e-4f);
  for (std::size_t i = 400; i < 5600; ++i) REQUIRE(faded.samples()[i] == bare.samples()[i]);
}

TEST_CASE("clean_targets_come_as_often_as_asked") {
  const TempFolder folder;
  write_ramp(folder, "a.wav", 30000, 0.1f);
  const auto share = [&](double probability) {
    const TrainingPairs pairs(one_group(folder, {"a.wav"}), store(),
                              with([&](auto& o) { o.clean_probability = probability; }));
    int clean = 0;
    for (std::size_t i = 0; i < 1000; ++i) clean += pairs.get(i).clean ? 1 : 0;
    return clean;
  };
  CHECK(share(0.0) == 0);
  CHECK(share(1.0) == 1000);
  CHECK(std::abs(share(0.1) - 100) < 48);  // five standard deviations
}

TEST_CASE("short_recordings_continue_in_their_group_without_saying_anything_twice") {
  const TempFolder folder;
  for (int i = 0; i < 6; ++i) write_ramp(folder, std::to_string(i) + ".wav", 2000, 0.1f * static_cast<float>(i + 1));
  const auto options = with([](PairOptions& o) {
    o.continuation = Continuation::group;
    o.warm_up_seconds = 0.0;
  });
  const TrainingPairs pairs(one_group(folder, {"0.wav", "1.wav", "2.wav", "3.wav", "4.wav", "5.wav"}), store(),
                            options);
  for (std::size_t i = 0; i < 20; ++i) {
    const TrainingPair pair = pairs.get(i);
    std::vector<float> values(pair.input.samples().begin(), pair.input.samples().end());
    values.insert(values.end(), pair.reference.samples().begin(), pair.reference.samples().end());
    REQUIRE(values.size() == 8000);
    // Where no join dips, every value is one place of one recording; 8000 of the 12000 places, 40 frames around each of
    // at most 4 joins left out.
    std::erase_if(values, [](float x) { return x < 0.0999f || std::fmod(x + 1e-6f, 0.1f) > 0.003f; });
    CHECK(values.size() > 8000 - 5 * 80);
    std::ranges::sort(values);
    int twice = 0;  // a dipped value may look like another; a part heard again would be hundreds
    for (std::size_t k = 1; k < values.size(); ++k) twice += values[k] == values[k - 1] ? 1 : 0;
    CHECK(twice < 20);
  }
  const TrainingPairs too_few(one_group(folder, {"0.wav", "1.wav", "2.wav"}), store(), options);
  CHECK(thrown_by([&] { too_few.get(0); }).says("too short"));
}

TEST_CASE("groups_too_short_alone_are_used_when_others_may_follow_at_a_like_level") {
  const TempFolder folder;
  std::vector<Recording> recordings;
  for (int i = 0; i < 6; ++i) {
    const std::string name = std::to_string(i) + ".wav";
    write_audio(folder / name, noise(2000, rate, 1, i % 2 == 0 ? 0.3 : 0.06, static_cast<std::uint64_t>(i)));
    recordings.push_back({folder / name, name});
  }
  const auto options = [](Continuation how) {
    return with([&](PairOptions& o) {
      o.continuation = how;
      o.warm_up_seconds = 0.0;
    });
  };
  const TrainingPairs pairs(recordings, store(), options(Continuation::any));
  for (std::size_t i = 0; i < 20; ++i) {
    const TrainingPair pair = pairs.get(i);
    CHECK(to_db(rms(pair.input) / rms(pair.reference)) == doctest::Approx(0.0).epsilon(0.01).scale(100.0));
  }
  const TrainingPairs alone(recordings, store(), options(Continuation::group));
  CHECK(thrown_by([&] { alone.get(0); }).code == ErrorCode::invalid_argument);
}

TEST_CASE("silent_halves_are_never_drawn") {
  const TempFolder folder;
  AudioBuffer audio = noise(80000, rate, 1, 0.3);
  std::ranges::fill(audio.samples().subspan(20000, 40000), 0.0f);
  write_audio(folder / "a.wav", audio);
  const TrainingPairs pairs(one_group(folder, {"a.wav"}), store(), plain);
  for (std::size_t i = 0; i < 50; ++i) {
    const TrainingPair pair = pairs.get(i);
    CHECK(to_db(rms(pair.input.view().excerpt(2000, 4000))) > -50.0);
    CHECK(to_db(rms(pair.reference.view().excerpt(2000, 4000))) > -50.0);
  }
}

TEST_CASE("data_that_gives_no_pair_is_refused_with_the_reason_counted") {
  const TempFolder folder;
  write_audio(folder / "short.wav", noise(4000, rate));
  write_audio(folder / "silent.wav", AudioBuffer(1, 40000, {rate}));
  std::ofstream(folder / "broken.wav") << "x";
  const auto refused = [&](const char* name) {
    const Thrown thrown = thrown_by([&] { TrainingPairs(one_group(folder, {name}), store(), plain).get(3); });
    CHECK(thrown.code == ErrorCode::invalid_argument);
    CHECK(thrown.message.find('\n') == std::string::npos);
    return thrown;
  };
  CHECK(refused("short.wav").says("1000 too short for 1.2 s"));
  CHECK(refused("silent.wav").says("1000 silent (below -50 dBFS)"));
  CHECK(refused("broken.wav").says("1000 unreadable"));
  CHECK(thrown_by([&] { TrainingPairs({}, store(), plain); }).says("no recordings"));
}

TEST_CASE("an_unreadable_recording_among_good_ones_is_passed_over") {
  const TempFolder folder;
  write_ramp(folder, "good.wav", 30000, 0.1f);
  std::ofstream(folder / "broken.wav") << "x";
  const auto kept = store();
  const TrainingPairs pairs(one_group(folder, {"broken.wav", "good.wav"}), kept, plain);
  for (std::size_t i = 0; i < 20; ++i) CHECK(pairs.get(i).input.frames() == 6000);
  CHECK(kept->unreadable().size() == 1);
}

TEST_CASE("augmented_pairs_have_the_asked_shape_at_every_tempo") {
  const TempFolder folder;
  write_audio(folder / "a.wav", noise(80000, rate, 1, 0.3));
  const TrainingPairs pairs(one_group(folder, {"a.wav"}), store(),
                            with([](PairOptions& o) { o.augment = AugmentOptions{.probability = 1.0}; }));
  for (std::size_t i = 0; i < 10; ++i) {
    const TrainingPair pair = pairs.get(i);
    CHECK(pair.input.frames() == 6000);
    CHECK(pair.reference.frames() == 6000);
    CHECK(rms(pair.input.view().excerpt(5500, 500)) > 0.05);
    CHECK(rms(pair.reference.view().excerpt(5500, 500)) > 0.05);
  }
}

TEST_CASE("options_out_of_range_are_named") {
  const TempFolder folder;
  write_ramp(folder, "a.wav", 30000, 0.1f);
  const auto refused = [&](auto change, const char* name) {
    const Thrown thrown = thrown_by([&] { TrainingPairs(one_group(folder, {"a.wav"}), store(), with(change)); });
    CHECK(thrown.code == ErrorCode::invalid_argument);
    CHECK(thrown.says(name));
  };
  refused([](PairOptions& o) { o.frames = 0; }, "frames");
  refused([](PairOptions& o) { o.warm_up_seconds = -1.0; }, "warm_up_seconds");
  refused([](PairOptions& o) { o.clean_probability = 1.5; }, "clean_probability");
  refused([](PairOptions& o) { o.augment = AugmentOptions{.tempo_low = 2.0}; }, "tempo_low");
}

TEST_CASE("pairs_of_the_real_corpus_are_loud_and_whole") {
  const char* root = std::getenv("SOUNDALIKE_CORPUS");
  if (root == nullptr || !std::filesystem::is_directory(root)) {
    MESSAGE("skipped: SOUNDALIKE_CORPUS is not set");
    return;
  }
  std::vector<Recording> files;
  for (const auto& file : Corpus(std::filesystem::path(root) / "music").files(Split::validation)) {
    files.push_back({file, source_group(file)});
  }
  const TrainingPairs pairs(files, std::make_shared<RecordingStore>(), {.seed = 1});
  for (std::size_t i = 0; i < 4; ++i) {
    const TrainingPair pair = pairs.get(i);
    CHECK(pair.input.frames() == 24000 + 131072);
    CHECK(measure_lufs(pair.input) > -40.0);
    CHECK(measure_lufs(pair.input) < -17.9);
  }
}
