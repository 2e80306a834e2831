#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "soundalike/audio_buffer.hpp"
#include "soundalike/controller_training.hpp"
#include "soundalike/corpus.hpp"
#include "soundalike/manifest.hpp"
#include "soundalike/progress.hpp"

namespace soundalike::training {

/// Mono audio in 16 bits, where the loudest sample takes all of them: half the memory of floats, and noise 98 dB below
/// the peak.
class CompactAudio {
 public:
  CompactAudio() = default;
  /// @param audio mono, finite.
  explicit CompactAudio(AudioView audio);
  /// Times `gain`.
  AudioBuffer expand(float gain = 1.0f) const;
  std::size_t frames() const { return samples_.size(); }
  SampleRate rate() const { return rate_; }
  std::span<const std::int16_t> samples() const { return samples_; }
  float step() const { return step_; }
  friend bool operator==(const CompactAudio&, const CompactAudio&) = default;

 private:
  std::vector<std::int16_t> samples_;
  float step_ = 0.0f;  // what 1 stands for
  SampleRate rate_;
};

/// Two contents of one source, mono: the halves of a recording, at its own rate, or what draw_clips() found. Either may
/// be the input; the other then makes the reference.
struct ClipPair {
  std::string name;
  std::array<CompactAudio, 2> halves;     // equally long
  std::array<float, 2> gain{1.0f, 1.0f};  // of both halves when that one is the input: brings it to -18 LUFS
  bool varied = false;                    // not as it was recorded
  std::size_t warm_up = 0;                // frames at the start of both halves that effects hear and nobody else does
  bool clean = false;                     // with this one nothing is to be done: target and reference stay dry

  SampleRate rate() const { return halves[0].rate(); }
  /// One half as loud as it is when `input` (0 or 1) is the input.
  AudioBuffer scaled(std::size_t half, std::size_t input) const { return halves[half].expand(gain[input]); }
  /// Of one of the halves, or of its render: what comes after the warm-up, which alone is heard and compared.
  AudioView heard(AudioView audio) const { return audio.excerpt(warm_up, audio.frames()); }
};
/// One half (0 or 1) as an input, without the warm-up.
inline AudioBuffer input_heard(const ClipPair& clip, std::size_t input) {
  return AudioBuffer(clip.heard(clip.scaled(input, input)));
}

struct ClipOptions {
  double minimum_seconds = 2.0;
  double maximum_seconds = 5.5;
  std::size_t maximum_frames = 131072;
  /// Of each usable recording, beside itself: up to half an octave faster or slower, and cut out at other places.
  std::size_t variations = 0;
  std::uint64_t seed = 1;   ///< of what is varied
  bool coloured = false;    ///< each variation also through filters of its own
  std::size_t threads = 0;  ///< read at the same time; 0: one per core. Changes nothing else.
};

/// The usable ones of the recordings of a split, in their order, each followed by its variations.
/// @throws Error invalid_argument, saying how many were too short, silent or unreadable, when none is usable;
/// cancelled.
std::vector<ClipPair> load_clips(const std::vector<std::filesystem::path>& files, Split split,
                                 const ClipOptions& options, const Progress& progress, const std::stop_token& stop);

struct DrawOptions {
  DrawnPairs pairs;
  std::size_t maximum_frames = 131072;
  std::uint64_t seed = 1;
  std::filesystem::path cache{};  ///< folder to keep decoded recordings in; empty: none
  std::size_t threads = 0;        ///< draw at the same time; 0: one per core. Changes nothing else.
};

/// Pairs from anywhere in the recordings of a split (training_pair.hpp), made by all threads.
/// @throws Error invalid_argument where nothing usable is found; cancelled.
std::vector<ClipPair> draw_clips(std::vector<Recording> recordings, Split split, const DrawOptions& options,
                                 const Progress& progress, const std::stop_token& stop);

}  // namespace soundalike::training
