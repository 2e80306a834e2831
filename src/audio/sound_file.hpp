#pragma once

#include <sndfile.h>

#include <memory>

namespace soundalike {

struct CloseSoundFile {
  void operator()(SNDFILE* file) const { sf_close(file); }
};
/// An open libsndfile handle.
using SoundFile = std::unique_ptr<SNDFILE, CloseSoundFile>;

/// Frames moved between libsndfile and planar buffers at a time: 64 KiB of stereo.
inline constexpr std::size_t file_block_frames = 8192;

/// Sample rates that files may have, Hz.
inline constexpr int lowest_file_rate = 4000;
inline constexpr int highest_file_rate = 384000;

}  // namespace soundalike
