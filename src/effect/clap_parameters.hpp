#pragma once

#include <vector>

#include "effect/clap_plugin.hpp"
#include "soundalike/parameter.hpp"

namespace soundalike::clap {

/// A parameter and how the plugin knows it.
struct Knob {
  Parameter parameter;
  clap_id id = CLAP_INVALID_ID;
  void* cookie = nullptr;  ///< of one instance only
};

/// What the plugin offers to turn, in its order: nothing hidden and no meters; a bypass always is "bypass". Values are
/// the plugin's own; a continuous parameter that prints other numbers than it holds shows what it prints at some of
/// its settings. Ids are the names in lower case, as "attack_time"; names that occur twice get their module before
/// them, then their number behind.
std::vector<Knob> read_knobs(const Plugin& plugin);

}  // namespace soundalike::clap
