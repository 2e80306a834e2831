#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
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
/// Not for use from two threads at once.
class AudioFileReader {
 public:
  /// @throws Error not_found (no such file), bad_audio (empty, truncated before any audio, not audio, 0 frames),
  ///         unsupported (more than 2 channels, or a rate outside the limits).
  explicit AudioFileReader(const std::filesystem::path& path);
  ~AudioFileReader();
  AudioFileReader(AudioFileReader&&) noexcept;
  AudioFileReader& operator=(AudioFileReader&&) noexcept;

  const AudioFileInfo& info() const;
  /// The next `frames` frames, fewer at the end, none after it.
  /// @throws Error bad_audio for NaN or infinite samples, or for a file that ends before its header says.
  AudioBuffer read(std::size_t frames);
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
/// hidden neighbour, removed when the writer dies.
class AudioFileWriter {
 public:
  /// @param format absent: float32 for .wav, int24 for .flac.
  /// @throws Error invalid_argument for another extension or float FLAC, io when the folder cannot be written.
  AudioFileWriter(const std::filesystem::path& path, std::size_t channels, SampleRate rate,
                  std::optional<SampleFormat> format = std::nullopt);
  ~AudioFileWriter();
  AudioFileWriter(AudioFileWriter&&) noexcept;
  AudioFileWriter& operator=(AudioFileWriter&&) noexcept;

  /// @throws Error io on a full disk; invalid_argument for other channels or rate; internal for NaN.
  void write(AudioView audio);
  /// Flushes, closes and renames into place. Nothing may be written after.
  void commit();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The whole buffer at once, written aside and renamed.
void write_audio(const std::filesystem::path& path, AudioView audio, std::optional<SampleFormat> format = std::nullopt);

/// Writes a text or binary file aside and renames it: readers see the old content or the new, never half.
/// @throws Error io, naming the path and the reason.
void write_file(const std::filesystem::path& path, std::string_view content);

}  // namespace soundalike
