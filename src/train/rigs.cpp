#include "train/rigs.hpp"

#include <algorithm>

namespace soundalike::training {

Rigs::Rigs(std::vector<EffectListing> chain, RendererOptions options)
    : chain_(std::move(chain)), options_(std::move(options)) {
  for (const auto& listing : chain_) profiles_.push_back(find_profile(listing));
}

BatchRenderer& Rigs::at(SampleRate rate) {
  const auto found = renderers_.find(rate.hz);
  if (found != renderers_.end()) return found->second;
  // As the matcher has it: the effect that needs the smallest blocks decides for the chain.
  const std::size_t block = std::ranges::min(profiles_, {}, &Profile::block_size).block_size;
  return renderers_.try_emplace(rate.hz, chain_, RenderSetup{rate, 1, block}, options_).first->second;
}

std::vector<ControlledEffect> controlled_effects(const std::vector<EffectListing>& chain, const SettingsSpace& space,
                                                 std::size_t parts) {
  std::vector<ControlledEffect> effects;
  std::size_t first = 0;
  for (const auto& listing : chain) {
    ControlledEffect effect{listing.info.id, listing.info.name, listing.info.version, {}, {}};
    for (const auto& parameter : listing.parameters) effect.parameters.push_back(parameter.id);
    for (const auto& knob : space.free()) {
      if (knob.parameter < first || knob.parameter >= first + listing.parameters.size()) continue;
      effect.knobs.push_back({listing.parameters[knob.parameter - first].id, knob.categories, knob.low, knob.high,
                              knob.categories > 0 ? 0 : parts});
    }
    first += listing.parameters.size();
    effects.push_back(std::move(effect));
  }
  return effects;
}

}  // namespace soundalike::training
