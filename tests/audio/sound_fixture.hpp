#pragma once

#include <sndfile.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include "soundalike/audio_buffer.hpp"

/// Writes any kind libsndfile can, for kinds the product reads but does not write.
inline void write_with_libsndfile(const std::filesystem::path& path, int format, soundalike::AudioView audio) {
  SF_INFO info{};
  info.samplerate = static_cast<int>(audio.sample_rate().hz);
  info.channels = static_cast<int>(audio.channels());
  info.format = format;
  SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
  if (!file) throw std::runtime_error(path.string() + ": " + sf_strerror(nullptr));
  std::vector<float> interleaved(audio.frames() * audio.channels());
  for (std::size_t c = 0; c < audio.channels(); ++c) {
    for (std::size_t i = 0; i < audio.frames(); ++i) interleaved[i * audio.channels() + c] = audio.channel(c)[i];
  }
  sf_writef_float(file, interleaved.data(), static_cast<sf_count_t>(audio.frames()));
  sf_close(file);
}

inline std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void put_bytes(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}
