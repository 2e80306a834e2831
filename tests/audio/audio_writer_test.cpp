#include <doctest/doctest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "audio/sound_fixture.hpp"
#include "fixtures/errors.hpp"
#include "fixtures/signals.hpp"
#include "fixtures/temp_folder.hpp"
#include "soundalike/audio_file.hpp"

using namespace soundalike;

namespace {

struct Case {
  const char* name;
  std::optional<SampleFormat> format;
  const char* described;
  double step;  // of the samples; 0 for float
};

constexpr Case cases[] = {
    {"default.wav", std::nullopt, "WAV, 32 bit float", 0.0},
    {"float.WAV", SampleFormat::float32, "WAV, 32 bit float", 0.0},
    {"16.wav", SampleFormat::int16, "WAV, 16 bit", 0x1p-15},
    {"24.wav", SampleFormat::int24, "WAV, 24 bit", 0x1p-23},
    {"default.flac", std::nullopt, "FLAC, 24 bit", 0x1p-23},
    {"16.flac", SampleFormat::int16, "FLAC, 16 bit", 0x1p-15},
    {"24.FLAC", SampleFormat::int24, "FLAC, 24 bit", 0x1p-23},
};

// While it lives no file may grow beyond `bytes`: what a full disk looks like from inside, reason included.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : handler_(signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &old_);
    const rlimit limit{bytes, old_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &old_);
    signal(SIGXFSZ, handler_);
  }

 private:
  rlimit old_{};
  sighandler_t handler_;
};

}  // namespace

TEST_CASE("what_is_written_is_read_back_within_half_a_step") {
  const TempFolder folder;
  for (const Case& c : cases) {
    for (const std::size_t channels : {1u, 2u}) {
      CAPTURE(std::string(c.name));
      CAPTURE(channels);
      const AudioBuffer in = noise(30011, 44100.0, channels, 0.99);
      write_audio(folder / c.name, in, c.format);
      const AudioBuffer out = read_audio(folder / c.name);
      CHECK(AudioFileReader(folder / c.name).info().format == std::string(c.described));
      REQUIRE(out.frames() == in.frames());
      double largest = 0.0;
      for (std::size_t i = 0; i < in.samples().size(); ++i) {
        largest = std::max(largest, std::abs(double{in.samples()[i]} - double{out.samples()[i]}));
      }
      CHECK(largest <= c.step / 2.0);
    }
  }
}

TEST_CASE("copying_an_integer_file_changes_no_sample") {
  const TempFolder folder;
  for (const Case& c : cases) {
    CAPTURE(std::string(c.name));
    write_audio(folder / c.name, noise(5000, 48000.0, 2, 1.0), c.format);
    const AudioBuffer once = read_audio(folder / c.name);
    write_audio(folder / c.name, once, c.format);
    CHECK(read_audio(folder / c.name) == once);
  }
}

TEST_CASE("integer_files_saturate_and_float_files_do_not") {
  const TempFolder folder;
  AudioBuffer in(1, 4, {44100.0});
  std::copy_n(std::vector{1.0f, 5.0f, -1.0f, -5.0f}.begin(), 4, in.channel(0).begin());
  for (const Case& c : cases) {
    CAPTURE(std::string(c.name));
    write_audio(folder / c.name, in, c.format);
    const AudioBuffer out = read_audio(folder / c.name);
    if (c.step == 0.0) {
      CHECK(out == in);
    } else {
      CHECK(out.channel(0)[0] == static_cast<float>(1.0 - c.step));
      CHECK(out.channel(0)[1] == static_cast<float>(1.0 - c.step));
      CHECK(out.channel(0)[2] == -1.0f);
      CHECK(out.channel(0)[3] == -1.0f);
    }
  }
}

TEST_CASE("writing_twice_gives_identical_bytes") {
  const TempFolder folder;
  for (const Case& c : cases) {
    CAPTURE(std::string(c.name));
    const AudioBuffer in = noise(20000, 44100.0, 2);
    write_audio(folder / c.name, in, c.format);
    const std::string first = bytes_of(folder / c.name);
    AudioFileWriter pieces(folder / c.name, 2, {44100.0}, c.format);
    for (std::size_t done = 0; done < in.frames(); done += 777) pieces.write(in.view().excerpt(done, 777));
    pieces.commit();
    CHECK(bytes_of(folder / c.name) == first);
  }
}

TEST_CASE("files_do_not_hold_the_time_they_were_made") {
  // libsndfile's PEAK chunk does: two equal float files made in different seconds differed.
  const TempFolder folder;
  for (const Case& c : cases) {
    write_audio(folder / c.name, sine(440.0, 0.1, 48000.0, 2), c.format);
    CHECK(bytes_of(folder / c.name).find("PEAK") == std::string::npos);
  }
}

TEST_CASE("a_short_wav_is_plain_riff_with_room_for_64_bit_sizes") {
  const TempFolder folder;
  write_audio(folder / "a.wav", noise(100, 44100.0));
  const std::string bytes = bytes_of(folder / "a.wav");
  CHECK(bytes.substr(0, 4) == "RIFF");
  CHECK(bytes.substr(8, 8) == "WAVEJUNK");
}

