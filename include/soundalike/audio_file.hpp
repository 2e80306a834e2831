#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "soundalike/audio_buffer.hpp"

namespace soundalike {

/// What a file says about itself.
struct AudioFileInfo {
  SampleRate sample_rate;
  std::size_t channels = 0;
  std::size_t frames = 0;
  std::string format;  ///< e.g. "WAV, 24 bit", for people
};

/// Reads an audio file in pieces: anything libsndfile knows (WAV, FLAC, Ogg/Opus, MP3, AIFF, ...), 1 or 2 channels,
/// 4 kHz to 384 kHz, hours long in bounded memory.
///
///   AudioFileReader in("vocal.flac");
///   AudioBuffer block = in.read(65536);   // fewer frames, then none, at the end
///
/// A file that was cut off is refused when it is opened, where the file tells its length: WAV, RF64, AIFF, FLAC, Ogg
/// (by its end mark) and MP3 with a Xing header. Other MP3 files are walked through once, frame by frame, because their
/// length could only be guessed; FLAC without a length is decoded once.
/// Samples are as stored: integers divided by 2^(bits-1), floats untouched, also beyond +-1.
///
/// Not for use from two threads at once.
class AudioFileReader {
 public:
  /// @throws Error not_found (no such file), invalid_argument (a folder, device or pipe), io (no permission, failing
  ///         disk), bad_audio (empty, cut off, not audio, 0 frames), unsupported (more than 2 channels, or a rate
  ///         outside the limits).
  explicit AudioFileReader(const std::filesystem::path& path);
  ~AudioFileReader();
  AudioFileReader(AudioFileReader&&) noexcept;
  AudioFileReader& operator=(AudioFileReader&&) noexcept;

  const AudioFileInfo& info() const;
  /// The next `frames` frames, fewer at the end, none after it.
  /// @throws Error bad_audio for NaN or infinite samples and for a damaged part, io for a failing disk.
  AudioBuffer read(std::size_t frames);
  /// The next read begins at `frame`: exactly there in WAV, AIFF and FLAC; decoders of Ogg and MP3 need a moment to
  /// settle, so the first samples may differ a little from those of a read from the beginning.
  /// @throws Error invalid_argument for a frame beyond info().frames.
  void seek(std::size_t frame);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The whole file at once.
/// @throws what AudioFileReader throws.
AudioBuffer read_audio(const std::filesystem::path& path);

enum class SampleFormat { float32, int16, int24 };

/// Writes WAV or FLAC by extension in pieces. The file appears under its name only on commit(): until then it is a
/// hidden neighbour, removed when the writer dies. A symbolic link is followed.
///
///   AudioFileWriter out("wet.wav", 2, SampleRate{48000});
///   out.write(block);   // as often as you like
///   out.commit();
///
/// Integer samples are round(x * 2^(bits-1)), ties to even, saturated, without dither: reading and writing a file again
/// changes no sample, and equal audio gives equal bytes. WAV beyond 4 GiB becomes RF64 (EBU Tech 3306) by itself; so
/// every WAV has a JUNK chunk that keeps the room for it.
///
/// Not for use from two threads at once.
class AudioFileWriter {
 public:
  /// @param format absent: float32 for .wav, int24 for .flac.
  /// @param channels 1 or 2.
  /// @param rate a whole number of Hz, 4000 to 384000.
  /// @throws Error invalid_argument for another extension, float FLAC, other channels or rates, or a name taken by a
  ///         folder, device or pipe; io when the folder cannot be written.
  AudioFileWriter(const std::filesystem::path& path, std::size_t channels, SampleRate rate,
                  std::optional<SampleFormat> format = std::nullopt);
  ~AudioFileWriter();
  AudioFileWriter(AudioFileWriter&&) noexcept;
  AudioFileWriter& operator=(AudioFileWriter&&) noexcept;

  /// @throws Error io on a full disk; invalid_argument for other channels or rate; internal for NaN.
  void write(AudioView audio);
  /// Flushes, closes and renames into place (no fsync). Nothing may be written after.
  /// @throws Error io; the old file of that name, if any, is then untouched.
  void commit();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The whole buffer at once, written aside and renamed.
void write_audio(const std::filesystem::path& path, AudioView audio, std::optional<SampleFormat> format = std::nullopt);

/// Throws what writing a file of that name would throw at once: no such folder, no permission, a folder of that name.
/// For finding out before long work. Leaves nothing behind.
void check_writable(const std::filesystem::path& path);

/// Writes a text or binary file aside and renames it: readers see the old content or the new, never half. A symbolic
/// link is followed; a device or pipe (/dev/stdout) is written directly. No fsync.
/// @throws Error io, naming the path and the reason; invalid_argument for a folder.
void write_file(const std::filesystem::path& path, std::string_view content);
/// The same with content in pieces, one after the other.
void write_file(const std::filesystem::path& path, std::span<const std::string_view> pieces);

}  // namespace soundalike
