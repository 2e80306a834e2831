#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <limits>
#include <system_error>
#include <utility>
#include <vector>

#include "audio/declared_end.hpp"
#include "audio/descriptor_io.hpp"
#include "audio/mpeg.hpp"
#include "audio/sound_file.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace fs = std::filesystem;

namespace {

constexpr std::string_view readable_kinds = "give WAV, FLAC, Ogg/Opus, MP3 or AIFF";
constexpr std::size_t longest_vorbis_block = 8192;
constexpr auto unknown_length = std::numeric_limits<sf_count_t>::max();  // libsndfile's word for it

[[noreturn]] void refuse(ErrorCode code, const fs::path& path, const std::string& why) {
  throw Error(code, fmt::format("cannot read '{}': {}", path.string(), why));
}

[[noreturn]] void refuse_truncated(const fs::path& path) {
  refuse(ErrorCode::bad_audio, path, "it is cut off: it ends before its header says; copy or export it again");
}

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  int value() const { return value_; }

 private:
  int value_;
};

Descriptor open_to_read(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status) && status.type() == fs::file_type::not_found) {
    refuse(ErrorCode::not_found, path, "there is no such file");
  }
  if (fs::is_directory(status)) refuse(ErrorCode::invalid_argument, path, "it is a folder; name a file in it");
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    refuse(ErrorCode::invalid_argument, path, "it is a device or a pipe; write it to a file first");
  }
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.value() < 0) refuse(ErrorCode::io, path, std::generic_category().message(errno));
  return file;
}

// Why libsndfile did not open it, as far as the first bytes tell.
[[noreturn]] void refuse_unopened(const fs::path& path, const Descriptor& file, std::string_view reason) {
  std::array<unsigned char, 512> head{};
  const ssize_t count = ::pread(file.value(), head.data(), head.size(), 0);
  if (count < 0) refuse(ErrorCode::io, path, std::generic_category().message(errno));
  if (count == 0) refuse(ErrorCode::bad_audio, path, fmt::format("it is empty; {}", readable_kinds));
  const bool text = std::all_of(head.begin(), head.begin() + count,
                                [](unsigned char c) { return c >= 0x20 || (c >= '\t' && c <= '\r'); });
  const std::string_view magic(reinterpret_cast<const char*>(head.data()), 4);
  for (const std::string_view known : {"RIFF", "RF64", "FORM", "fLaC", "OggS"}) {
    if (magic == known) {
      refuse(ErrorCode::bad_audio, path, fmt::format("it begins like audio but is damaged or cut off ({})", reason));
    }
  }
  refuse(ErrorCode::bad_audio, path, fmt::format("no audio in it{}; {}", text ? " (text?)" : "", readable_kinds));
}

std::string describe(int format) {
  struct Name {
    int id;
    const char* text;
  };
  constexpr std::array containers{
      Name{SF_FORMAT_WAV, "WAV"},   Name{SF_FORMAT_WAVEX, "WAV"}, Name{SF_FORMAT_RF64, "RF64"},
      Name{SF_FORMAT_AIFF, "AIFF"}, Name{SF_FORMAT_FLAC, "FLAC"}, Name{SF_FORMAT_MPEG, "MPEG"},
      Name{SF_FORMAT_OGG, "Ogg"},   Name{SF_FORMAT_CAF, "CAF"},   Name{SF_FORMAT_W64, "W64"},
  };
  constexpr std::array encodings{
      Name{SF_FORMAT_PCM_S8, "8 bit"},
      Name{SF_FORMAT_PCM_U8, "8 bit"},
      Name{SF_FORMAT_PCM_16, "16 bit"},
      Name{SF_FORMAT_PCM_24, "24 bit"},
      Name{SF_FORMAT_PCM_32, "32 bit"},
      Name{SF_FORMAT_FLOAT, "32 bit float"},
      Name{SF_FORMAT_DOUBLE, "64 bit float"},
      Name{SF_FORMAT_VORBIS, "Vorbis"},
      Name{SF_FORMAT_OPUS, "Opus"},
      Name{SF_FORMAT_MPEG_LAYER_I, "layer 1"},
      Name{SF_FORMAT_MPEG_LAYER_II, "layer 2"},
      Name{SF_FORMAT_MPEG_LAYER_III, "layer 3"},
  };
  const auto name = [](const auto& table, int id) -> std::string {
    for (const Name& n : table) {
      if (n.id == id) return n.text;
    }
    SF_FORMAT_INFO info{};
    info.format = id;
    return sf_command(nullptr, SFC_GET_FORMAT_INFO, &info, sizeof info) == 0 && info.name ? info.name : "unknown";
  };
  return name(containers, format & SF_FORMAT_TYPEMASK) + ", " + name(encodings, format & SF_FORMAT_SUBMASK);
}

}  // namespace

struct AudioFileReader::State {
  explicit State(const fs::path& file_path);

  void check() const {
    if (in.error != 0) refuse(ErrorCode::io, path, std::generic_category().message(in.error));
  }
  void seek(std::size_t frame);
  std::size_t count_frames();
  bool last_frame_is_there();

  fs::path path;
  Descriptor file;
  DescriptorIo in;
  SoundFile sound;  // after what it reads from
  AudioFileInfo info;
  std::size_t position = 0;
  std::vector<float> interleaved;
};

