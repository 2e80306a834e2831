#include <algorithm>

#include "gradient/difference.hpp"

namespace soundalike {
namespace {

class CentralDifferences final : public GradientEstimator {
 public:
  explicit CentralDifferences(const GradientOptions& options) : knobs_(options.knobs) {}

  const std::vector<GradientKnob>& knobs() const override { return knobs_; }

  std::size_t evaluations_per_example() const override {
    return 2 * static_cast<std::size_t>(std::ranges::count_if(knobs_, moves));
  }

  std::vector<GradientProbe> probes(std::span<const GradientExample> batch, std::uint64_t) const override {
    std::vector<GradientProbe> plan;
    plan.reserve(batch.size() * evaluations_per_example());
    for (std::size_t i = 0; i < batch.size(); ++i) {
      check_settings(batch[i].settings, knobs_.size());
      for (std::size_t k = 0; k < knobs_.size(); ++k) {
        if (!moves(knobs_[k])) continue;
        const Difference difference(batch[i].settings[k], knobs_[k]);
        plan.push_back(probe(i, batch[i].settings, k, difference.above, 1.0f / difference.width()));
        plan.push_back(probe(i, batch[i].settings, k, difference.below, -1.0f / difference.width()));
      }
    }
    return plan;
  }

 private:
  static GradientProbe probe(std::size_t example, std::span<const float> settings, std::size_t knob, float setting,
                             float weight) {
    GradientProbe made{example, {settings.begin(), settings.end()}, std::vector<float>(settings.size())};
    made.settings[knob] = setting;
    made.weights[knob] = weight;
    return made;
  }

  std::vector<GradientKnob> knobs_;
};

}  // namespace

std::unique_ptr<GradientEstimator> make_central_differences(const GradientOptions& options) {
  return std::make_unique<CentralDifferences>(options);
}

}  // namespace soundalike
