// A feed-forward compressor after Giannoulis, Massberg and Reiss, "Digital dynamic range compressor design", JAES
// 60(6), 2012: level in dB, gain computer with a soft knee (equation 4), smooth branching peak detector on the gain
// reduction (equation 16, in the log domain). Stereo channels share the louder one's reduction.
//
//   reduction of level x over threshold T, ratio R, knee W:   s = 1 - 1/R
//     0 below the knee,   s (x - T + W/2)^2 / (2 W) in it,   s (x - T) above it
//   smoothed:  y[n] = c y[n-1] + (1 - c) reduction[n],  c = exp(-1 / (time * rate)), attack when it rises, else release
#include <algorithm>
#include <cmath>

#include "effect/builtin_effect.hpp"
#include "soundalike/decibels.hpp"

namespace soundalike {
namespace {

constexpr double floor_db = -120.0;

class Compressor : public EffectRun {
 public:
  Compressor(std::span<const float> p, const RenderSetup& setup)
      : channels_(setup.channels),
        threshold_(p[0]),
        slope_(1.0 - 1.0 / p[1]),
        knee_(p[2]),
        attack_(std::exp(-1000.0 / (p[3] * setup.sample_rate.hz))),
        release_(std::exp(-1000.0 / (p[4] * setup.sample_rate.hz))),
        makeup_(p[5]),
        mix_(p[6] / 100.0) {}
  std::size_t latency() const override { return 0; }
  void process(const float* const* in, float* const* out, std::size_t frames) override {
    for (std::size_t i = 0; i < frames; ++i) {
      double peak = 0.0;
      for (std::size_t c = 0; c < channels_; ++c) peak = std::max(peak, std::abs(static_cast<double>(in[c][i])));
      const double level = peak > 1e-6 ? 20.0 * std::log10(peak) : floor_db;
      const double wanted = reduction(level);
      const double keep = wanted > reduction_ ? attack_ : release_;
      reduction_ = keep * reduction_ + (1.0 - keep) * wanted;
      const double gain = 1.0 - mix_ + mix_ * from_db(makeup_ - reduction_);
      for (std::size_t c = 0; c < channels_; ++c) out[c][i] = static_cast<float>(gain * in[c][i]);
    }
  }

 private:
  double reduction(double level) const {
    const double over = level - threshold_;
    if (2.0 * over <= -knee_) return 0.0;
    if (2.0 * over >= knee_) return slope_ * over;
    const double into = over + 0.5 * knee_;
    return slope_ * into * into / (2.0 * knee_);
  }

  std::size_t channels_;
  double threshold_, slope_, knee_, attack_, release_, makeup_, mix_;
  double reduction_ = 0.0;
};

std::vector<Parameter> parameters() {
  return {knob("threshold", "Threshold", "dB", {-60.0f, 0.0f, -24.0f}),
          knob("ratio", "Ratio", "", {1.0f, 20.0f, 4.0f, true}),
          knob("knee", "Knee", "dB", {0.0f, 24.0f, 6.0f}),
          knob("attack", "Attack", "ms", {0.1f, 200.0f, 5.0f, true}),
          knob("release", "Release", "ms", {5.0f, 2000.0f, 100.0f, true}),
          knob("makeup", "Make-up Gain", "dB", {0.0f, 24.0f, 0.0f}),
          knob("mix", "Mix", "%", {0.0f, 100.0f, 100.0f})};
}

}  // namespace

extern const BuiltinEffect builtin_compressor;
constexpr BuiltinEffect builtin_compressor{
    "compressor", "Compressor", "Compressor", &parameters, [](std::span<const float> plain, const RenderSetup& setup) {
      return std::unique_ptr<EffectRun>(std::make_unique<Compressor>(plain, setup));
    }};

}  // namespace soundalike
