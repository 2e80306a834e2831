#pragma once

#include <filesystem>
#include <vector>

#include "train/encoder_episodes.hpp"

namespace soundalike::training {

/// render_episodes(), or what it made before with the same options: kept in a file of `folder`, found by a digest of
/// everything that the episodes depend on. An empty folder: nothing is kept. A damaged file is made again.
/// @throws Error as render_episodes(), io.
std::vector<Episode> cached_episodes(const std::filesystem::path& folder, const EpisodeOptions& options,
                                     const FrontEndChoice& front_end, const Progress& progress,
                                     const std::stop_token& stop);

}  // namespace soundalike::training
