#pragma once

#include <stop_token>
#include <vector>

#include "soundalike/controller_training.hpp"

namespace soundalike {

struct BottleneckTrainingOptions {
  std::size_t dimensions = 8;
  double beta = 0.01;              ///< weight of the divergence; larger leaves fewer dimensions in use
  ControllerTrainingOptions each;  ///< data, examples of each effect, network of g, regression of all
};

/// Trains g of the split design on several effects at once: one code for all, a small head per effect that is thrown
/// away. @return kind "bottleneck".
Checkpoint train_bottleneck(const std::vector<EffectListing>& effects, const Checkpoint& encoder,
                            const BottleneckTrainingOptions& options, RunFolder& run, EventFile& events,
                            const Progress& progress = {}, const std::stop_token& stop = {});

}  // namespace soundalike
