#pragma once

#include <memory>
#include <vector>

#include "soundalike/effect.hpp"

namespace soundalike {

/// Several effects in series, itself an effect. Its parameters are the concatenation; ids of the second effect on get
/// the prefix "<n>." (n counts from 1: "2.threshold"). Latencies add up.
class EffectChain : public Effect {
 public:
  /// @param effects at least one; all with the same setup.
  explicit EffectChain(std::vector<std::unique_ptr<Effect>> effects);

  const EffectInfo& info() const override { return info_; }
  std::span<const Parameter> parameters() const override { return parameters_; }
  const RenderSetup& setup() const override { return effects_.front()->setup(); }
  std::unique_ptr<EffectRun> start(std::span<const float> settings) const override;

  std::size_t size() const { return effects_.size(); }
  const Effect& operator[](std::size_t i) const { return *effects_[i]; }

 private:
  std::vector<std::unique_ptr<Effect>> effects_;
  std::vector<Parameter> parameters_;
  EffectInfo info_;
};

}  // namespace soundalike
