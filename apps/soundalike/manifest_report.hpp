#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "soundalike/manifest.hpp"

namespace soundalike::cli {

/// {"name", "digest", "licence", "recordings", "splits": {"train": {"recordings", "groups"}, ...}}.
nlohmann::ordered_json manifest_json(const Manifest& manifest);

/// One line of how many recordings and groups each split has.
std::string split_line(const Manifest& manifest);

}  // namespace soundalike::cli
