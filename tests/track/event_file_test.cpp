#include "soundalike/event_file.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>

#include <cmath>
#include <csignal>
#include <limits>

#include "event_reader.hpp"
#include "fixtures/errors.hpp"
#include "fixtures/signals.hpp"
#include "fixtures/temp_folder.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/picture.hpp"

using namespace soundalike;
using event_reader::field;
using event_reader::fields;

namespace {

// Summary.value[0] of an event.
std::string value_of(const std::string& event) { return field(field(event, 5).bytes, 1).bytes; }

std::string content(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("crc32c_gives_the_published_check_value") {
  CHECK(crc32c("123456789") == 0xe3069283u);
  CHECK(crc32c(std::string(32, '\0')) == 0x8a9136aau);  // RFC 3720, B.4
  CHECK(crc32c("") == 0u);
}

TEST_CASE("a_file_begins_with_its_version_and_holds_scalars_by_step") {
  const TempFolder folder;
  EventFile events(folder.path());
  events.scalar("loss/train", 7, 0.25);
  events.scalar("loss/train", 70000, -3.0);
  events.flush();
  const auto records = event_reader::records(events.path());
  REQUIRE(records.size() == 3);
  CHECK(field(records[0], 3).bytes == "brain.Event:2");
  CHECK(field(records[0], 1).as_double() > 1.0e9);
  CHECK(field(records[1], 2).integer == 7);
  CHECK(field(value_of(records[1]), 1).bytes == "loss/train");
  CHECK(field(value_of(records[1]), 2).as_float() == 0.25f);
  CHECK(field(records[2], 2).integer == 70000);
  CHECK(field(value_of(records[2]), 2).as_float() == -3.0f);
  CHECK(events.path().filename().string().starts_with("events.out.tfevents."));
}

TEST_CASE("sounds_are_16_bit_wav_files_that_read_back") {
  const TempFolder folder;
  EventFile events(folder.path());
  const AudioBuffer sound = sine(440.0, 0.1, 24000.0, 2, 1.5);  // beyond full scale: clipped
  events.audio("prediction", 3, sound);
  events.flush();
  const std::string audio = field(value_of(event_reader::records(events.path()).at(1)), 6).bytes;
  CHECK(field(audio, 1).as_float() == 24000.0f);
  CHECK(field(audio, 2).integer == 2);
  CHECK(field(audio, 3).integer == sound.frames());
  CHECK(field(audio, 5).bytes == "audio/wav");
  write_file(folder / "sound.wav", field(audio, 4).bytes);
  const AudioBuffer back = read_audio(folder / "sound.wav");
  REQUIRE(back.frames() == sound.frames());
  REQUIRE(back.channels() == 2);
  for (std::size_t i = 0; i < sound.frames(); ++i) {
    const float expected = std::min(std::max(sound.channel(1)[i], -1.0f), 32767.0f / 32768.0f);
    REQUIRE(std::abs(back.channel(1)[i] - expected) <= 0.5f / 32768.0f + 1e-7f);
  }
}

TEST_CASE("pictures_are_png_files_with_their_size") {
  const TempFolder folder;
  const AudioBuffer sound = sine(440.0, 0.2, 24000.0);
  write_spectrogram_picture(folder / "picture.png", {{"sine", sound}});
  const std::string png = content(folder / "picture.png");
  EventFile events(folder.path());
  events.picture("spectrogram", 1, png);
  events.flush();
  const std::string image = field(value_of(event_reader::records(events.path()).at(1)), 4).bytes;
  CHECK(field(image, 2).integer == 1200);
  CHECK(field(image, 1).integer > 100);
  CHECK(field(image, 4).bytes == png);
  CHECK(thrown_by([&] { events.picture("x", 1, "no picture"); }).code == ErrorCode::invalid_argument);
}

TEST_CASE("a_histogram_counts_every_finite_value_once") {
  const TempFolder folder;
  EventFile events(folder.path());
  const std::vector<float> values{0.0f, 1.0f, 1.0f, 4.0f, std::numeric_limits<float>::quiet_NaN()};
  events.histogram("weights", 2, values, 4);
  events.histogram("constant", 2, std::vector<float>(5, 0.5f));
  events.histogram("empty", 2, {});
  events.flush();
  const auto records = event_reader::records(events.path());
  const std::string histogram = field(value_of(records.at(1)), 5).bytes;
  CHECK(field(histogram, 1).as_double() == 0.0);
  CHECK(field(histogram, 2).as_double() == 4.0);
  CHECK(field(histogram, 3).as_double() == 4.0);
  CHECK(field(histogram, 4).as_double() == 6.0);
  CHECK(field(histogram, 5).as_double() == 18.0);
  const std::string counts = field(histogram, 7).bytes;
  REQUIRE(counts.size() == 4 * sizeof(double));
  double count[4];
  std::memcpy(count, counts.data(), sizeof count);
  CHECK(count[0] == 1.0);
  CHECK(count[1] == 2.0);
  CHECK(count[2] == 0.0);
  CHECK(count[3] == 1.0);
  CHECK(field(field(value_of(records.at(2)), 5).bytes, 3).as_double() == 5.0);
  CHECK(records.size() == 4);
}

TEST_CASE("hyper_parameters_say_name_and_value_in_the_plugins_dialect") {
  const TempFolder folder;
  EventFile events(folder.path());
  events.hyperparameters({{"batch", 12.0}, {"effect", std::string("MDA Delay")}, {"resume", true}}, "delay");
  events.finished(true);
  const auto records = event_reader::records(events.path());
  const std::string value = value_of(records.at(1));
  CHECK(field(value, 1).bytes == "_hparams_/session_start_info");
  const std::string plugin = field(field(value, 9).bytes, 1).bytes;
  CHECK(field(plugin, 1).bytes == "hparams");
  const std::string start = field(field(plugin, 2).bytes, 3).bytes;
  std::vector<std::string> entries;
  for (const auto& f : fields(start)) {
    if (f.number == 1) entries.push_back(f.bytes);
  }
  REQUIRE(entries.size() == 3);
  CHECK(field(entries[0], 1).bytes == "batch");
  CHECK(field(field(entries[0], 2).bytes, 2).as_double() == 12.0);
  CHECK(field(field(entries[1], 2).bytes, 3).bytes == "MDA Delay");
  CHECK(field(field(entries[2], 2).bytes, 4).integer == 1);
  CHECK(field(start, 4).bytes == "delay");
  const std::string end = field(field(field(value_of(records.at(2)), 9).bytes, 1).bytes, 2).bytes;
  CHECK(field(field(end, 4).bytes, 1).integer == 1);
}

TEST_CASE("a_resumed_run_tells_readers_where_it_goes_on") {
  const TempFolder folder;
  { EventFile first(folder.path()); }
  EventFile second(folder.path(), 500);
  const auto records = event_reader::records(second.path());
  REQUIRE(records.size() == 2);
  CHECK(field(records[1], 2).integer == 500);
  CHECK(field(field(records[1], 7).bytes, 1).integer == 1);
  CHECK(folder.entries() == 2);
}

TEST_CASE("a_folder_that_cannot_be_made_is_told_by_name") {
  const TempFolder folder;
  const auto thrown = thrown_by([&] { EventFile events(folder.touch("taken")); });
  CHECK(thrown.code == ErrorCode::io);
  CHECK(thrown.says("taken"));
}

TEST_CASE("after_a_full_disk_the_file_holds_whole_records") {
  const TempFolder folder;
  EventFile events(folder.path());
  events.scalar("kept", 1, 1.0);
  events.flush();
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{4096, before.rlim_max};
  REQUIRE(setrlimit(RLIMIT_FSIZE, &small) == 0);
  const auto thrown = thrown_by([&] { events.audio("lost", 2, noise(48000, 24000.0)); });
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  CHECK(thrown.code == ErrorCode::io);
  CHECK(event_reader::records(events.path()).size() == 2);
}
