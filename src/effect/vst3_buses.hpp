#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "effect/vst3_plugin.hpp"

namespace soundalike::vst3 {

/// The audio buses of a plugin as they are when it runs.
struct Buses {
  std::vector<std::size_t> inputs;  ///< channels of each
  std::vector<std::size_t> outputs;
  std::size_t main_input = 0;  ///< which of them carries the audio; the others are fed silence, or dropped
  std::size_t main_output = 0;
  bool operator==(const Buses&) const = default;

  std::size_t width_in() const { return inputs[main_input]; }     ///< 1 or 2
  std::size_t width_out() const { return outputs[main_output]; }  ///< 1 or 2
};

/// Why a plugin with these buses cannot be an effect here, before any arrangement is tried; empty when it can.
std::string unusable_buses(const Plugin& plugin, bool instrument);

/// Arranges the main buses for audio of so many channels, or the nearest that the plugin knows, leaves the others as
/// they are, and switches on what is used. The plugin must not be active.
/// @throws Error unsupported when the plugin does neither mono nor stereo.
Buses arrange_buses(const Plugin& plugin, std::size_t channels);

}  // namespace soundalike::vst3
