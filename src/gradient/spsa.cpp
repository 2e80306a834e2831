#include <algorithm>

#include "gradient/difference.hpp"
#include "soundalike/rng.hpp"

namespace soundalike {
namespace {

using Signs = std::vector<bool>;  // per moving knob; true: up on the first side of the pair

/// Turning all signs over gives the same pair, so the first stays as it is.
std::size_t count_pairs(std::size_t moving, std::size_t most) {
  if (moving == 0) return 0;
  return moving - 1 < 48 ? std::min(most, std::size_t{1} << (moving - 1)) : most;
}

Signs draw_signs(std::size_t count, Rng& rng) {
  Signs signs(count, true);
  for (std::size_t k = 1; k < count; ++k) signs[k] = rng() >> 63 != 0;
  return signs;
}

class Spsa final : public GradientEstimator {
 public:
  explicit Spsa(const GradientOptions& options) : knobs_(options.knobs), seed_(options.seed) {
    for (std::size_t k = 0; k < knobs_.size(); ++k) {
      if (moves(knobs_[k])) moving_.push_back(k);
    }
    pairs_ = count_pairs(moving_.size(), options.perturbations);
  }

  const std::vector<GradientKnob>& knobs() const override { return knobs_; }
  std::size_t evaluations_per_example() const override { return 2 * pairs_; }

  std::vector<GradientProbe> probes(std::span<const GradientExample> batch, std::uint64_t step) const override {
    std::vector<GradientProbe> plan;
    plan.reserve(batch.size() * evaluations_per_example());
    for (std::size_t i = 0; i < batch.size(); ++i) {
      check_settings(batch[i].settings, knobs_.size());
      Rng rng = Rng::derive(seed_, step, batch[i].id);
      std::vector<Signs> drawn;
      while (drawn.size() < pairs_) {
        Signs signs = draw_signs(moving_.size(), rng);
        if (std::ranges::find(drawn, signs) != drawn.end()) continue;
        add_pair(i, batch[i].settings, signs, plan);
        drawn.push_back(std::move(signs));
      }
    }
    return plan;
  }

 private:
  void add_pair(std::size_t example, std::span<const float> settings, const Signs& signs,
                std::vector<GradientProbe>& plan) const {
    GradientProbe first{example, {settings.begin(), settings.end()}, std::vector<float>(settings.size())};
    GradientProbe second = first;
    for (std::size_t m = 0; m < moving_.size(); ++m) {
      const std::size_t k = moving_[m];
      const Difference difference(settings[k], knobs_[k]);
      const float weight = (signs[m] ? 1.0f : -1.0f) / (difference.width() * static_cast<float>(pairs_));
      first.settings[k] = signs[m] ? difference.above : difference.below;
      second.settings[k] = signs[m] ? difference.below : difference.above;
      first.weights[k] = weight;
      second.weights[k] = -weight;
    }
    plan.push_back(std::move(first));
    plan.push_back(std::move(second));
  }

  std::vector<GradientKnob> knobs_;
  std::uint64_t seed_;
  std::vector<std::size_t> moving_;  // indices of the knobs that move
  std::size_t pairs_ = 0;
};

}  // namespace

std::unique_ptr<GradientEstimator> make_spsa(const GradientOptions& options) { return std::make_unique<Spsa>(options); }

}  // namespace soundalike
