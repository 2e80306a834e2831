// Level, balance and width: out = gain * (mid + width * side), mid and side half the sum and half the difference of the
// channels; then the balance takes away from one side, linearly to nothing. Mono audio has neither side nor balance.
#include <algorithm>

#include "effect/builtin_effect.hpp"
#include "soundalike/decibels.hpp"

namespace soundalike {
namespace {

class Gain : public EffectRun {
 public:
  Gain(std::span<const float> plain, const RenderSetup& setup)
      : stereo_(setup.channels == 2),
        gain_(from_db(plain[0])),
        left_(gain_ * std::min(1.0, 1.0 - plain[1] / 100.0)),
        right_(gain_ * std::min(1.0, 1.0 + plain[1] / 100.0)),
        width_(plain[2] / 100.0) {}
  std::size_t latency() const override { return 0; }
  void process(const float* const* in, float* const* out, std::size_t frames) override {
    for (std::size_t i = 0; i < frames; ++i) {
      if (!stereo_) {
        out[0][i] = static_cast<float>(gain_ * in[0][i]);
        continue;
      }
      const double mid = 0.5 * (in[0][i] + in[1][i]);
      const double side = 0.5 * (in[0][i] - in[1][i]);
      out[0][i] = static_cast<float>(left_ * (mid + width_ * side));
      out[1][i] = static_cast<float>(right_ * (mid - width_ * side));
    }
  }

 private:
  bool stereo_;
  double gain_, left_, right_, width_;
};

std::vector<Parameter> parameters() {
  return {knob("gain", "Gain", "dB", {-60.0f, 24.0f, 0.0f}), knob("balance", "Balance", "%", {-100.0f, 100.0f, 0.0f}),
          knob("width", "Width", "%", {0.0f, 200.0f, 100.0f})};
}

}  // namespace

extern const BuiltinEffect builtin_gain;
constexpr BuiltinEffect builtin_gain{"gain", "Gain", "Amplifier", &parameters,
                                     [](std::span<const float> plain, const RenderSetup& setup) {
                                       return std::unique_ptr<EffectRun>(std::make_unique<Gain>(plain, setup));
                                     }};

}  // namespace soundalike
