#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "effect/ladspa.hpp"

inline std::string built_plugins() {
  const char* build = std::getenv("SOUNDALIKE_BUILD");
  REQUIRE_MESSAGE(build, "SOUNDALIKE_BUILD is the build folder; ctest sets it");
  return std::string(build) + "/tests/plugins";
}

/// A plugin of tests/plugins/ladspa by its label.
inline const soundalike::EffectListing& ladspa_plugin(const std::string& label) {
  static const auto listings = soundalike::scan_ladspa(built_plugins() + "/ladspa/soundalike-test.so");
  const auto found = std::find_if(listings.begin(), listings.end(),
                                  [&](const auto& l) { return l.info.id == "ladspa:soundalike-test#" + label; });
  REQUIRE_MESSAGE(found != listings.end(), "no LADSPA test plugin " << label);
  return *found;
}
