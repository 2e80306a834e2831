#pragma once

#include <span>
#include <string_view>

namespace soundalike {

/// One file of profiles/, embedded at build time by cmake/embed_profiles.cmake.
struct BuiltInProfile {
  std::string_view effect;  ///< its effect field, to find it without parsing the others
  std::string_view origin;  ///< "profiles/mda_overdrive.json", for errors
  std::string_view json;
};

std::span<const BuiltInProfile> built_in_profiles();

}  // namespace soundalike
