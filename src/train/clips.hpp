#pragma once

#include <array>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "soundalike/audio_buffer.hpp"
#include "soundalike/corpus.hpp"
#include "soundalike/progress.hpp"

namespace soundalike::training {

/// The two halves of a recording, mono, at its own rate. Either may be the input; the other then makes the reference.
struct ClipPair {
  std::string name;
  std::array<AudioBuffer, 2> halves;      // equally long
  std::array<float, 2> gain{1.0f, 1.0f};  // of both halves when that one is the input: brings it to -18 LUFS
  bool varied = false;                    // not as it was recorded

  SampleRate rate() const { return halves[0].sample_rate(); }
  /// One half as loud as it is when `input` (0 or 1) is the input.
  AudioBuffer scaled(std::size_t half, std::size_t input) const;
};

struct ClipOptions {
  double minimum_seconds = 2.0;
  double maximum_seconds = 5.5;
  std::size_t maximum_frames = 131072;
  /// Of each usable recording, beside itself: up to half an octave faster or slower, and cut out at other places.
  std::size_t variations = 0;
  std::uint64_t seed = 1;  ///< of what is varied
  bool coloured = false;   ///< each variation also through filters of its own
};

/// The usable ones of the recordings of a split, in their order, each followed by its variations.
/// @throws Error invalid_argument, saying how many were too short, silent or unreadable, when none is usable;
/// cancelled.
std::vector<ClipPair> load_clips(const std::vector<std::filesystem::path>& files, Split split,
                                 const ClipOptions& options, const Progress& progress, const std::stop_token& stop);

}  // namespace soundalike::training
