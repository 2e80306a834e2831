#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>
#include <string>

#include "audio/sound_fixture.hpp"
#include "fixtures/errors.hpp"
#include "fixtures/signals.hpp"
#include "fixtures/temp_folder.hpp"
#include "soundalike/audio_file.hpp"

using namespace soundalike;

namespace {

struct Kind {
  const char* name;
  int format;
  const char* described;
  double rate;
  double tolerance;  // of a loud sine, against what was written
};

constexpr Kind kinds[] = {
    {"a.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, "WAV, 16 bit", 44100.0, 1e-4},
    {"b.wav", SF_FORMAT_WAVEX | SF_FORMAT_DOUBLE, "WAV, 64 bit float", 4000.0, 0.0},
    {"c.wav", SF_FORMAT_RF64 | SF_FORMAT_FLOAT, "RF64, 32 bit float", 384000.0, 0.0},
    {"d.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_24, "FLAC, 24 bit", 96000.0, 1e-6},
    {"e.aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_24, "AIFF, 24 bit", 22050.0, 1e-6},
    {"f.ogg", SF_FORMAT_OGG | SF_FORMAT_VORBIS, "Ogg, Vorbis", 44100.0, 0.1},
    {"g.opus", SF_FORMAT_OGG | SF_FORMAT_OPUS, "Ogg, Opus", 48000.0, 0.1},
    {"h.mp3", SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, "MPEG, layer 3", 44100.0, 0.1},
};

Thrown reading(const std::filesystem::path& path) {
  return thrown_by([&] { read_audio(path); });
}

double largest_difference(AudioView a, AudioView b) {
  double largest = 0.0;
  for (std::size_t c = 0; c < a.channels(); ++c) {
    for (std::size_t i = 0; i < a.frames(); ++i) {
      largest = std::max(largest, std::abs(double{a.channel(c)[i]} - double{b.channel(c)[i]}));
    }
  }
  return largest;
}

// A 16-bit WAV header that promises `data_bytes` of audio.
std::string wav_header(unsigned channels, unsigned rate, unsigned data_bytes) {
  std::string h;
  const auto put = [&h](unsigned value, int count) {
    for (int i = 0; i < count; ++i) h.push_back(static_cast<char>(value >> (8 * i) & 0xff));
  };
  h += "RIFF";
  put(36 + data_bytes, 4);
  h += "WAVEfmt ";
  put(16, 4);
  put(1, 2);
  put(channels, 2);
  put(rate, 4);
  put(rate * channels * 2, 4);
  put(channels * 2, 2);
  put(16, 2);
  h += "data";
  put(data_bytes, 4);
  return h;
}

// Makes the last page of an Ogg stream claim `more` frames than there are.
void promise_more(std::string& ogg, std::uint64_t more) {
  const std::size_t page = ogg.rfind("OggS");
  std::uint64_t frames = 0;
  std::memcpy(&frames, ogg.data() + page + 6, 8);
  frames += more;
  std::memcpy(ogg.data() + page + 6, &frames, 8);
  std::memset(ogg.data() + page + 22, 0, 4);  // the checksum: CRC-32 of the page, polynomial 0x04c11db7
  std::uint32_t crc = 0;
  for (std::size_t i = page; i < ogg.size(); ++i) {
    crc ^= static_cast<std::uint32_t>(static_cast<unsigned char>(ogg[i])) << 24;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 0x80000000u) != 0 ? crc << 1 ^ 0x04c11db7u : crc << 1;
  }
  std::memcpy(ogg.data() + page + 22, &crc, 4);
}

// A line "<name>: <n> kB" of /proc/self/status, in bytes.
long status_bytes(const std::string& name) {
  std::ifstream in("/proc/self/status");
  for (std::string line; std::getline(in, line);) {
    if (line.rfind(name + ":", 0) == 0) return std::stol(line.substr(name.size() + 1)) * 1024;
  }
  return 0;
}

// Runs in a child process and gives its exit status, so that limits and users can be changed.
template <typename Action>
int exit_status_of_child(Action&& action) {
  const pid_t child = fork();
  if (child == 0) _exit(action());
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE("every_kind_is_read_with_its_rate_channels_length_and_samples") {
  const TempFolder folder;
  for (const Kind& kind : kinds) {
    for (const std::size_t channels : {1u, 2u}) {
      CAPTURE(std::string(kind.name));
      CAPTURE(channels);
      const AudioBuffer in = sine(kind.rate / 50.0, 1.0, kind.rate, channels);
      write_with_libsndfile(folder / kind.name, kind.format, in);
      AudioFileReader reader(folder / kind.name);
      CHECK(reader.info().sample_rate == SampleRate{kind.rate});
      CHECK(reader.info().channels == channels);
      CHECK(reader.info().frames == in.frames());
      CHECK(reader.info().format == std::string(kind.described));
      // Less the last 10 ms, which libsndfile's Opus encoder loses.
      const auto most = static_cast<std::size_t>(0.99 * kind.rate);
      CHECK(largest_difference(in.view().excerpt(0, most), read_audio(folder / kind.name)) <= kind.tolerance);
    }
  }
}

TEST_CASE("pieces_of_any_size_join_to_the_whole") {
  const TempFolder folder;
  for (const Kind& kind : kinds) {
    CAPTURE(std::string(kind.name));
    write_with_libsndfile(folder / kind.name, kind.format, noise(30011, kind.rate, 2));
    const AudioBuffer whole = read_audio(folder / kind.name);
    AudioFileReader reader(folder / kind.name);
    std::size_t done = 0;
    bool equal = true;
    for (std::size_t size = 1; done < whole.frames(); size = size * 5 % 9973) {
      const AudioBuffer piece = reader.read(size);
      equal = equal && piece == AudioBuffer(whole.view().excerpt(done, size));
      done += piece.frames();
    }
    CHECK(equal);
    CHECK(done == whole.frames());
    CHECK(reader.read(100).frames() == 0);
  }
}

TEST_CASE("seeking_in_lossless_files_lands_on_the_frame") {
  const TempFolder folder;
  for (const Kind& kind : kinds) {
    if (kind.tolerance > 0.01) continue;
    CAPTURE(std::string(kind.name));
    write_with_libsndfile(folder / kind.name, kind.format, noise(30011, kind.rate, 2));
    const AudioBuffer whole = read_audio(folder / kind.name);
    AudioFileReader reader(folder / kind.name);
    for (const std::size_t frame : {20000u, 0u, 30010u, 12345u, 30011u}) {
      reader.seek(frame);
      CHECK(reader.read(500) == AudioBuffer(whole.view().excerpt(frame, 500)));
    }
    CHECK(thrown_by([&] { reader.seek(30012); }).code == ErrorCode::invalid_argument);
  }
}

TEST_CASE("one_frame_is_a_recording") {
  const TempFolder folder;
  write_with_libsndfile(folder / "one.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, noise(1, 44100.0, 2));
  CHECK(read_audio(folder / "one.wav") == noise(1, 44100.0, 2));
}

TEST_CASE("flac_that_leaves_its_length_out_is_counted") {
  const TempFolder folder;
  write_with_libsndfile(folder / "a.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, noise(30011, 44100.0, 2));
  std::string bytes = bytes_of(folder / "a.flac");
  bytes[21] = static_cast<char>(bytes[21] & 0xf0);  // STREAMINFO: 36 bits of total samples, 0 = unknown
  std::fill(bytes.begin() + 22, bytes.begin() + 26, '\0');
  put_bytes(folder / "open.flac", bytes);
  CHECK(read_audio(folder / "open.flac") == read_audio(folder / "a.flac"));
}

TEST_CASE("mp3_of_variable_bit_rate_without_a_length_header_is_read_to_its_end") {
  // The encoder gives silence few bytes and noise many: by the bit rate of the first frame the length is guessed four
  // times too long one way round, and less than half the other way round.
  const TempFolder folder;
  for (const double rate : {44100.0, 22050.0, 8000.0}) {
    for (const bool quiet_first : {true, false}) {
      for (const char* tag : {"", "ID3\3\0\0\0\0\1\0"}) {
        CAPTURE(rate);
        CAPTURE(quiet_first);
        AudioBuffer in = noise(200000, rate, 2);
        for (std::size_t c = 0; c < 2; ++c) {
          const auto half = in.channel(c).subspan(quiet_first ? 0 : 100000, 100000);
          std::fill(half.begin(), half.end(), 0.0f);
        }
        write_with_libsndfile(folder / "a.mp3", SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, in);
        const std::string with_header = bytes_of(folder / "a.mp3");
        const std::size_t second_frame = with_header.find(with_header.substr(0, 2), 2);
        const std::string id3 = *tag ? std::string(tag, 10) + std::string(128, '\0') : "";
        put_bytes(folder / "bare.mp3", id3 + with_header.substr(second_frame) + "TAG" + std::string(125, ' '));
        const std::size_t frames = read_audio(folder / "bare.mp3").frames();
        // Whole frames: the encoder's delay and padding, at most 3 frames of 1152, are no longer known.
        CHECK(frames >= in.frames());
        CHECK(frames <= in.frames() + 3 * 1152);
      }
    }
  }
}

TEST_CASE("wav_that_leaves_its_length_open_is_read_to_the_end") {
  const TempFolder folder;
  const std::string samples(4000, '\1');
  put_bytes(folder / "pipe.wav", wav_header(1, 44100, 0xffffffffu) + samples);
  CHECK(read_audio(folder / "pipe.wav").frames() == 2000);
}

TEST_CASE("two_hours_of_stereo_are_read_in_bounded_memory") {
  const TempFolder folder;
  constexpr unsigned frames = 2u * 3600u * 44100u;
  put_bytes(folder / "long.wav", wav_header(2, 44100, frames * 4));
  std::filesystem::resize_file(folder / "long.wav", 44 + std::uintmax_t{frames} * 4);  // sparse: takes no disk
  const int grown_mib = exit_status_of_child([&] {
    const long before = status_bytes("VmRSS");
    AudioFileReader reader(folder / "long.wav");
    std::size_t read = 0;
    while (const std::size_t got = reader.read(65536).frames()) read += got;
    const long grown = status_bytes("VmHWM") - before;
    return read == frames && before > 0 ? static_cast<int>(grown / (1024 * 1024)) : 255;
  });
  MESSAGE("peak memory grew by " << grown_mib << " MiB");
#ifdef __SANITIZE_ADDRESS__
  CHECK(grown_mib < 400);  // the sanitizer keeps 256 MiB of freed memory
#else
  CHECK(grown_mib < 16);  // all of it would be 2423
#endif
}

TEST_CASE("rf64_beyond_4_gib_is_read_to_its_last_frame") {
  const TempFolder folder;
  constexpr std::uint64_t frames = 1'500'000'000;
  const auto number = [](std::uint64_t value, int count) {
    std::string bytes;
    for (int i = 0; i < count; ++i) bytes.push_back(static_cast<char>(value >> (8 * i) & 0xff));
    return bytes;
  };
  const std::string fmt_chunk = wav_header(2, 48000, 0).substr(12, 24);
  const std::string header = "RF64" + number(0xffffffff, 4) + "WAVEds64" + number(28, 4) + number(72 + frames * 4, 8) +
                             number(frames * 4, 8) + number(frames, 8) + number(0, 4) + fmt_chunk + "data" +
                             number(0xffffffff, 4);
  put_bytes(folder / "long.wav", header);
  std::filesystem::resize_file(folder / "long.wav", header.size() + frames * 4 - 4);  // sparse: takes no disk
  std::ofstream(folder / "long.wav", std::ios::binary | std::ios::app) << number(0x4000'2000, 4);
  AudioFileReader reader(folder / "long.wav");
  CHECK(reader.info().frames == frames);
  reader.seek(frames - 2);
  const AudioBuffer end = reader.read(10);
  REQUIRE(end.frames() == 2);
  CHECK(end.channel(0)[0] == 0.0f);
  CHECK(end.channel(0)[1] == 0.25f);
  CHECK(end.channel(1)[1] == 0.5f);
  std::filesystem::resize_file(folder / "long.wav", header.size() + frames * 4 - 4);
  CHECK(thrown_by([&] { AudioFileReader cut(folder / "long.wav"); }).says("cut off"));
}

TEST_CASE("a_cut_off_file_is_refused_when_it_is_opened") {
  const TempFolder folder;
  for (const Kind& kind : kinds) {
    CAPTURE(std::string(kind.name));
    write_with_libsndfile(folder / kind.name, kind.format, noise(100000, kind.rate, 2));
    const std::string bytes = bytes_of(folder / kind.name);
    for (const double kept : {0.999, 0.6, 0.2}) {
      CAPTURE(kept);
      put_bytes(folder / "cut", bytes.substr(0, static_cast<std::size_t>(static_cast<double>(bytes.size()) * kept)));
      const Thrown thrown = thrown_by([&] { AudioFileReader reader(folder / "cut"); });
      CHECK(thrown.code == ErrorCode::bad_audio);
      CHECK(thrown.says("cut off"));
    }
  }
}

TEST_CASE("a_file_cut_inside_its_header_is_refused") {
  const TempFolder folder;
  for (const Kind& kind : kinds) {
    CAPTURE(std::string(kind.name));
    write_with_libsndfile(folder / kind.name, kind.format, noise(1000, kind.rate, 2));
    const std::string bytes = bytes_of(folder / kind.name);
    for (const std::size_t kept : {1u, 4u, 11u, 20u, 36u}) {
      CAPTURE(kept);
      put_bytes(folder / "cut", bytes.substr(0, kept));
      CHECK(reading(folder / "cut").code == ErrorCode::bad_audio);
    }
  }
}

TEST_CASE("a_hole_in_a_file_is_an_error_and_not_a_shorter_recording") {
  const TempFolder folder;
  write_with_libsndfile(folder / "a.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, noise(100000, 44100.0, 2));
  std::string bytes = bytes_of(folder / "a.flac");
  std::fill(bytes.begin() + 100000, bytes.begin() + 200000, '\0');
  put_bytes(folder / "hole.flac", bytes);
  CHECK(reading(folder / "hole.flac").code == ErrorCode::bad_audio);
}

TEST_CASE("what_is_no_audio_is_refused_in_one_clear_line") {
  const TempFolder folder;
  put_bytes(folder / "empty.wav", "");
  put_bytes(folder / "text.wav", "Dear reader,\n\nthis is not a recording.\n");
  put_bytes(folder / "text.gsm", "Dear reader,\n\nthis is not a recording.\n");
  put_bytes(folder / "zeros.wav", std::string(5000, '\0'));
  put_bytes(folder / "no_frames.wav", wav_header(2, 44100, 0));
  const std::pair<const char*, const char*> expected[] = {
      {"empty.wav", "it is empty; give WAV, FLAC, Ogg/Opus, MP3 or AIFF"},
      {"text.wav", "no audio in it (text?); give WAV, FLAC, Ogg/Opus, MP3 or AIFF"},
      {"text.gsm", "no audio in it (text?); give WAV, FLAC, Ogg/Opus, MP3 or AIFF"},
      {"zeros.wav", "no audio in it; give WAV, FLAC, Ogg/Opus, MP3 or AIFF"},
      {"no_frames.wav", "no audio in it (0 frames)"},
  };
  for (const auto& [name, why] : expected) {
    const Thrown thrown = reading(folder / name);
    CHECK(thrown.code == ErrorCode::bad_audio);
    CHECK(thrown.message == "cannot read '" + (folder / name).string() + "': " + why);
  }
}

TEST_CASE("an_ogg_stream_that_claims_a_few_frames_too_many_is_read_to_its_end") {
  const TempFolder folder;
  write_with_libsndfile(folder / "plain.ogg", SF_FORMAT_OGG | SF_FORMAT_VORBIS, noise(30000, 44100.0, 2, 0.3));
  const AudioBuffer plain = read_audio(folder / "plain.ogg");
  std::string bytes = bytes_of(folder / "plain.ogg");
  promise_more(bytes, 50000);
  put_bytes(folder / "far.ogg", bytes);
  CHECK(reading(folder / "far.ogg").says("cut off"));
  bytes = bytes_of(folder / "plain.ogg");
  promise_more(bytes, 104);
  put_bytes(folder / "late.ogg", bytes);
  const AudioBuffer late = read_audio(folder / "late.ogg");
  CHECK(late.frames() >= plain.frames());
  CHECK(late.frames() < plain.frames() + 104);
  CHECK(largest_difference(plain, late) == 0.0);
  AudioFileReader reader(folder / "late.ogg");
  reader.seek(reader.info().frames - 1);
  CHECK(reader.read(10).frames() == 1);
}

TEST_CASE("random_bytes_under_any_name_are_refused") {
  const TempFolder folder;
  Rng rng(3);
  for (const char* name : {"r.wav", "r.flac", "r.ogg", "r.mp3", "r.aiff", "r.raw", "r.vox"}) {
    CAPTURE(std::string(name));
    std::string bytes(50000, '\0');
    for (char& byte : bytes) byte = static_cast<char>(rng.below(256));
    put_bytes(folder / name, bytes);
    CHECK(reading(folder / name).code == ErrorCode::bad_audio);
  }
}

TEST_CASE("nan_and_infinite_samples_are_refused_with_their_place") {
  const TempFolder folder;
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    AudioBuffer in = noise(20000, 44100.0, 2);
    in.channel(1)[12345] = bad;
    write_with_libsndfile(folder / "bad.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, in);
    const Thrown thrown = reading(folder / "bad.wav");
    CHECK(thrown.code == ErrorCode::bad_audio);
    CHECK(thrown.says("frame 12345 is NaN or infinite"));
  }
}

TEST_CASE("more_than_two_channels_are_unsupported") {
  const TempFolder folder;
  put_bytes(folder / "8.wav", wav_header(8, 44100, 1600) + std::string(1600, '\1'));
  const Thrown thrown = reading(folder / "8.wav");
  CHECK(thrown.code == ErrorCode::unsupported);
  CHECK(thrown.says("8 channels; mono or stereo only"));
}

TEST_CASE("rates_outside_4_to_384_khz_are_unsupported") {
  const TempFolder folder;
  for (const unsigned rate : {3999u, 384001u, 768000u}) {
    CAPTURE(rate);
    put_bytes(folder / "rate.wav", wav_header(1, rate, 1600) + std::string(1600, '\1'));
    const Thrown thrown = reading(folder / "rate.wav");
    CHECK(thrown.code == ErrorCode::unsupported);
    CHECK(thrown.says("4000 to 384000 Hz only"));
  }
}

TEST_CASE("a_missing_file_a_folder_and_a_device_are_told_apart") {
  const TempFolder folder;
  CHECK(reading(folder / "none.wav").code == ErrorCode::not_found);
  CHECK(reading(folder / "none.wav").says("there is no such file"));
  CHECK(reading(folder / "no/folder.wav").code == ErrorCode::not_found);
  CHECK(reading(folder.path()).says("it is a folder"));
  CHECK(reading("/dev/null").says("it is a device or a pipe"));
  CHECK(reading("").code == ErrorCode::not_found);
}

TEST_CASE("a_file_without_permission_is_an_io_error") {
  const TempFolder folder;
  write_with_libsndfile(folder / "mine.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, noise(10, 44100.0));
  std::filesystem::permissions(folder.path(), std::filesystem::perms(0755));
  std::filesystem::permissions(folder / "mine.wav", std::filesystem::perms::none);
  const int status = exit_status_of_child([&] {
    if (geteuid() == 0 && setuid(65534) != 0) return 77;  // root may read anything
    const Thrown thrown = reading(folder / "mine.wav");
    return thrown.code == ErrorCode::io && thrown.says("Permission denied") ? 0 : 1;
  });
  if (status == 77) {
    MESSAGE("skipped: root that cannot become another user");
  } else {
    CHECK(status == 0);
  }
}

TEST_CASE("a_failing_disk_is_an_io_error") {
  // Reading the first byte of one's own memory file fails with EIO: a plain file whose reads fail.
  CHECK(reading("/proc/self/mem").code == ErrorCode::io);
}
