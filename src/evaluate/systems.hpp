#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "soundalike/audio_buffer.hpp"
#include "soundalike/protocol.hpp"

namespace soundalike::evaluate {

class Workbench;

/// One pair as the systems get it. All of one rate, length and channel count, but the reference, which may have another
/// length.
struct Trial {
  std::string case_name;
  std::string pair_name;  ///< three digits or more
  AudioBuffer input, reference;
  AudioBuffer target;                     ///< for the oracle's eyes only
  std::vector<std::vector<float>> draws;  ///< random settings: one for `random`, then those of `neighbour`
  std::uint64_t seed = 0;                 ///< of searches
  std::vector<float> hidden;              ///< the maker's settings; empty for processed recordings
};

/// What a system makes of a trial.
struct Answer {
  AudioBuffer audio;            ///< of the input's shape
  std::vector<float> settings;  ///< of the case's effects; empty when it sets none
  bool kept_dry = false;
  std::string failure;  ///< not empty: no audio, and why
  bool absent = false;  ///< the system does not exist for this case: no controller
};

/// A row of the table of systems. `answer` may throw Error: that is its failure on this pair.
struct System {
  std::string_view name;
  std::string_view summary;
  Answer (*answer)(Workbench& bench, const Trial& trial, const std::stop_token& stop) = nullptr;
};
std::span<const System* const> systems();

extern const System dry_system, preset_system, middle_system, random_system, neighbour_system, rule_system,
    predict_system, refined_system, search_system, soundalike_system, oracle_system;

/// Runs a command, or reads what it made before.
Answer ask_outside(const OutsideSystem& system, const Trial& trial, const std::stop_token& stop);

}  // namespace soundalike::evaluate
