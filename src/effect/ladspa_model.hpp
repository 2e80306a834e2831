#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "soundalike/effect.hpp"

namespace soundalike {

/// What the host does with a port.
enum class LadspaPortRole { parameter, meter, latency, audio_input, audio_output, silent_input, ignored_output };

/// Everything the host needs to know about a plugin, from its descriptor.
struct LadspaModel {
  EffectInfo info;
  unsigned long number = 0;            ///< the plugin's own, by which other files name it
  std::vector<Parameter> parameters;   ///< as in a listing: not resolved for a sample rate
  std::vector<LadspaPortRole> ports;   ///< by index
  std::vector<std::size_t> port_knob;  ///< by index: which parameter a port is, where it is one
  std::string unusable;                ///< empty, or why it cannot be an effect here
};

/// @param descriptor LADSPA_Descriptor. @param file of its library.
LadspaModel ladspa_model(const void* descriptor, const std::filesystem::path& file);

}  // namespace soundalike
