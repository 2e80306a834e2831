#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "soundalike/batch_renderer.hpp"
#include "soundalike/disentanglement.hpp"
#include "soundalike/latent_map.hpp"

namespace soundalike {

/// What one dimension of an embedding does.
struct DimensionActivity {
  double variance = 0.0;  ///< of the embedding over the map's points
  /// Of a variational encoder: divergence from what it would say without having heard anything, in nats (mean over
  /// points). 0: the dimension is not used.
  std::optional<double> divergence;
  /// Of one that can decode: mean variance of what it decodes when this dimension alone moves as it does over the map.
  std::optional<double> output_variance;
  bool is_active = false;
};

/// How much the embedding says about one knob, in nats: mutual_information() with the best dimension, the best of two
/// canonical directions, the better axis of a projection.
struct KnobInformation {
  std::string knob;
  double dimension = 0.0, canonical = 0.0, projection = 0.0;
};

/// What an encoder has learnt of an effect, by a map of it.
struct LatentScores {
  std::vector<DimensionActivity> dimensions;
  /// Dimensions that the embedding needs: the active ones. Active is a divergence above 0.01 nats, or, of encoders that
  /// tell none, a variance above 1 % of the largest (Burda et al. 2016 use 0.01 of a variance of 1).
  std::size_t suggested_size = 0;
  std::vector<KnobInformation> knobs;
  std::vector<double> correlation;  ///< canonical, of embedding and knobs: two at most
  Disentanglement disentanglement;  ///< codes: dimensions; factors: knobs
};

struct LatentScoreOptions {
  std::string projection{};   ///< empty: the default one
  std::size_t points = 2000;  ///< that are looked at, evenly spaced among the map's
  const EffectListing* effect =
      nullptr;  ///< to render 100 points again, which a variational encoder's divergence takes
  RendererOptions renderer{};
  std::uint64_t seed = 0;
  std::size_t threads = 1;  ///< does not change the result
};

/// Divergence and output variance are those of the map's encoder; where it is not to be had any more, or has neither,
/// they stay away. @throws Error not_found for the projection; as LatentMap; plugin_failed.
LatentScores score_latent(const LatentMap& map, const LatentScoreOptions& options = {});

}  // namespace soundalike
