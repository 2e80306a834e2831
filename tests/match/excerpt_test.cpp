#include "match/excerpt.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "fixtures/errors.hpp"
#include "fixtures/signals.hpp"
#include "fixtures/temp_folder.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/rng.hpp"

namespace soundalike {

TEST_CASE("excerpts_lie_inside_do_not_overlap_and_come_in_order_of_time") {
  Rng rng(7);
  for (int trial = 0; trial < 200; ++trial) {
    const auto blocks = static_cast<std::size_t>(rng.uniform(1.0, 80.0));
    const auto length = static_cast<std::size_t>(rng.uniform(1.0, 12.0));
    const auto count = static_cast<std::size_t>(rng.uniform(1.0, 6.0));
    std::vector<double> level(blocks), brightness(blocks);
    for (double& x : level) x = rng.uniform(-120.0, 0.0);
    for (double& x : brightness) x = rng.uniform(-30.0, 0.0);
    const auto chosen = choose_excerpts(level, brightness, length, count);
    CAPTURE(trial);
    REQUIRE(!chosen.empty());
    CHECK(chosen.size() <= count);
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      if (blocks > length) CHECK(chosen[i] + length <= blocks);
      if (i > 0) CHECK(chosen[i] >= chosen[i - 1] + length);
    }
    CHECK(choose_excerpts(level, brightness, length, count) == chosen);
  }
}

TEST_CASE("the_part_with_sound_is_chosen") {
  std::vector<double> level(40, -90.0), brightness(40, -20.0);
  for (std::size_t i = 22; i < 27; ++i) level[i] = -20.0;
  CHECK(choose_excerpts(level, brightness, 5, 1) == std::vector<std::size_t>{22});
}

TEST_CASE("among_equally_full_parts_the_varied_one_is_chosen") {
  std::vector<double> level(40, -20.0), brightness(40, -20.0);
  for (std::size_t i = 30; i < 35; ++i) {
    level[i] = i % 2 == 0 ? -14.0 : -26.0;
    brightness[i] = i % 2 == 0 ? -10.0 : -30.0;
  }
  CHECK(choose_excerpts(level, brightness, 5, 1) == std::vector<std::size_t>{30});
}

TEST_CASE("a_short_file_is_taken_whole_and_a_long_one_cut_to_what_was_asked_for") {
  const TempFolder folder;
  const AudioBuffer audio = noise(24000 * 20 + 77, 24000.0, 2);
  write_audio(folder / "a.wav", audio);
  CHECK(digest_file(folder / "a.wav", 30.0).clip == audio);
  const FileDigest cut = digest_file(folder / "a.wav", 10.0);
  CHECK(cut.clip.seconds() <= 10.0);
  CHECK(cut.clip.seconds() > 9.9);  // two excerpts of 5 s, 10 ms of them over each other
  CHECK(cut.info.frames == audio.frames());
  CHECK(cut.levels.lufs == digest_file(folder / "a.wav", 30.0).levels.lufs);  // of the whole file, either way
}

TEST_CASE("silence_is_told_with_the_name_of_the_file") {
  const TempFolder folder;
  write_audio(folder / "a.wav", AudioBuffer(1, 24000, {24000.0}));
  const Thrown thrown = thrown_by([&] { digest_file(folder / "a.wav", 10.0); });
  CHECK(thrown.code == ErrorCode::bad_audio);
  CHECK(thrown.says("a.wav"));
}

}  // namespace soundalike
