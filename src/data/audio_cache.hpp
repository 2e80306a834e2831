#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>

#include "soundalike/audio_buffer.hpp"

namespace soundalike {

/// A folder of decoded recordings, one file each, named for what they were made from; docs/formats.md has the format.
/// Safe from many threads and processes: files are written aside and renamed.
class AudioCache {
 public:
  /// @throws Error io when the folder cannot be made.
  AudioCache(std::filesystem::path folder, SampleRate rate, std::size_t channels);

  /// Where `source` would be kept as it is now: by path, size and time of change.
  std::filesystem::path place(const std::filesystem::path& source) const;
  /// Frames of the recording kept at `place`; nothing when there is none, or it is damaged.
  std::optional<std::size_t> frames(const std::filesystem::path& place) const;
  /// Frames [first, first + count) of it, which must exist; nothing when it cannot be read.
  std::optional<AudioBuffer> read(const std::filesystem::path& place, std::size_t first, std::size_t count) const;
  /// @throws Error io.
  void write(const std::filesystem::path& place, AudioView audio) const;

 private:
  std::filesystem::path folder_;
  SampleRate rate_;
  std::size_t channels_;
};

}  // namespace soundalike
