#include "soundalike/data_check.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "fixtures/errors.hpp"
#include "fixtures/signals.hpp"
#include "fixtures/temp_folder.hpp"
#include "soundalike/audio_file.hpp"

using namespace soundalike;

namespace {

Thrown nothing_usable(const TempFolder& folder) {
  const Thrown thrown = thrown_by([&] { require_usable(check_data(folder.path()), folder.path()); });
  CHECK(thrown.code == ErrorCode::invalid_argument);
  CHECK(thrown.says(folder.path().string()));
  CHECK(thrown.message.find('\n') == std::string::npos);
  return thrown;
}

}  // namespace

TEST_CASE("a_mixed_folder_is_counted_file_by_file") {
  const TempFolder folder;
  write_audio(folder / "a.wav", noise(16000, 8000.0, 1, 0.3, 1));
  write_audio(folder / "b.flac", noise(96000, 48000.0, 2, 0.3, 2));
  write_audio(folder / "short.wav", noise(4000, 8000.0));
  write_audio(folder / "silent.wav", AudioBuffer(1, 16000, {8000.0}));
  std::ofstream(folder / "broken.wav") << "no";
  std::filesystem::copy_file(folder / "a.wav", folder / "copy of a.wav");
  for (const std::size_t workers : {1u, 3u}) {
    const DataCheck check = check_data(folder.path(), {.workers = workers});
    CHECK(check.files == 6);
    CHECK(check.usable() == 3);
    CHECK(check.seconds == doctest::Approx(2.0 + 2.0 + 0.5 + 2.0 + 2.0));
    CHECK(check.rates == std::map<double, std::size_t>{{8000.0, 4}, {48000.0, 1}});
    CHECK(check.channels == std::map<std::size_t, std::size_t>{{1, 4}, {2, 1}});
    CHECK(check.too_short == std::vector<std::filesystem::path>{folder / "short.wav"});
    CHECK(check.silent == std::vector<std::filesystem::path>{folder / "silent.wav"});
    REQUIRE(check.unreadable.size() == 1);
    CHECK(check.unreadable[0].file == folder / "broken.wav");
    REQUIRE(check.duplicates.size() == 1);
    CHECK(check.duplicates[0] == std::vector<std::filesystem::path>{folder / "a.wav", folder / "copy of a.wav"});
    CHECK_FALSE(check.manifest);
    std::size_t recordings = 0;
    for (const auto& [split, summary] : check.splits) recordings += summary.recordings;
    CHECK(recordings == 5);
    CHECK_NOTHROW(require_usable(check, folder.path()));
  }
}

TEST_CASE("a_copy_in_another_split_is_a_leak_and_one_in_the_same_is_not") {
  const TempFolder folder;
  write_audio(folder / "command_001.wav", noise(16000, 8000.0));                       // test, by its name
  std::filesystem::copy_file(folder / "command_001.wav", folder / "command_002.wav");  // train
  const DataCheck leaking = check_data(folder.path());
  CHECK(leaking.leaks == leaking.duplicates);
  CHECK(leaking.leaks.size() == 1);
  Manifest manifest = manifest_for(folder.path());
  for (ManifestEntry& entry : manifest.entries) entry.split = Split::train;
  write_manifest(folder / std::string(manifest_file_name), manifest);
  const DataCheck mended = check_data(folder.path());
  CHECK(mended.leaks.empty());
  CHECK(mended.duplicates.size() == 1);
  CHECK(mended.splits.at(Split::train).recordings == 2);
  CHECK(mended.splits.at(Split::train).groups == 2);
  CHECK(mended.splits.at(Split::train).seconds == doctest::Approx(4.0));
}

TEST_CASE("a_manifest_and_its_folder_are_compared") {
  const TempFolder folder;
  for (const char* name : {"a.wav", "b.wav", "c.wav"})
    write_audio(folder / name, noise(16000, 8000.0, 1, 0.3, name[0]));
  const Manifest manifest = manifest_for(folder.path());
  CHECK(check_data(folder.path()).manifest == manifest.digest());
  std::filesystem::remove(folder / "a.wav");
  write_audio(folder / "b.wav", noise(16000, 8000.0, 1, 0.3, 77));
  write_audio(folder / "d.wav", noise(16000, 8000.0, 1, 0.3, 78));
  const DataCheck check = check_data(folder.path());
  CHECK(check.missing == std::vector<std::string>{"a.wav"});
  CHECK(check.changed == std::vector<std::string>{"b.wav"});
  CHECK(check.unlisted == std::vector<std::filesystem::path>{folder / "d.wav"});
}

TEST_CASE("folders_of_nothing_useful_are_refused_in_one_line_that_says_why") {
  const TempFolder empty, brief, silent, broken, mixed;
  CHECK(thrown_by([&] { check_data(empty.path()); }).says("no audio below"));
  for (const char* name : {"a.wav", "b.wav"}) {
    write_audio(brief / name, noise(4000, 8000.0));
    write_audio(silent / name, AudioBuffer(1, 16000, {8000.0}));
    std::ofstream(broken / name) << "no";
  }
  write_audio(mixed / "a.wav", noise(4000, 8000.0));
  write_audio(mixed / "b.wav", AudioBuffer(1, 16000, {8000.0}));
  CHECK(nothing_usable(brief).says("all 2 recordings are shorter than 1 s"));
  CHECK(nothing_usable(silent).says("all 2 recordings are silent, below -60 dBFS"));
  CHECK(nothing_usable(broken).says("none of its 2 files can be read"));
  CHECK(nothing_usable(mixed).says("1 are shorter than 1 s, 1 silent"));
}

TEST_CASE("a_stopped_check_is_cancelled") {
  const TempFolder folder;
  write_audio(folder / "a.wav", noise(16000, 8000.0));
  std::stop_source stop;
  stop.request_stop();
  CHECK(thrown_by([&] { check_data(folder.path(), {.stop = stop.get_token()}); }).code == ErrorCode::cancelled);
}
