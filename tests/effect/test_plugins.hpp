#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "effect/lv2.hpp"

/// The plugins of tests/plugins as built beside the tests.
inline const std::vector<soundalike::EffectListing>& test_plugins() {
  static const auto listings = [] {
    const char* build = std::getenv("SOUNDALIKE_BUILD");
    REQUIRE_MESSAGE(build, "SOUNDALIKE_BUILD is the build folder; ctest sets it");
    return soundalike::scan_lv2(std::string(build) + "/tests/plugins");
  }();
  return listings;
}

/// @param name what follows "urn:soundalike:test:".
inline const soundalike::EffectListing& test_plugin(const std::string& name) {
  const auto& all = test_plugins();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const auto& l) { return l.info.id == "lv2:urn:soundalike:test:" + name; });
  REQUIRE_MESSAGE(found != all.end(), "no test plugin " << name);
  return *found;
}
