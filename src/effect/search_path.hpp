#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace soundalike {

/// The folders searched for plugins of a format, colon-separated, with a leading ~ resolved: `wanted`, else what the
/// environment variable names, else the standard ones.
std::string resolve_search_path(std::string_view variable, std::string_view standard,
                                const std::optional<std::string>& wanted);

/// The folders of a path, empty ones left out.
std::vector<std::string> folders_of(const std::string& path);

/// A number that changes when a folder of the path, a folder in one (a bundle), or a file of either whose name ends in
/// `suffix` comes, goes or changes. Reads directories and file times, no contents: 1.1 ms for 250 bundles.
std::uint64_t fingerprint(const std::string& path, std::string_view suffix);

}  // namespace soundalike
