#pragma once

#include <span>
#include <string>
#include <vector>

#include "soundalike/effect_library.hpp"

namespace soundalike::vst3 {

/// What a plugin saves of itself.
struct State {
  std::string component;
  std::string controller;
};

/// The state of a plugin that has run with these settings. The plugin runs in a worker process with a deadline.
/// @throws Error plugin_failed when it crashes, hangs, refuses or saves nothing.
State save_state(const EffectListing& listing, std::span<const float> settings, SampleRate rate);

/// The settings that a plugin has once it has been given a state, one per parameter of the listing. In a worker, too.
/// @throws Error plugin_failed when it crashes, hangs or refuses the state.
std::vector<float> settings_of(const EffectListing& listing, const State& state, SampleRate rate);

/// The other end: answers questions for states that come in over the socket, until it closes. @return the exit status.
int serve_states(int descriptor);

}  // namespace soundalike::vst3
