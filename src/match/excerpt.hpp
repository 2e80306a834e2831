#pragma once

#include <filesystem>

#include "soundalike/audio_file.hpp"
#include "soundalike/level.hpp"

namespace soundalike {

/// What matching needs to know of a file, found in one bounded pass.
struct FileDigest {
  AudioFileInfo info;
  Levels levels;     ///< of the whole file
  AudioBuffer clip;  ///< the most informative excerpts, joined; the whole file when it is short
};

/// Reads a file and picks up to `seconds` of it: excerpts of up to 5 s that do not overlap, each as full of sound as
/// the file has it (half-second blocks within 20 dB of its loud ones) and as varied in level and brightness, in order
/// of time, joined with 10 ms raised-cosine cross-fades.
/// @throws Error as AudioFileReader, and bad_audio for digital silence.
FileDigest digest_file(const std::filesystem::path& path, double seconds);

/// Starts of the chosen excerpts in blocks, ascending, at least `length` apart; exposed for tests.
/// @param level_db, brightness_db one per half-second block.
std::vector<std::size_t> choose_excerpts(const std::vector<double>& level_db, const std::vector<double>& brightness_db,
                                         std::size_t length, std::size_t count);

}  // namespace soundalike
