#include "train/begin_network.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "soundalike/controller.hpp"
#include "soundalike/error.hpp"
#include "train/hearing.hpp"
#include "train/inputs.hpp"

namespace soundalike::training {
namespace {

// As they were before it was decided what to hedge.
std::vector<ControlledEffect> untried(std::vector<ControlledEffect> effects) {
  for (auto& effect : effects) {
    effect.version.clear();
    for (auto& knob : effect.knobs) {
      knob = {knob.parameter, knob.categories, knob.low, knob.high, knob.parts};
    }
  }
  return effects;
}

}  // namespace

ControllerNetwork begin_network(const std::vector<EffectListing>& chain, const SettingsSpace& space, std::size_t inputs,
                                const Encoder& encoder, const ControllerTrainingOptions& options) {
  const Checkpoint* from = options.from;
  if (from == nullptr) {
    PerceptronOptions shape = options.network;
    shape.pair = options.bottleneck == nullptr;  // a bottleneck's code is no pair
    return {controlled_effects(chain, space, options.parts), inputs, shape, options.seed};
  }
  const Controller known(*from, options.bottleneck);  // refuses what is none
  std::size_t parts = 0;
  for (const auto& effect : from->effects) {
    for (const auto& knob : effect.knobs) parts = std::max(parts, knob.parts);
  }
  auto effects = controlled_effects(chain, space, parts);
  const auto fail = [&](const std::string& what) {
    throw Error(ErrorCode::invalid_argument, fmt::format("cannot go on from controller '{}': {}", from->name, what));
  };
  if (untried(effects) != untried(from->effects)) fail("it sets other effects or knobs");
  const auto need = dependency(*from, "encoder");
  if (!need || need->digest != encoder.digest()) {
    fail(fmt::format("it learnt with encoder '{}', not '{}'", need ? need->name : "none", encoder.name()));
  }
  PerceptronOptions shape = ControllerNetwork::shape_of(*from);
  shape.dropout = options.network.dropout;
  shape.input_dropout = options.network.input_dropout;
  ControllerNetwork network(std::move(effects), inputs, shape, options.seed);
  network.load(*from);
  return network;
}

}  // namespace soundalike::training