AudioFileReader::State::State(const fs::path& file_path)
    : path(file_path), file(open_to_read(file_path)), in{.descriptor = file.value(), .beginning = {}} {
  const auto end = declared_end(file.value());
  if (end && *end > fs::file_size(path)) refuse_truncated(path);
  if (const auto mpeg = mpeg_length(file.value()); mpeg && !mpeg->has_header) {
    in.beginning = mpeg_length_frame(file.value(), mpeg->start);
    in.replaced = mpeg->start;
  }
  SF_INFO sf{};
  // Without the name of the file, from which libsndfile would guess headerless kinds (VOX, GSM).
  sound.reset(sf_open_virtual(&descriptor_calls(), SFM_READ, &sf, &in));
  check();
  if (!sound) refuse_unopened(path, file, sf_strerror(nullptr));
  if (sf.channels < 1 || sf.channels > 2) {
    refuse(ErrorCode::unsupported, path, fmt::format("{} channels; mono or stereo only", sf.channels));
  }
  if (sf.samplerate < lowest_file_rate || sf.samplerate > highest_file_rate) {
    refuse(ErrorCode::unsupported, path,
           fmt::format("a sample rate of {} Hz; {} to {} Hz only", sf.samplerate, lowest_file_rate, highest_file_rate));
  }
  info = {.sample_rate = {static_cast<double>(sf.samplerate)},
          .channels = static_cast<std::size_t>(sf.channels),
          .frames = static_cast<std::size_t>(sf.frames),
          .format = describe(sf.format)};
  interleaved.resize(file_block_frames * info.channels);
  if (sf.frames == unknown_length) {
    // An Ogg stream without its last page has lost its end. FLAC may leave the length out: then it is counted.
    if ((sf.format & SF_FORMAT_TYPEMASK) == SF_FORMAT_OGG) refuse_truncated(path);
    info.frames = count_frames();
  }
  if (info.frames == 0) refuse(ErrorCode::bad_audio, path, "no audio in it (0 frames)");
  if (sf.frames == unknown_length || last_frame_is_there()) return;
  if ((sf.format & SF_FORMAT_TYPEMASK) != SF_FORMAT_OGG) refuse_truncated(path);
  // The last page is there, and says more than the pages hold: some encoders begin to count before the first frame.
  seek(0);
  const std::size_t there = count_frames();
  if (there == 0 || there + longest_vorbis_block < info.frames) refuse_truncated(path);
  info.frames = there;
}

void AudioFileReader::State::seek(std::size_t frame) {
  if (sf_seek(sound.get(), static_cast<sf_count_t>(frame), SEEK_SET) != static_cast<sf_count_t>(frame)) {
    refuse(ErrorCode::bad_audio, path, fmt::format("cannot move to frame {}: {}", frame, sf_strerror(sound.get())));
  }
  position = frame;
}

std::size_t AudioFileReader::State::count_frames() {
  std::size_t count = 0;
  sf_count_t got = 0;
  while ((got = sf_readf_float(sound.get(), interleaved.data(), file_block_frames)) > 0) {
    count += static_cast<std::size_t>(got);
  }
  seek(0);
  return count;
}

// A file that is cut off is refused when it is opened, not after an hour of work.
bool AudioFileReader::State::last_frame_is_there() {
  if (sf_seek(sound.get(), static_cast<sf_count_t>(info.frames - 1), SEEK_SET) < 0) return false;
  if (sf_readf_float(sound.get(), interleaved.data(), 1) != 1) return false;
  seek(0);
  return true;
}

AudioFileReader::AudioFileReader(const fs::path& path) : state_(std::make_unique<State>(path)) {}
AudioFileReader::~AudioFileReader() = default;
AudioFileReader::AudioFileReader(AudioFileReader&&) noexcept = default;
AudioFileReader& AudioFileReader::operator=(AudioFileReader&&) noexcept = default;

const AudioFileInfo& AudioFileReader::info() const { return state_->info; }

AudioBuffer AudioFileReader::read(std::size_t frames) {
  State& s = *state_;
  const std::size_t channels = s.info.channels;
  AudioBuffer audio(channels, std::min(frames, s.info.frames - s.position), s.info.sample_rate);
  for (std::size_t done = 0; done < audio.frames();) {
    const std::size_t wanted = std::min(audio.frames() - done, file_block_frames);
    const sf_count_t got = sf_readf_float(s.sound.get(), s.interleaved.data(), static_cast<sf_count_t>(wanted));
    s.check();
    if (got <= 0) {
      refuse(ErrorCode::bad_audio, s.path,
             fmt::format("it is damaged: {} of {} frames can be read", s.position, s.info.frames));
    }
    for (std::size_t c = 0; c < channels; ++c) {
      const auto to = audio.channel(c).subspan(done, static_cast<std::size_t>(got));
      for (std::size_t i = 0; i < to.size(); ++i) {
        to[i] = s.interleaved[i * channels + c];
        if (!std::isfinite(to[i])) {
          refuse(ErrorCode::bad_audio, s.path,
                 fmt::format("frame {} is NaN or infinite; export it again, with integer samples", s.position + i));
        }
      }
    }
    done += static_cast<std::size_t>(got);
    s.position += static_cast<std::size_t>(got);
  }
  return audio;
}

void AudioFileReader::seek(std::size_t frame) {
  State& s = *state_;
  if (frame > s.info.frames) {
    throw Error(ErrorCode::invalid_argument, fmt::format("cannot move to frame {} of '{}': it has {} frames", frame,
                                                         s.path.string(), s.info.frames));
  }
  s.seek(frame);
}

AudioBuffer read_audio(const fs::path& path) {
  AudioFileReader in(path);
  return in.read(in.info().frames);
}

}  // namespace soundalike