TEST_CASE("a_file_appears_under_its_name_only_when_committed") {
  const TempFolder folder;
  put_bytes(folder / "out.wav", "old");
  {
    AudioFileWriter writer(folder / "out.wav", 1, {44100.0});
    writer.write(noise(100000, 44100.0));
    CHECK(bytes_of(folder / "out.wav") == "old");
    CHECK(folder.entries() == 1);  // what is being written has no name yet
    AudioFileWriter moved = std::move(writer);
    moved.commit();
    CHECK(read_audio(folder / "out.wav").frames() == 100000);
    CHECK(folder.entries() == 1);
    CHECK(thrown_by([&] { moved.write(noise(1, 44100.0)); }).code == ErrorCode::internal);
    CHECK(thrown_by([&] { moved.commit(); }).code == ErrorCode::internal);
  }
  CHECK(folder.entries() == 1);
}

TEST_CASE("a_writer_that_dies_leaves_nothing") {
  const TempFolder folder;
  for (const char* name : {"out.wav", "out.flac"}) {
    {
      AudioFileWriter writer(folder / name, 1, {44100.0});
      writer.write(noise(100000, 44100.0));
    }
    CHECK(folder.entries() == 0);
  }
}

TEST_CASE("a_killed_process_leaves_nothing") {
  const TempFolder folder;
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    AudioFileWriter writer(folder / "out.wav", 1, {44100.0});
    writer.write(noise(100000, 44100.0));
    _exit(0);  // no destructor runs
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(folder.entries() == 0);
}

TEST_CASE("what_cannot_be_written_is_known_before_it_is") {
  const TempFolder folder;
  put_bytes(folder / "there.txt", "old");
  check_writable(folder / "there.txt");
  check_writable(folder / "new.txt");
  check_writable("/dev/null");
  CHECK(bytes_of(folder / "there.txt") == "old");
  CHECK(folder.entries() == 1);
  CHECK(thrown_by([&] { check_writable(folder / "no" / "folder.txt"); }).code == ErrorCode::io);
  CHECK(thrown_by([&] { check_writable(folder.path()); }).code == ErrorCode::invalid_argument);
}

TEST_CASE("two_writers_of_one_file_do_not_mix") {
  const TempFolder folder;
  AudioFileWriter first(folder / "out.wav", 1, {44100.0});
  AudioFileWriter second(folder / "out.wav", 1, {44100.0});
  first.write(noise(10, 44100.0));
  second.write(noise(20, 44100.0));
  second.commit();
  first.commit();
  CHECK(read_audio(folder / "out.wav") == noise(10, 44100.0));
  CHECK(folder.entries() == 1);
}

TEST_CASE("a_full_disk_is_reported_and_leaves_the_old_file") {
  const TempFolder folder;
  for (const Case& c : cases) {
    // 4000 bytes run out while the header or the first samples are written, 100000 later.
    for (const rlim_t bytes : {rlim_t{20}, rlim_t{4000}, rlim_t{100000}}) {
      CAPTURE(std::string(c.name));
      CAPTURE(bytes);
      put_bytes(folder / c.name, "old");
      Thrown thrown;
      {
        const FileSizeLimit limit(bytes);
        thrown = thrown_by([&] { write_audio(folder / c.name, noise(100000, 44100.0), c.format); });
      }
      CHECK(thrown.code == ErrorCode::io);
      CHECK(thrown.message == "cannot write '" + (folder / c.name).string() + "': File too large");
      CHECK(bytes_of(folder / c.name) == "old");
      CHECK(folder.entries() == 1);
      std::filesystem::remove(folder / c.name);
    }
  }
}

TEST_CASE("a_disk_that_fills_up_with_the_last_block_is_reported_by_commit") {
  const TempFolder folder;
  for (const char* name : {"out.wav", "out.flac"}) {
    CAPTURE(std::string(name));
    AudioFileWriter writer(folder / name, 1, {44100.0});
    writer.write(noise(100, 44100.0));
    const FileSizeLimit limit(30);
    CHECK(thrown_by([&] { writer.commit(); }).code == ErrorCode::io);
    CHECK(!std::filesystem::exists(folder / name));
  }
}

TEST_CASE("nan_is_never_written") {
  const TempFolder folder;
  AudioBuffer in = noise(100, 44100.0);
  in.channel(0)[50] = std::numeric_limits<float>::quiet_NaN();
  CHECK(thrown_by([&] { write_audio(folder / "out.wav", in); }).code == ErrorCode::internal);
  CHECK(folder.entries() == 0);
}

