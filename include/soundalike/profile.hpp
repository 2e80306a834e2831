#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
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
/// "smooth", "rough", ...: stable names for JSON.
std::string_view to_string(KnobClass klass);

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
    std::string reason{};  ///< why it is fixed or restricted, for people
  };
  std::map<std::string, Knob> knobs;  ///< by parameter id; every parameter of the effect
  /// Settings of every knob at which the sound passes unchanged; absent when the probe found none.
  std::optional<std::map<std::string, float>> neutral;
  std::string probe_json;  ///< the measurements behind it, verbatim, as a JSON object; "{}" when none

  /// The profile for an effect nobody has probed: continuous and integer knobs free, choices, toggles, triggers and
  /// knobs with an empty range at their defaults, and so is whatever is called bypass, enable, mute or solo. Output and
  /// make-up gains stay free: names do not tell whether they are harmless, the probe measures it.
  static Profile from_metadata(const EffectListing& listing);
};

/// Reads a profile. @throws Error not_found, io, invalid_argument naming the file, the key, what was found and what
/// would work. Unknown and repeated keys are refused, so that a slip of the pen is not a silently ignored setting.
Profile read_profile(const std::filesystem::path& path);
/// The same from memory. @param origin stands for the file name in errors.
Profile parse_profile(std::string_view json, std::string_view origin);
/// Always the same text for the same profile: fixed key order, knobs by id, shortest numbers that read back exactly.
/// @throws Error invalid_argument when probe_json is not a JSON object.
std::string to_json(const Profile& profile);

/// The profile to use for an effect: from the folder $SOUNDALIKE_PROFILES, then $XDG_CONFIG_HOME/soundalike/profiles
/// (~/.config/soundalike/profiles), then those built into the program, then from_metadata. The effect field decides,
/// not the file name. Parameters that the profile does not name get their entry from from_metadata.
/// @throws Error as read_profile; invalid_argument when a folder holds two profiles of the effect, or one of the user's
///         names a knob that the effect does not have (in a built-in one, made for another version of the plugin, such
///         a knob is dropped); not_found when $SOUNDALIKE_PROFILES is no folder.
Profile find_profile(const EffectListing& listing);

}  // namespace soundalike
