#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "soundalike/latent_map.hpp"
#include "soundalike/progress.hpp"

namespace soundalike {

/// A part of a map that somebody drew and named.
struct MapRegion {
  std::string name;
  std::string projection;                      ///< in which it was drawn
  std::vector<std::array<double, 2>> outline;  ///< at least three corners, joined in order and back to the first
};

/// Classes of a map's points.
struct MapLabels {
  std::string name;                     ///< "brightness_100": of the column and the projection
  std::vector<int> classes;             ///< [points]; -1: none
  std::vector<std::string> categories;  ///< class i is categories[i]
};

/// The `count` points with the least and the `count` with the most of each column, two classes each: "low brightness",
/// "high brightness", ... Every class has exactly `count` points. Where several columns want one point, the classes
/// take turns, the most extreme point that is left each time.
/// @throws Error not_found for a column; invalid_argument for no columns, no points, or more than there are.
MapLabels label_by_columns(const LatentMap& map, std::span<const std::string> columns, std::size_t count);

/// The points inside each region, a class per name; where regions overlap the first counts.
/// @throws Error not_found for a projection; invalid_argument for no regions or one without points.
MapLabels label_by_regions(const LatentMap& map, std::span<const MapRegion> regions);

/// [{"name": "warm", "projection": "umap", "outline": [[x, y], ...]}, ...]
/// @throws Error invalid_argument naming the origin and what is wrong.
std::vector<MapRegion> parse_regions(std::string_view json, std::string_view origin);

struct LabelOptions {
  std::uint64_t seed = 0;
  double weight = 0.5;  ///< of the labels against the sounds; below 1
  std::size_t threads = 1;
};

/// Adds to a map's folder the column "label_<name>" and the projection "umap_<name>", in which labelled points of a
/// class lie together (UMAP with partial labels). What was there under these names is replaced. The same labels and
/// seed give the same files.
/// @return the map as it is then. @throws Error cancelled with the folder unchanged; invalid_argument for a name that
///         cannot be a file's, labels of another count, or a folder that another process works in; io.
LatentMap add_labels(const std::filesystem::path& folder, const MapLabels& labels, const LabelOptions& options = {},
                     const Progress& progress = {}, const std::stop_token& stop = {});

}  // namespace soundalike
