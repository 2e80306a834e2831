#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "soundalike/encoder.hpp"
#include "soundalike/settings_space.hpp"
#include "train/clips.hpp"
#include "train/rigs.hpp"

namespace soundalike::training {

/// Known settings with what an encoder hears of them: what a controller learns from.
struct Examples {
  std::size_t knobs = 0;
  std::size_t embedding = 0;
  std::size_t known = 0;           ///< the first so many have settings; the others are clean, and theirs are 0
  std::vector<std::size_t> clip;   ///< [n] index into the pairs
  std::vector<std::size_t> input;  ///< [n] which half is the input
  std::vector<float> settings;     ///< [n x knobs] normalised, of the free knobs
  std::vector<float> reference;    ///< [n x embedding] of the other half's render
  std::vector<float> dry;          ///< [pairs x 2 x embedding] of each half as it is

  std::size_t size() const { return clip.size(); }
  std::span<const float> settings_of(std::size_t i) const { return std::span(settings).subspan(i * knobs, knobs); }
  std::span<const float> reference_of(std::size_t i) const {
    return std::span(reference).subspan(i * embedding, embedding);
  }
  std::span<const float> input_of(std::size_t i) const {
    return std::span(dry).subspan((2 * clip[i] + input[i]) * embedding, embedding);
  }
};

struct ExampleOptions {
  std::size_t count = 8000;
  std::uint64_t seed = 1;
  std::filesystem::path cache{};  ///< folder to keep them in; empty: none
  /// Settings that are the same in every example: values in [0, 1] of the free knobs, NaN where drawn.
  std::vector<double> fixed{};
  double least_similarity = 0.0;  ///< as ControllerTrainingOptions has it
  std::string stage = "rendering examples";
};

/// Draws settings and recordings and renders and encodes them on all workers. An example whose render fails, is silent
/// or stays too extreme is left out. Clean ones come last.
/// @throws Error plugin_failed when nearly all fail; cancelled; as BatchRenderer.
Examples make_examples(const std::vector<ClipPair>& clips, Rigs& rigs, const SettingsSpace& space,
                       const Encoder& encoder, const ExampleOptions& options, const Progress& progress,
                       const std::stop_token& stop);

}  // namespace soundalike::training