TEST_CASE("impossible_files_are_refused_before_anything_is_made") {
  const TempFolder folder;
  const AudioBuffer in = noise(10, 44100.0);
  const auto writing = [&](const char* name, std::size_t channels, double rate,
                           std::optional<SampleFormat> format = std::nullopt) {
    return thrown_by([&] { AudioFileWriter(folder / name, channels, {rate}, format); });
  };
  CHECK(writing("out.mp3", 1, 44100.0).says("files of kind '.mp3' are not written; end the name in .wav or .flac"));
  CHECK(writing("out", 1, 44100.0).code == ErrorCode::invalid_argument);
  CHECK(writing("out.flac", 1, 44100.0, SampleFormat::float32).code == ErrorCode::invalid_argument);
  CHECK(writing("out.wav", 0, 44100.0).code == ErrorCode::invalid_argument);
  CHECK(writing("out.wav", 3, 44100.0).code == ErrorCode::invalid_argument);
  CHECK(writing("out.wav", 1, 44100.5).code == ErrorCode::invalid_argument);
  CHECK(writing("out.wav", 1, 3999.0).code == ErrorCode::invalid_argument);
  CHECK(writing("out.wav", 1, 384001.0).code == ErrorCode::invalid_argument);
  CHECK(writing("none/out.wav", 1, 44100.0).code == ErrorCode::io);
  CHECK(writing("none/out.wav", 1, 44100.0).says("there is no folder"));
  CHECK(folder.entries() == 0);
  AudioFileWriter mono(folder / "out.wav", 1, {44100.0});
  CHECK(thrown_by([&] { mono.write(noise(10, 44100.0, 2)); }).code == ErrorCode::invalid_argument);
  CHECK(thrown_by([&] { mono.write(noise(10, 48000.0)); }).code == ErrorCode::invalid_argument);
}

TEST_CASE("every_rate_that_is_read_is_written") {
  const TempFolder folder;
  for (const double rate : {4000.0, 11025.0, 384000.0}) {
    for (const char* name : {"out.wav", "out.flac"}) {
      CAPTURE(rate);
      write_audio(folder / name, noise(100, rate));
      CHECK(read_audio(folder / name).sample_rate() == SampleRate{rate});
    }
  }
}

TEST_CASE("write_file_replaces_the_whole_content") {
  const TempFolder folder;
  const std::string content("two\nlines\0and a zero", 20);
  write_file(folder / "a.json", "a much longer text that was there before");
  write_file(folder / "a.json", content);
  CHECK(bytes_of(folder / "a.json") == content);
  write_file(folder / "a.json", "");
  CHECK(bytes_of(folder / "a.json").empty());
  CHECK(folder.entries() == 1);
}

TEST_CASE("write_file_joins_pieces") {
  const TempFolder folder;
  const std::vector<std::string_view> pieces{"one ", "", "two"};
  write_file(folder / "a.txt", pieces);
  CHECK(bytes_of(folder / "a.txt") == "one two");
}

TEST_CASE("write_file_on_a_full_disk_keeps_the_old_content") {
  const TempFolder folder;
  write_file(folder / "a.json", "old");
  {
    const FileSizeLimit limit(1000);
    CHECK(thrown_by([&] { write_file(folder / "a.json", std::string(5000, 'x')); }).code == ErrorCode::io);
  }
  CHECK(bytes_of(folder / "a.json") == "old");
  CHECK(folder.entries() == 1);
}

TEST_CASE("write_file_names_the_reason_of_the_system") {
  const Thrown thrown = thrown_by([] { write_file("/dev/full", "text"); });
  CHECK(thrown.code == ErrorCode::io);
  CHECK(thrown.message == "cannot write '/dev/full': No space left on device");
}

TEST_CASE("devices_and_pipes_are_written_through_and_never_replaced") {
  write_file("/dev/null", "text");
  CHECK(std::filesystem::is_character_file("/dev/null"));
  const TempFolder folder;
  REQUIRE(mkfifo((folder / "pipe.wav").c_str(), 0600) == 0);
  CHECK(thrown_by([&] { write_audio(folder / "pipe.wav", noise(10, 44100.0)); }).code == ErrorCode::invalid_argument);
  CHECK(std::filesystem::is_fifo(folder / "pipe.wav"));
  CHECK(thrown_by([&] { write_file(folder.path(), "text"); }).code == ErrorCode::invalid_argument);
}

TEST_CASE("a_symbolic_link_stays_and_its_file_is_replaced") {
  const TempFolder folder;
  std::filesystem::create_directory(folder / "real");
  put_bytes(folder / "real/a.json", "old");
  std::filesystem::create_symlink(folder / "real/a.json", folder / "a.json");
  write_file(folder / "a.json", "new");
  CHECK(std::filesystem::is_symlink(folder / "a.json"));
  CHECK(bytes_of(folder / "real/a.json") == "new");
}

TEST_CASE("new_files_have_the_permissions_the_user_asked_for") {
  const TempFolder folder;
  const mode_t old = umask(027);
  write_file(folder / "a.json", "text");
  umask(old);
  CHECK((std::filesystem::status(folder / "a.json").permissions() & std::filesystem::perms::mask) ==
        std::filesystem::perms(0640));
}

TEST_CASE("the_longest_name_a_folder_takes_can_be_written") {
  const TempFolder folder;
  const std::string name = std::string(251, 'n') + ".wav";
  write_audio(folder / name, noise(10, 44100.0));
  CHECK(read_audio(folder / name).frames() == 10);
}
