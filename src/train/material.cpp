#include "train/material.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>

#include "soundalike/error.hpp"
#include "soundalike/heard.hpp"

namespace soundalike::training {
namespace {

// Values in [0, 1] of the free knobs that are the same in every example, NaN for the others.
std::vector<double> fixed_points(const SettingsSpace& space,
                                 const std::vector<std::pair<std::string, std::string>>& fixed) {
  std::vector<double> points(space.free().size(), std::numeric_limits<double>::quiet_NaN());
  for (const auto& [knob, value] : fixed) {
    SettingsSpace pinned = space;
    pinned.pin(knob, value);
    const std::size_t parameter = space.index_of(knob);
    const auto all = space.point_of(pinned.base());
    bool found = false;
    for (std::size_t k = 0; k < points.size(); ++k) {
      if (space.free()[k].parameter != parameter) continue;
      points[k] = all[k];
      found = true;
    }
    if (!found) {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("cannot fix '{}': it is no free knob, so it is the same in every example", knob));
    }
  }
  return points;
}

ClipOptions clip_options(const ControllerTrainingOptions& options, std::size_t variations) {
  return {options.minimum_seconds, options.maximum_seconds, options.maximum_frames, variations, options.seed,
          options.even_folders,    options.renderer.workers};
}

// Every one of its groups counts as much. The validation split is heard as it was recorded.
Material draw_material(const std::vector<Manifest>& data, const ControllerTrainingOptions& options,
                       const Progress& progress, const std::stop_token& stop) {
  if (options.variations > 0 || options.even_folders) {
    throw Error(
        ErrorCode::invalid_argument,
        "cannot vary drawn pairs, nor make them even by folder: they come from anywhere, in groups drawn evenly");
  }
  const auto draw = [&](Split split, DrawnPairs pairs) {
    DrawOptions how{pairs, options.maximum_frames, options.seed, options.cache, options.renderer.workers};
    return draw_clips(recordings_of(data, split), split, how, progress, stop);
  };
  DrawnPairs plain = options.drawn;
  plain.count = options.validation_examples;
  plain.stretched = 0.0;
  return {draw(Split::train, options.drawn), draw(Split::validation, plain), files_of(data, Split::train).size()};
}

}  // namespace

SettingsSpace space_of(const Rigs& rigs, const std::vector<std::pair<std::string, std::string>>& pinned) {
  SettingsSpace space(rigs.chain(), rigs.profiles());
  for (const auto& [knob, value] : pinned) space.pin(knob, value);
  if (space.free().empty()) {
    throw Error(ErrorCode::invalid_argument, "cannot train a controller: none of the knobs is free to move");
  }
  return space;
}

Material load_material(const std::vector<Manifest>& data, const ControllerTrainingOptions& options,
                       const Progress& progress, const std::stop_token& stop) {
  if (options.regression.steps == 0 && options.from == nullptr) {
    throw Error(ErrorCode::invalid_argument,
                "cannot train with no steps on known settings: only a controller to go on from (--from) needs none");
  }
  if (options.drawn.count > 0) return draw_material(data, options, progress, stop);
  const auto load = [&](std::span<const Manifest> folders, Split split, std::size_t variations) {
    return load_clips(files_of(folders, split), split, clip_options(options, variations), progress, stop);
  };
  const auto load_evenly = [&](Split split) {
    std::vector<std::size_t> usable;
    for (const Manifest& folder : data) usable.push_back(load({&folder, 1}, split, 0).size());
    const std::size_t all = std::accumulate(usable.begin(), usable.end(), std::size_t{0});
    const double wanted = static_cast<double>(all * (1 + options.variations)) / static_cast<double>(data.size());
    std::vector<ClipPair> clips;
    for (std::size_t i = 0; i < data.size(); ++i) {
      const double times = std::max(1.0, std::round(wanted / static_cast<double>(usable[i])));
      std::ranges::move(load({&data[i], 1}, split, static_cast<std::size_t>(times) - 1), std::back_inserter(clips));
    }
    return clips;
  };
  Material material;
  if (options.even_folders) {
    material = {load_evenly(Split::train), load_evenly(Split::validation)};
  } else {
    material = {load(data, Split::train, options.variations), load(data, Split::validation, 0)};
  }
  material.recordings = static_cast<std::size_t>(std::ranges::count(material.clips, false, &ClipPair::varied));
  return material;
}

KnownSettings make_both(const Material& material, Rigs& rigs, const SettingsSpace& space, const Encoder& encoder,
                        const ControllerTrainingOptions& options, const Progress& progress,
                        const std::stop_token& stop) {
  ExampleOptions how;
  how.cache = options.cache;
  how.seed = options.seed;
  how.count = options.examples;
  how.fixed = fixed_points(space, options.fixed);
  how.least_similarity = options.least_similarity;
  KnownSettings known;
  known.train = make_examples(material.clips, rigs, space, encoder, how, progress, stop);
  how.count = options.validation_examples;
  how.seed = options.seed + 1;
  how.stage = "rendering validation examples";
  known.validation = make_examples(material.validation_clips, rigs, space, encoder, how, progress, stop);
  return known;
}

}  // namespace soundalike::training
