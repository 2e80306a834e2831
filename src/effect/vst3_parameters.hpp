#pragma once

#include <cstdint>
#include <vector>

#include "effect/vst3_plugin.hpp"
#include "soundalike/parameter.hpp"

namespace soundalike::vst3 {

/// A parameter and how its settings reach the plugin.
struct Knob {
  Parameter parameter;
  std::uint32_t id = 0;     ///< the plugin's own
  std::uint32_t steps = 0;  ///< from the lowest value to the highest; 0: continuous
  double default_value = 0.0;

  /// The normalised value that a render gives the plugin; a continuous one is the setting itself.
  double value(float setting) const;
  /// The setting that gives this value, or the nearest.
  float setting(double value) const;
};

/// What the controller offers to turn, in its order: no meters, hidden ones, program changes, and nothing that cannot
/// be automated, but for the bypass, which always is "bypass". Empty without a controller.
///
/// Ids are the names in lower case, as "attack_time": the plugin's own numbers mean nothing to people. Names that occur
/// twice get the name of their unit before them, then their number behind.
///
/// A continuous parameter shows the plugin's own numbers where they run linearly or logarithmically, by its own mapping
/// or by what it prints for people; else settings from 0 to 1, with what it prints at some of them.
std::vector<Knob> read_knobs(const Plugin& plugin);

}  // namespace soundalike::vst3
