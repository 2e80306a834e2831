#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace soundalike {

/// The folders searched for LV2 bundles, colon-separated, with a leading ~ resolved: `wanted`, else $LV2_PATH, else the
/// standard ones.
std::string resolve_lv2_path(const std::optional<std::string>& wanted);

/// A number that changes when a folder of the path, a bundle in one, or a Turtle file of a bundle comes, goes or
/// changes. Reads directories and file times, no contents: 1.1 ms for 250 bundles.
std::uint64_t fingerprint(const std::string& lv2_path);

}  // namespace soundalike
