#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace soundalike::evaluate {

/// A part of the report page: players and a spectrogram of one pair, from the files in `folder`.
/// @throws Error as read_audio().
std::string example(const std::filesystem::path& folder, const std::string& title,
                    const std::vector<std::string>& systems);

}  // namespace soundalike::evaluate
