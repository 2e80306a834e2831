#pragma once

#include <optional>
#include <string>
#include <vector>

#include "evaluate/workbench.hpp"
#include "soundalike/encoder.hpp"
#include "soundalike/evaluation.hpp"
#include "soundalike/metric.hpp"
#include "soundalike/pesq_command.hpp"

namespace soundalike::evaluate {

/// What outputs are measured with. Const methods of all of it are safe from many threads.
struct Instruments {
  std::vector<const Metric*> metrics;
  std::optional<Encoder> encoder;
  std::optional<PesqCommand> pesq;  ///< the last metric, where there is one
  std::string no_pesq;              ///< why its program cannot be run; empty where it can
};

/// Measures what systems made of one trial. For one thread; the trial must outlive it.
class Scorer {
 public:
  Scorer(const Instruments& instruments, Workbench& bench, const Trial& trial);

  SystemRecord score(const std::string& system, const Answer& answer);
  std::vector<float> target_embedding() const { return embed(trial_.target); }

 private:
  std::vector<float> embed(AudioView audio) const;
  std::vector<MetricValue> measure(AudioView output) const;

  void add_pesq(SystemRecord& record, AudioView output) const;

  const Instruments& instruments_;
  Workbench& bench_;
  const Trial& trial_;
  MetricAudio target_;
};

/// The settings of the case's free knobs in the units of their searched ranges; categories as they are.
std::vector<float> in_range(const SettingsSpace& space, const std::vector<float>& settings);

}  // namespace soundalike::evaluate
