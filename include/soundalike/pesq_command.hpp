#pragma once

#include <string>
#include <string_view>

#include "soundalike/metric.hpp"

namespace soundalike {

struct CommandEnd;

/// Perceptual evaluation of speech quality, ITU-T P.862.2, by a program that the user has: its licence forbids shipping
/// one. A measure of telephone speech, doubtful for effects; values from elsewhere are repeated as they are.
///
///   const PesqCommand pesq("pesq +16000 +wb {target} {output}");   // the program of the Recommendation
///   const MetricValue score = pesq.measure(output, target);
///
/// The program gets the names of two WAV files, 16 kHz, mono, 16 bit; the last number that it prints is the score. That
/// it ends with another status than 0, prints none or takes too long is a failure. Safe from many threads.
class PesqCommand {
 public:
  static constexpr std::string_view name = "pesq";
  static constexpr std::string_view unit = "MOS";
  static constexpr Direction better = Direction::higher;

  /// @param command for /bin/sh; {target} and {output} stand for the files, which follow in that order where neither
  /// does.
  /// @throws Error invalid_argument for an empty command or one with only one of the two.
  explicit PesqCommand(std::string command, double timeout_seconds = 120.0);
  /// As Metric::measure(), for sounding recordings of any rate.
  /// @throws Error io when files cannot be written or a shell cannot be started.
  MetricValue measure(const MetricAudio& output, const MetricAudio& target) const;
  /// What the shell says where it finds no such program, or may not run it; empty where the program is there. Runs it
  /// once, on half a second of noise. @throws Error as measure().
  std::string missing() const;

 private:
  CommandEnd run(AudioView output, AudioView target) const;

  std::string command_;
  double timeout_seconds_;
};

}  // namespace soundalike
