// A parametric equaliser: low shelf, two peaks, high shelf in series; see biquad.hpp.
#include <array>

#include "audio/biquad.hpp"
#include "effect/builtin_effect.hpp"

namespace soundalike {
namespace {

constexpr double shelf_q = 0.70710678118654752;  // the steepest without a bump

class Eq : public EffectRun {
 public:
  Eq(std::span<const float> p, const RenderSetup& setup)
      : channels_(setup.channels),
        bands_{Biquad::low_shelf(p[0], p[1], shelf_q, setup.sample_rate.hz),
               Biquad::peak(p[2], p[3], p[4], setup.sample_rate.hz),
               Biquad::peak(p[5], p[6], p[7], setup.sample_rate.hz),
               Biquad::high_shelf(p[8], p[9], shelf_q, setup.sample_rate.hz)} {}
  std::size_t latency() const override { return 0; }
  void process(const float* const* in, float* const* out, std::size_t frames) override {
    for (std::size_t c = 0; c < channels_; ++c) {
      for (std::size_t i = 0; i < frames; ++i) {
        double x = in[c][i];
        for (std::size_t b = 0; b < bands_.size(); ++b) x = states_[c][b](bands_[b], x);
        out[c][i] = static_cast<float>(x);
      }
    }
  }

 private:
  std::size_t channels_;
  std::array<Biquad, 4> bands_;
  std::array<std::array<BiquadState, 4>, 2> states_;
};

std::vector<Parameter> parameters() {
  const auto frequency = [](std::string_view id, std::string_view name, const Range& range) {
    return knob(id, name, "Hz", {range.minimum, range.maximum, range.value, true});
  };
  const Range gain{-18.0f, 18.0f, 0.0f};
  const Range q{0.3f, 10.0f, 1.0f, true};
  return {frequency("low_freq", "Low Frequency", {30.0f, 500.0f, 120.0f}),
          knob("low_gain", "Low Gain", "dB", gain),
          frequency("mid1_freq", "Mid 1 Frequency", {100.0f, 4000.0f, 600.0f}),
          knob("mid1_gain", "Mid 1 Gain", "dB", gain),
          knob("mid1_q", "Mid 1 Q", "", q),
          frequency("mid2_freq", "Mid 2 Frequency", {500.0f, 12000.0f, 2500.0f}),
          knob("mid2_gain", "Mid 2 Gain", "dB", gain),
          knob("mid2_q", "Mid 2 Q", "", q),
          frequency("high_freq", "High Frequency", {1500.0f, 16000.0f, 6000.0f}),
          knob("high_gain", "High Gain", "dB", gain)};
}

}  // namespace

extern const BuiltinEffect builtin_eq;
constexpr BuiltinEffect builtin_eq{"eq", "Parametric EQ", "Parametric EQ", &parameters,
                                   [](std::span<const float> plain, const RenderSetup& setup) {
                                     return std::unique_ptr<EffectRun>(std::make_unique<Eq>(plain, setup));
                                   }};

}  // namespace soundalike
