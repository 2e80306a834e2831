#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "effect/vst3.hpp"

/// The module of test plugins (tests/plugins/vst3), and the folder of its code in any bundle.
inline std::filesystem::path vst3_test_bundle() {
  const char* build = std::getenv("SOUNDALIKE_BUILD");
  REQUIRE_MESSAGE(build, "SOUNDALIKE_BUILD is the build folder; ctest sets it");
  return std::filesystem::path(build) / "tests/plugins/vst3/soundalike-test.vst3";
}
inline std::filesystem::path vst3_test_code() {
  const auto found = soundalike::find_vst3(vst3_test_bundle().parent_path().string());
  REQUIRE(found.size() == 1);
  return found.front();
}

inline const std::vector<soundalike::EffectListing>& vst3_test_plugins() {
  static const auto listings = soundalike::scan_vst3(vst3_test_code());
  return listings;
}

inline const soundalike::EffectListing& vst3_test_plugin(const std::string& name) {
  const auto& all = vst3_test_plugins();
  const auto found = std::ranges::find_if(all, [&](const auto& l) { return l.info.name == name; });
  REQUIRE_MESSAGE(found != all.end(), "no test plugin " << name);
  return *found;
}

/// A copy of the module as <folder>/<name>.vst3; the name decides how it misbehaves.
inline std::filesystem::path copy_vst3_module(const std::filesystem::path& folder, const std::string& name) {
  const auto code = vst3_test_code();
  const auto bundle = folder / (name + ".vst3");
  const auto to = bundle / "Contents" / code.parent_path().filename();
  std::filesystem::create_directories(to);
  std::filesystem::copy_file(code, to / (name + ".so"));
  return bundle;
}
