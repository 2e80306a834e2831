#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "soundalike/effect_library.hpp"

/// The plugins installed on this machine, scanned once per test program.
inline const std::vector<soundalike::EffectListing>& installed_effects() {
  static const auto listings = soundalike::EffectLibrary({.use_cache = false}).listings();
  return listings;
}

/// A listing by the URI of an installed plugin; null, with a message, when its package is not installed.
inline const soundalike::EffectListing* installed(const std::string& uri) {
  const auto& all = installed_effects();
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& l) { return l.info.id == "lv2:" + uri; });
  if (found != all.end()) return &*found;
  MESSAGE("skipped: not installed: " << uri);
  return nullptr;
}

inline std::string mda(const std::string& name) { return "http://drobilla.net/plugins/mda/" + name; }
