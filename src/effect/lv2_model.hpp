#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "soundalike/effect.hpp"

namespace soundalike {

/// What the host does with a port.
enum class Lv2PortRole {
  parameter,        ///< a knob
  fixed,            ///< driven by the host: enabled, free-wheeling, tempo
  control_output,   ///< a meter; read by nobody
  latency,          ///< where the plugin reports its latency in frames
  audio_input,      ///< main, fed with the audio
  audio_output,     ///< main, heard
  silent_input,     ///< side chain or CV: fed zeros
  ignored_output,   ///< audio or CV beyond the main outputs
  sequence_input,   ///< atom sequence, always empty
  sequence_output,  ///< atom sequence, dropped
  event_input,      ///< the event buffer that came before atoms, always empty
  event_output,     ///< the same, dropped
  unconnected,      ///< of a type unknown here, and optional
};

struct Lv2Port {
  std::uint32_t index = 0;
  Lv2PortRole role = Lv2PortRole::unconnected;
  std::size_t parameter = 0;     ///< for parameter: index in Lv2Model::parameters
  float value = 0.0f;            ///< for fixed
  std::size_t buffer_bytes = 0;  ///< for sequences and events
};

/// Everything the host needs to know about a plugin, from its Turtle files.
struct Lv2Model {
  EffectInfo info;
  std::string uri;
  std::filesystem::path bundle;
  std::filesystem::path library;
  std::vector<Parameter> parameters;  ///< as in a listing: not resolved for a sample rate
  std::vector<Lv2Port> ports;         ///< by index
  std::vector<std::string> missing_features;
  std::string unusable;        ///< empty, or why it cannot be an effect here
  bool whole_blocks = false;   ///< insists on blocks of one size
  bool default_state = false;  ///< wants its default state restored before it runs
};

}  // namespace soundalike
