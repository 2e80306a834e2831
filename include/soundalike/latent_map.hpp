#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "soundalike/audio_buffer.hpp"
#include "soundalike/effect_library.hpp"
#include "soundalike/map_outline.hpp"
#include "soundalike/rows.hpp"

namespace soundalike {

/// How much a point counts for a place between points.
struct PointWeight {
  std::size_t point = 0;
  double weight = 0.0;  ///< those of one place sum to 1
};

/// The settings of a place on a map.
struct Located {
  std::vector<float> settings;          ///< [parameters], ready to render
  std::vector<PointWeight> neighbours;  ///< what they were made of, nearest first
};

/// What an effect can do, on one recording, as points with settings, embeddings, features and places in the plane.
///
///   const LatentMap map = LatentMap::open("drive.map");
///   const Located here = map.locate(map.default_projection(), 0.3, -1.2);
///   AudioBuffer heard = effect->render(map.clip(), here.settings);
///
/// The folder is described in docs/formats.md. A map is read when it is opened and does not change then; const methods
/// are safe from many threads.
class LatentMap {
 public:
  /// @throws Error not_found, io; invalid_argument naming the file and what is wrong in it: not a map, not ready yet,
  ///         truncated, another count of points, numbers that are not finite.
  static LatentMap open(const std::filesystem::path& folder);

  const std::filesystem::path& folder() const;
  const MapOutline& outline() const;
  std::size_t points() const;
  /// [points x parameters], normalised.
  Rows settings() const;
  /// [points x embedding size]. Read when first asked for. @throws Error as open().
  Rows embeddings() const;

  /// One per free knob, "p_<id>" (settings; of choices and toggles the category), then those of the outline.
  const std::vector<MapColumn>& columns() const;
  /// [points]; finite, but for -1 in labels only by meaning. @throws Error not_found naming the columns; as open().
  std::vector<float> column(std::string_view name) const;
  /// [points x 2]. @throws Error not_found naming the projections.
  std::span<const float> projection(std::string_view name) const;
  const std::string& default_projection() const;

  /// The settings at a place: numbers are weighted means of the 8 nearest points', moving continuously with the place;
  /// choices and toggles are never averaged but go by weighted vote. On a point, exactly its settings.
  /// @throws Error not_found for the projection; invalid_argument for a place that is not finite.
  Located locate(std::string_view projection, double x, double y) const;
  /// Where settings belong: the weighted mean of the places of the 8 points with the nearest ones; knobs that the map
  /// does not move do not matter. @throws Error not_found; invalid_argument for another count of settings.
  std::array<double, 2> place_settings(std::string_view projection, std::span<const float> settings) const;
  /// Where a sound belongs that the map's encoder has embedded: exact for PCA; for others as their method places what
  /// is new. The same alone as among others. @throws Error not_found; invalid_argument for another size.
  std::array<double, 2> place_embedding(std::string_view projection, std::span<const float> embedding) const;

  /// The recording as the effect heard it, gain included. @throws Error as read_audio().
  AudioBuffer clip() const;
  /// Whether an installed effect is the one the map is of. @throws Error invalid_argument when it has other parameters.
  /// @return false when only its version differs: renders may sound a little different.
  bool is_of(const EffectListing& listing) const;

 private:
  struct State;
  explicit LatentMap(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;  // shared by copies: a map is large and does not change
};

}  // namespace soundalike
