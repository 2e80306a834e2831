// A look-ahead limiter: what comes out never exceeds the ceiling. The gain that each sample needs is held for the
// look-ahead on both sides (running minimum), released exponentially, and averaged over the look-ahead; as every value
// in the average is at most what the sample in the middle of it needs, so is the average. After Giannoulis, Massberg
// and Reiss 2012 (see the compressor), section 4, and the running minimum of Lemire, "Streaming maximum-minimum filter
// using no more than three comparisons per element", 2006.
#include <algorithm>
#include <cmath>
#include <deque>
#include <utility>

#include "effect/builtin_effect.hpp"
#include "soundalike/decibels.hpp"

namespace soundalike {
namespace {

class Limiter : public EffectRun {
 public:
  Limiter(std::span<const float> p, const RenderSetup& setup)
      : channels_(setup.channels),
        drive_(from_db(p[0])),
        ceiling_(from_db(p[1])),
        release_(std::exp(-1000.0 / (p[2] * setup.sample_rate.hz))),
        ahead_(static_cast<std::size_t>(std::lround(p[3] * setup.sample_rate.hz / 1000.0))),
        held_(channels_ * (ahead_ + 1), 0.0f),
        gains_(ahead_ + 1, 1.0) {}
  std::size_t latency() const override { return ahead_; }
  void process(const float* const* in, float* const* out, std::size_t frames) override {
    const auto limit = static_cast<float>(ceiling_);
    for (std::size_t i = 0; i < frames; ++i) {
      double peak = 0.0;
      for (std::size_t c = 0; c < channels_; ++c) peak = std::max(peak, std::abs(drive_ * in[c][i]));
      const double gain = smoothed(released(least(peak > ceiling_ ? ceiling_ / peak : 1.0)));
      const std::size_t at = now_ % (ahead_ + 1);
      const std::size_t oldest = (now_ + 1) % (ahead_ + 1);
      for (std::size_t c = 0; c < channels_; ++c) {
        float* ring = held_.data() + c * (ahead_ + 1);
        ring[at] = in[c][i];
        // The clamp is for the last rounding only.
        out[c][i] = std::clamp(static_cast<float>(drive_ * gain * ring[oldest]), -limit, limit);
      }
      ++now_;
    }
  }

 private:
  /// The least gain wanted by this sample and the `ahead_` before it.
  double least(double wanted) {
    while (!minima_.empty() && minima_.back().second >= wanted) minima_.pop_back();
    minima_.emplace_back(now_, wanted);
    if (minima_.front().first + ahead_ < now_) minima_.pop_front();
    return minima_.front().second;
  }
  double released(double wanted) {
    level_ = std::min(wanted, 1.0 - release_ * (1.0 - level_));
    return level_;
  }
  /// The mean of the last `ahead_ + 1`; summed anew each time round, so that no rounding piles up.
  double smoothed(double gain) {
    const std::size_t at = now_ % gains_.size();
    sum_ += gain - gains_[at];
    gains_[at] = gain;
    if (at + 1 == gains_.size()) {
      sum_ = 0.0;
      for (const double g : gains_) sum_ += g;
    }
    return sum_ / static_cast<double>(gains_.size());
  }

  std::size_t channels_;
  double drive_, ceiling_, release_;
  std::size_t ahead_;
  std::vector<float> held_;
  std::vector<double> gains_;
  std::deque<std::pair<std::size_t, double>> minima_;  // by frame, rising
  std::size_t now_ = 0;
  double level_ = 1.0;
  double sum_ = static_cast<double>(gains_.size());
};

std::vector<Parameter> parameters() {
  return {knob("drive", "Input Gain", "dB", {0.0f, 30.0f, 0.0f}),
          knob("ceiling", "Ceiling", "dB", {-24.0f, 0.0f, -1.0f}),
          knob("release", "Release", "ms", {1.0f, 1000.0f, 50.0f, true}),
          knob("lookahead", "Look-ahead", "ms", {0.1f, 10.0f, 2.0f, true})};
}

}  // namespace

extern const BuiltinEffect builtin_limiter;
constexpr BuiltinEffect builtin_limiter{"limiter", "Limiter", "Limiter", &parameters,
                                        [](std::span<const float> plain, const RenderSetup& setup) {
                                          return std::unique_ptr<EffectRun>(std::make_unique<Limiter>(plain, setup));
                                        }};

}  // namespace soundalike
