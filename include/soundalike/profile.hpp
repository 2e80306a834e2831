#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "soundalike/effect_library.hpp"

namespace soundalike {

/// What the probe found about one knob.
enum class KnobClass {
  smooth,   ///< sound follows the knob: good for gradients and search
  rough,    ///< audible, but the sound decorrelates after a tiny change (delay times, LFO rates)
  stepped,  ///< audible in jumps
  gain,     ///< changes level only; the output is loudness-matched anyway, so it stays fixed
  dead,     ///< no audible change over its range
};

/// How one effect is best used for matching: which knobs move, where the others stay, the step for gradients, the block
/// size. One JSON file per effect in profiles/, written by `soundalike effects probe`; format in docs/formats.md.
struct Profile {
  std::string effect;  ///< "lv2:<uri>"
  std::string name;
  std::size_t block_size = 1024;
  struct Knob {
    bool free = true;      ///< searched and predicted
    float setting = 0.5f;  ///< normalised value when not free, and the start of a search when free
    float low = 0.0f;      ///< searched range, normalised
    float high = 1.0f;
    float step = 0.01f;  ///< half-width for SPSA and finite differences, normalised
    KnobClass klass = KnobClass::smooth;
    std::string reason;  ///< why it is fixed or restricted, for people
  };
  std::map<std::string, Knob> knobs;  ///< by parameter id; every parameter of the effect
  std::string probe_json;             ///< the measurements behind it, verbatim, as a JSON object; "{}" when none

  /// The profile for an effect nobody has probed: continuous and integer knobs free, choices, toggles and triggers at
  /// their defaults.
  static Profile from_metadata(const EffectListing& listing);
};

/// Reads a profile. @throws Error not_found, invalid_argument naming the file, the key and what was wrong.
Profile read_profile(const std::filesystem::path& path);
Profile parse_profile(std::string_view json, std::string_view origin);
std::string to_json(const Profile& profile);

/// The profile to use for an effect: $SOUNDALIKE_PROFILES/<name>.json, then the user's configuration folder, then those
/// built into the program, then from_metadata. The effect field decides, not the file name.
Profile find_profile(const EffectListing& listing);

}  // namespace soundalike
