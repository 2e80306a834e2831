#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "soundalike/audio_buffer.hpp"

namespace soundalike {

inline constexpr double shortest_signal_seconds = 0.5;  ///< BS.1534-3: loops of 500 ms or more
inline constexpr double longest_signal_seconds = 12.0;
inline constexpr std::size_t most_signals = 12;

/// What of a signal must fit the others of its trial.
struct SignalFacts {
  std::string name;  ///< for messages
  double rate = 0.0;
  std::size_t channels = 0, frames = 0;
  double lufs = 0.0, true_peak_db = 0.0;
  std::string digest;  ///< of the samples

  double seconds() const { return rate > 0.0 ? static_cast<double>(frames) / rate : 0.0; }
};
SignalFacts facts_of(AudioView audio, const std::string& name);

/// Why the signals of a trial cannot be compared, each with the numbers: other rate, length or channels than the first,
/// silence, too short. Empty: they can.
std::vector<std::string> mismatches(const std::vector<SignalFacts>& signals);

}  // namespace soundalike
