#include "soundalike/knob_sweep.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "soundalike/embedder.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace {

const SettingsSpace::Knob& find_knob(const LatentMap& map, std::string_view name) {
  std::string known;
  for (const auto& knob : map.outline().free) {
    const Parameter& parameter = map.outline().parameters[knob.parameter];
    if (parameter.id == name || parameter.name == name) return knob;
    known += (known.empty() ? "" : ", ") + parameter.id;
  }
  throw Error(ErrorCode::not_found,
              fmt::format("the map '{}' moves no knob '{}': it moves {}", map.folder().string(), name, known));
}

}  // namespace

KnobSweep sweep_knob(const LatentMap& map, const EffectListing& effect, std::string_view name,
                     const std::string& projection, std::size_t steps, const RendererOptions& options) {
  static_cast<void>(map.is_of(effect));
  map.projection(projection);
  const auto& knob = find_knob(map, name);
  const Parameter& parameter = map.outline().parameters[knob.parameter];
  const std::size_t count = knob.categories > 0 ? knob.categories : std::max<std::size_t>(2, steps);
  KnobSweep sweep{parameter.id, {}, {}, {}, std::vector<std::vector<float>>(count)};
  std::vector<std::vector<float>> settings(count, map.outline().base);
  for (std::size_t i = 0; i < count; ++i) {
    const float share = knob.categories > 0
                            ? (static_cast<float>(i) + 0.5f) / static_cast<float>(count)
                            : knob.low + (knob.high - knob.low) * static_cast<float>(i) / static_cast<float>(count - 1);
    settings[i][knob.parameter] = share;
    sweep.settings.push_back(share);
    sweep.texts.push_back(parameter.text(share));
  }
  const Embedder embedder(map.outline().encoder);
  if (embedder.digest() != map.outline().encoder_digest) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot place sounds on the map '{}': its encoder {} is not the "
                            "one installed now",
                            map.folder().string(), map.outline().encoder));
  }
  const AudioBuffer clip = map.clip();
  BatchRenderer renderer({effect}, {clip.sample_rate(), clip.channels(), map.outline().block_size}, options);
  const auto id = renderer.add_clip(clip);
  std::vector<BatchRenderer::Job> jobs;
  for (const auto& row : settings) jobs.push_back({id, row});
  renderer.render(jobs, [&](std::size_t job, const RenderOutcome& outcome, AudioView audio) {
    if (!outcome.usable()) {
      throw Error(ErrorCode::plugin_failed, fmt::format("cannot sweep {} of {}: at {} the render {}", parameter.name,
                                                        effect.info.name, sweep.texts[job], to_string(outcome.status)));
    }
    sweep.embeddings[job] = embedder.embed(audio);
  });
  for (const auto& embedding : sweep.embeddings) {
    for (const double x : map.place_embedding(projection, embedding)) sweep.positions.push_back(static_cast<float>(x));
  }
  return sweep;
}

}  // namespace soundalike
