#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>

#include "soundalike/audio_buffer.hpp"

namespace soundalike {

/// Float audio parked on disk between two passes: a nameless file beside the output that vanishes with the process.
class Spool {
 public:
  /// @param neighbour a file whose folder takes the spool. @throws Error io.
  Spool(const std::filesystem::path& neighbour, std::size_t channels, SampleRate rate);
  /// @throws Error io on a full disk.
  void write(AudioView audio);
  /// From the start again; after this, read() only.
  void rewind();
  /// The next `frames` frames, fewer at the end, none after it.
  AudioBuffer read(std::size_t frames);

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, Close> file_;
  std::filesystem::path neighbour_;
  std::size_t channels_;
  SampleRate rate_;
  std::vector<float> interleaved_;
};

}  // namespace soundalike
