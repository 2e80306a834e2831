#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cmath>
#include <vector>

#include "audio/descriptor_io.hpp"
#include "audio/pending_file.hpp"
#include "audio/sound_file.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace fs = std::filesystem;

namespace {

[[noreturn]] void refuse(const fs::path& path, const std::string& why) {
  throw Error(ErrorCode::invalid_argument, fmt::format("cannot write '{}': {}", path.string(), why));
}

// RF64 is written as plain WAV while it fits into 4 GiB: its 64-bit sizes wait in a JUNK chunk until they are needed.
int container_of(const fs::path& path) {
  std::string extension = path.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  if (extension == ".wav") return SF_FORMAT_RF64;
  if (extension == ".flac") return SF_FORMAT_FLAC;
  refuse(path, fmt::format("files of kind '{}' are not written; end the name in .wav or .flac", extension));
}

int encoding_of(SampleFormat format) {
  switch (format) {
    case SampleFormat::float32:
      return SF_FORMAT_FLOAT;
    case SampleFormat::int16:
      return SF_FORMAT_PCM_16;
    case SampleFormat::int24:
      return SF_FORMAT_PCM_24;
  }
  return 0;
}

int bits_of(SampleFormat format) { return format == SampleFormat::int16 ? 16 : 24; }

}  // namespace

struct AudioFileWriter::State {
  State(const fs::path& file_path, std::size_t channel_count, SampleRate sample_rate, SampleFormat sample_format)
      : path(file_path),
        channels(channel_count),
        rate(sample_rate),
        format(sample_format),
        file(file_path),
        out{.descriptor = file.descriptor(), .beginning = {}} {
    SF_INFO info{};
    info.samplerate = static_cast<int>(rate.hz);
    info.channels = static_cast<int>(channels);
    info.format = container_of(path) | encoding_of(format);
    sound.reset(sf_open_virtual(&descriptor_calls(), SFM_WRITE, &info, &out));
    check();
    if (!sound)
      throw Error(ErrorCode::internal, fmt::format("cannot write '{}': {}", path.string(), sf_strerror(nullptr)));
    sf_command(sound.get(), SFC_RF64_AUTO_DOWNGRADE, nullptr, SF_TRUE);
    // No word about the PEAK chunk, which holds the time of day: an RF64 file has none, and SFC_SET_ADD_PEAK_CHUNK adds
    // one even when it is told not to.
  }

  void check() const {
    if (out.error != 0) file.fail(out.error);
  }
  void must_be_open() const {
    if (!sound) throw Error(ErrorCode::internal, fmt::format("cannot write '{}': it was committed", path.string()));
  }

  void write_block(AudioView block);

  fs::path path;
  std::size_t channels;
  SampleRate rate;
  SampleFormat format;
  PendingFile file;
  DescriptorIo out;
  SoundFile sound;  // after what it writes to
  std::vector<float> floats;
  std::vector<int> integers;
};

void AudioFileWriter::State::write_block(AudioView block) {
  const std::size_t count = block.frames() * channels;
  floats.resize(count);
  for (std::size_t c = 0; c < channels; ++c) {
    const auto samples = block.channel(c);
    for (std::size_t i = 0; i < samples.size(); ++i) {
      if (!std::isfinite(samples[i])) {
        throw Error(ErrorCode::internal, fmt::format("cannot write '{}': a sample is NaN or infinite", path.string()));
      }
      floats[i * channels + c] = samples[i];
    }
  }
  sf_count_t written = 0;
  const auto frames = static_cast<sf_count_t>(block.frames());
  if (format == SampleFormat::float32) {
    written = sf_writef_float(sound.get(), floats.data(), frames);
  } else {
    // Our own rounding: libsndfile scales by 2^(bits-1) - 1 but reads by 2^(bits-1), so files would shrink when copied.
    const int bits = bits_of(format);
    const double scale = std::ldexp(1.0, bits - 1);
    integers.resize(count);
    std::transform(floats.begin(), floats.end(), integers.begin(), [&](float x) {
      const double steps = std::clamp(std::nearbyint(double{x} * scale), -scale, scale - 1.0);
      return static_cast<int>(steps * std::ldexp(1.0, 32 - bits));  // libsndfile takes the upper bits
    });
    written = sf_writef_int(sound.get(), integers.data(), frames);
  }
  if (written != frames && out.error == 0) out.error = EIO;
  check();
}

AudioFileWriter::AudioFileWriter(const fs::path& path, std::size_t channels, SampleRate rate,
                                 std::optional<SampleFormat> format) {
  const bool flac = container_of(path) == SF_FORMAT_FLAC;
  const SampleFormat chosen = format.value_or(flac ? SampleFormat::int24 : SampleFormat::float32);
  if (flac && chosen == SampleFormat::float32) {
    refuse(path, "FLAC holds no floating-point samples; choose int16 or int24, or write WAV");
  }
  if (channels < 1 || channels > 2) refuse(path, fmt::format("{} channels; mono or stereo only", channels));
  if (!(rate.hz >= lowest_file_rate && rate.hz <= highest_file_rate) || rate.hz != std::floor(rate.hz)) {
    refuse(path, fmt::format("a sample rate of {} Hz; files hold whole rates from {} to {} Hz", rate.hz,
                             lowest_file_rate, highest_file_rate));
  }
  state_ = std::make_unique<State>(path, channels, rate, chosen);
}

AudioFileWriter::~AudioFileWriter() = default;
AudioFileWriter::AudioFileWriter(AudioFileWriter&&) noexcept = default;
AudioFileWriter& AudioFileWriter::operator=(AudioFileWriter&&) noexcept = default;

void AudioFileWriter::write(AudioView audio) {
  state_->must_be_open();
  if (audio.channels() != state_->channels || audio.sample_rate() != state_->rate) {
    refuse(state_->path, fmt::format("audio of {} channels at {} Hz for a file of {} channels at {} Hz",
                                     audio.channels(), audio.sample_rate().hz, state_->channels, state_->rate.hz));
  }
  for (std::size_t first = 0; first < audio.frames(); first += file_block_frames) {
    state_->write_block(audio.excerpt(first, file_block_frames));
  }
}

void AudioFileWriter::commit() {
  state_->must_be_open();
  state_->check();
  state_->sound.reset();  // writes the header, and FLAC's last block
  state_->check();
  state_->file.commit();
}

void write_audio(const fs::path& path, AudioView audio, std::optional<SampleFormat> format) {
  AudioFileWriter out(path, audio.channels(), audio.sample_rate(), format);
  out.write(audio);
  out.commit();
}

}  // namespace soundalike
