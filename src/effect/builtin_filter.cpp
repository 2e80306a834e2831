// A resonant filter: the state variable filter with trapezoidal integrators of Zavalishin, "The Art of VA Filter
// Design", rev. 2.1.2 (2018), chapter 4. Its transfer functions are the analogue ones, H(s) over s^2 + s/Q + 1 with
// s^2, s/Q or 1 on top (notch: s^2 + 1), through the bilinear transform, exact at the cutoff. 24 dB/oct is twice the
// same filter.
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "effect/builtin_effect.hpp"

namespace soundalike {
namespace {

enum class Mode { low_pass, high_pass, band_pass, notch };

class Filter : public EffectRun {
 public:
  Filter(std::span<const float> p, const RenderSetup& setup)
      : channels_(setup.channels),
        mode_(static_cast<Mode>(std::lround(p[0]))),
        sections_(p[1] > 0.5f ? 2 : 1),
        damping_(1.0 / p[3]),
        mix_(p[4] / 100.0) {
    const double rate = setup.sample_rate.hz;
    g_ = std::tan(std::numbers::pi * std::min<double>(p[2], 0.49 * rate) / rate);
    d_ = 1.0 / (1.0 + damping_ * g_ + g_ * g_);
  }
  std::size_t latency() const override { return 0; }
  void process(const float* const* in, float* const* out, std::size_t frames) override {
    for (std::size_t c = 0; c < channels_; ++c) {
      for (std::size_t i = 0; i < frames; ++i) {
        double x = in[c][i];
        for (std::size_t s = 0; s < sections_; ++s) x = section(states_[c][s], x);
        out[c][i] = static_cast<float>((1.0 - mix_) * in[c][i] + mix_ * x);
      }
    }
  }

 private:
  struct State {
    double s1 = 0.0, s2 = 0.0;
  };
  double section(State& state, double x) const {
    const double high = (x - (damping_ + g_) * state.s1 - state.s2) * d_;
    const double band = g_ * high + state.s1;
    const double low = g_ * band + state.s2;
    state.s1 = g_ * high + band;
    state.s2 = g_ * band + low;
    switch (mode_) {
      case Mode::low_pass:
        return low;
      case Mode::high_pass:
        return high;
      case Mode::band_pass:
        return damping_ * band;
      case Mode::notch:
        return low + high;
    }
    return x;
  }

  std::size_t channels_;
  Mode mode_;
  std::size_t sections_;
  double damping_, mix_;
  double g_ = 0.0, d_ = 0.0;
  std::array<std::array<State, 2>, 2> states_;
};

std::vector<Parameter> parameters() {
  return {choice("mode", "Mode", {"Low Pass", "High Pass", "Band Pass", "Notch"}),
          choice("slope", "Slope", {"12 dB/oct", "24 dB/oct"}),
          knob("cutoff", "Cutoff", "Hz", {30.0f, 18000.0f, 1500.0f, true}),
          knob("q", "Resonance", "", {0.5f, 12.0f, 0.7071f, true}), knob("mix", "Mix", "%", {0.0f, 100.0f, 100.0f})};
}

}  // namespace

extern const BuiltinEffect builtin_filter;
constexpr BuiltinEffect builtin_filter{"filter", "Filter", "Filter", &parameters,
                                       [](std::span<const float> plain, const RenderSetup& setup) {
                                         return std::unique_ptr<EffectRun>(std::make_unique<Filter>(plain, setup));
                                       }};

}  // namespace soundalike
