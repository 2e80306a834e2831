#pragma once

#include <map>
#include <vector>

#include "soundalike/batch_renderer.hpp"
#include "soundalike/checkpoint.hpp"
#include "soundalike/settings_space.hpp"

namespace soundalike::training {

/// One chain, ready to render mono at every rate that recordings have.
class Rigs {
 public:
  Rigs(std::vector<EffectListing> chain, RendererOptions options);

  BatchRenderer& at(SampleRate rate);
  const std::vector<EffectListing>& chain() const { return chain_; }
  const std::vector<Profile>& profiles() const { return profiles_; }

 private:
  std::vector<EffectListing> chain_;
  std::vector<Profile> profiles_;
  RendererOptions options_;
  std::map<double, BatchRenderer> renderers_;
};

/// What a controller of these effects predicts: the free knobs.
std::vector<ControlledEffect> controlled_effects(const std::vector<EffectListing>& chain, const SettingsSpace& space,
                                                 std::size_t parts);

}  // namespace soundalike::training
