#pragma once

#include <optional>
#include <vector>

#include "evaluate/workbench.hpp"
#include "soundalike/encoder.hpp"
#include "soundalike/evaluation.hpp"
#include "soundalike/metric.hpp"

namespace soundalike::evaluate {

/// Measures what systems made of one trial. For one thread; the trial must outlive it.
class Scorer {
 public:
  /// @param encoder may be null.
  Scorer(const std::vector<const Metric*>& metrics, const Encoder* encoder, Workbench& bench, const Trial& trial);

  SystemRecord score(const std::string& system, const Answer& answer);
  std::vector<float> target_embedding() const { return embed(trial_.target); }

 private:
  std::vector<float> embed(AudioView audio) const;
  std::vector<MetricValue> measure(AudioView output) const;

  const std::vector<const Metric*>& metrics_;
  const Encoder* encoder_;
  Workbench& bench_;
  const Trial& trial_;
  MetricAudio target_;
};

/// The settings of the case's free knobs in the units of their searched ranges; categories as they are.
std::vector<float> in_range(const SettingsSpace& space, const std::vector<float>& settings);

}  // namespace soundalike::evaluate
