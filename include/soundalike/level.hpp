#pragma once

#include <memory>
#include <span>

#include "soundalike/audio_buffer.hpp"

namespace soundalike {

/// Levels of a recording, over all channels.
struct Levels {
  double peak_db;       ///< dBFS, largest sample; -inf for silence
  double true_peak_db;  ///< dBTP, BS.1770-4 oversampled peak
  double rms_db;        ///< dBFS, 0 dB = a square wave of full scale
  double lufs;          ///< LUFS, see LoudnessMeter; -inf for silence
  double crest_db;      ///< peak_db - rms_db; 0 for silence
};

/// Measures loudness and peaks of audio fed in pieces (EBU R 128 / ITU-R BS.1770-4, through libebur128).
///
/// Rule for short or quiet audio: integrated loudness is undefined under 400 ms (no full gating block). Then, and when
/// every block is gated away, the ungated K-weighted level of all that was heard is given instead: the audio is
/// followed by zeros up to 400 ms and the energy is scaled by 400 ms / length. Digital silence is -inf.
///
/// One channel counts once: mono is 3.01 dB quieter than the same signal in both channels of a stereo file. A
/// full-scale 997 Hz sine in one channel is -3.01 LUFS within 0.1 dB from 8 kHz up, 0.2 dB at 4 kHz. True peak
/// oversamples 4 times below 96 kHz, twice below 192 kHz, and is the sample peak above. Samples must be finite. Memory:
/// 800 ms of audio and 80 bytes per second heard. Not for use from two threads at once.
class LoudnessMeter {
 public:
  /// @throws Error invalid_argument for 0 channels or a rate that cannot be.
  LoudnessMeter(std::size_t channels, SampleRate rate);
  ~LoudnessMeter();
  LoudnessMeter(LoudnessMeter&&) noexcept;
  LoudnessMeter& operator=(LoudnessMeter&&) noexcept;

  /// @throws Error invalid_argument for other channels or another rate.
  void add(AudioView audio);
  /// Of all that was added so far.
  Levels levels() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

Levels measure_levels(AudioView audio);

/// Root mean square over all channels; 0 for no samples.
double rms(AudioView audio);

/// Largest |sample| of samples that may hold NaN or infinity: those count as infinite. 0 for none.
float peak_of(std::span<const float> samples);

/// Integrated loudness alone, same rule; about five times faster than measure_levels.
double measure_lufs(AudioView audio);

/// measure_lufs() within 0.01 LU at a fifth of its time, for what is measured while somebody waits or by the thousand.
/// Shorter than a block of 400 ms, nothing above the gate, more than two channels or below 8 kHz: measure_lufs().
double quick_lufs(AudioView audio);

/// The gain in dB that may be applied on top of `wanted_gain_db` without true peaks above `ceiling_db`:
/// `wanted_gain_db` itself when there is room, less when there is not. Output that would clip is turned down, and the
/// caller says so.
double guard_gain_db(double true_peak_db, double wanted_gain_db, double ceiling_db = -1.0);

}  // namespace soundalike
