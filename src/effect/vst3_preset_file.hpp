#pragma once

#include <string>
#include <string_view>

namespace soundalike::vst3 {

/// What a .vstpreset file holds: whose it is, and the states that hosts hand back to the plugin.
struct PresetFile {
  std::string class_id;          ///< 32 hexadecimal digits
  std::string component_state;   ///< chunk "Comp"
  std::string controller_state;  ///< chunk "Cont"; may be empty
  std::string label;             ///< what hosts show
  std::string plugin;            ///< its name
  bool ours = false;             ///< whether this program wrote it
};

/// The file's bytes: a header of 48 bytes ("VST3", version 1, class id, place of the list), the chunks, and the list of
/// their places; little-endian. Written by Steinberg's description of the format.
std::string encode(const PresetFile& preset);

/// @throws std::runtime_error saying what is wrong with the bytes: no preset, truncated, without component state, ...
PresetFile decode(std::string_view bytes);

}  // namespace soundalike::vst3
