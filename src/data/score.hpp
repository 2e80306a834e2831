#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "soundalike/rng.hpp"

namespace soundalike {

/// The parts of a small band.
enum class Role { drums, bass, chords, melody, pad };
inline constexpr std::size_t role_count = 5;

/// One note; drums use the numbers of General MIDI.
struct Note {
  double start = 0.0, length = 0.0;  ///< in seconds
  int pitch = 60;                    ///< MIDI number
  double velocity = 0.8;             ///< (0, 1]
  Role role = Role::melody;
};

/// A piece of music nobody wrote: key, mode, tempo, metre, chords and who plays are drawn.
struct Score {
  double seconds = 0.0;
  std::vector<Note> notes;                 ///< by start
  std::array<int, role_count> programs{};  ///< General MIDI programs, for players of sound fonts
};
Score compose(double seconds, Rng& rng);

namespace drum {
inline constexpr int kick = 36, snare = 38, clap = 39, closed_hat = 42, low_tom = 45, open_hat = 46, high_tom = 50;
}

}  // namespace soundalike
