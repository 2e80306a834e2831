#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cmath>
#include <string>
#include <string_view>

#include "soundalike/audio_file.hpp"
#include "soundalike/error.hpp"
#include "soundalike/level.hpp"

/// Does with a file of bytes what the server does with an upload: opens it, reads it through, measures it. Errors of
/// ours are fine. @return whether it was audio. Its frames must be as many as it says, and finite.
inline bool fuzz_upload(std::string_view bytes) {
  using namespace soundalike;
  constexpr std::size_t block_frames = 4096, most_blocks = 64;
  const int file = ::memfd_create("upload", MFD_CLOEXEC);
  if (file < 0 || ::write(file, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) __builtin_trap();
  bool audio = false;
  try {
    AudioFileReader reader("/proc/self/fd/" + std::to_string(file));
    const AudioFileInfo info = reader.info();
    if (info.channels < 1 || info.channels > 2 || info.frames == 0) __builtin_trap();
    LoudnessMeter meter(info.channels, info.sample_rate);
    std::size_t frames = 0;
    for (std::size_t n = 0; n < most_blocks; ++n) {
      const AudioBuffer block = reader.read(block_frames);
      for (const float x : block.samples()) {
        if (!std::isfinite(x)) __builtin_trap();
      }
      frames += block.frames();
      if (block.frames() == 0) break;
      meter.add(block);
    }
    if (frames > info.frames) __builtin_trap();
    if (frames > 0) meter.levels();
    reader.seek(info.frames / 2);
    reader.read(16);
    audio = true;
  } catch (const Error&) {
    // that is how bad files are to be met
  }
  ::close(file);
  return audio;
}
