#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "soundalike/parameter.hpp"
#include "soundalike/settings_space.hpp"

namespace soundalike {

/// How the settings of a map's points are chosen.
enum class Sampling {
  uniform,   ///< each on its own
  sobol,     ///< evenly spread, without the clumps and holes of chance
  adaptive,  ///< half of them evenly, the others where the sound changes faster
};
std::string_view to_string(Sampling sampling);
/// @throws Error invalid_argument naming the three.
Sampling parse_sampling(std::string_view name);

enum class ColumnKind {
  knob,     ///< where a knob stands
  feature,  ///< measured on the sound
  label,    ///< a class, or -1 for none
  error,    ///< how far a prediction is off
};
std::string_view to_string(ColumnKind kind);

/// A number that every point of a map has; for colouring it.
struct MapColumn {
  std::string name;  ///< letters, digits, '_', '-' and '.'
  ColumnKind kind = ColumnKind::feature;
  std::string unit;                       ///< empty for settings and classes
  std::vector<std::string> categories{};  ///< of a choice, a toggle or a label: value i is categories[i]
};

/// A picture of the map in the plane, and how true it is.
struct MapProjection {
  std::string name;    ///< "pca", "umap", "umap_brightness_100", ...
  std::string method;  ///< "pca", "umap" or "imported"
  /// Whether points that are near in the picture are near in truth, and how many of a point's 15 nearest stay so:
  /// trustworthiness() and neighbours_kept().
  double trustworthiness = 0.0;
  double neighbours_kept = 0.0;
  /// Mean difference of knobs between a point and its 5 nearest in the picture, over that between points drawn at
  /// random: 0 for a map on which all knobs move smoothly, 1 for one that says nothing about them.
  double knob_roughness = 1.0;
  bool is_default = false;            ///< the smoothest of those without labels
  std::vector<float> mean{}, axes{};  ///< of "pca": [embedding size], [2 x embedding size]
};

/// A point that has no place on the map, for its render failed.
struct LeftOutPoint {
  std::size_t sample = 0;  ///< which of the settings that were drawn
  std::string reason;
};

/// All of a map but its numbers: what map.json says.
struct MapOutline {
  std::string effect, effect_name, effect_version;
  std::vector<Parameter> parameters;
  std::vector<SettingsSpace::Knob> free;  ///< the knobs that were moved
  std::vector<float> base;                ///< [parameters]: where the others stood
  std::size_t block_size = 1024;          ///< of the renders

  std::string clip_name;      ///< for people
  std::string clip_digest;    ///< SHA-256 of clip.wav
  double clip_gain_db = 0.0;  ///< that brought the recording to the effect's working level

  std::string encoder, encoder_digest;
  std::size_t embedding_size = 0;

  std::size_t asked = 0;  ///< points that were to be made
  std::uint64_t seed = 0;
  Sampling sampling = Sampling::sobol;
  std::string program_version;

  bool ready = false;      ///< false while it is being made
  std::size_t points = 0;  ///< asked - left_out.size(), once it is ready
  std::vector<LeftOutPoint> left_out;
  std::vector<MapColumn> columns;  ///< without those of the knobs
  std::vector<MapProjection> projections;
};

/// map.json, always the same text for the same outline.
std::string to_json(const MapOutline& outline);
/// @param origin stands for the file name in errors. @throws Error invalid_argument naming the key and what is wrong.
MapOutline parse_map_outline(std::string_view json, std::string_view origin);

}  // namespace soundalike
