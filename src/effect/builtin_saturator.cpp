// A memoryless distortion: y = f(g x + b) - f(b), four times oversampled, then a filter that takes 0 Hz out (one zero
// at 0 Hz, one pole at 5 Hz) and the tone, a one-pole low-pass by the bilinear transform. f is
//   Tanh    tanh(x)
//   Soft    x - x^3 / 3 up to |x| = 1, then 2/3 (Araya and Suyama 1996 as in Zölzer, DAFX, 4.3)
//   Hard    x up to |x| = 1, then 1
//   Fold    sin(x)
// The bias b makes even harmonics. The dry part of the mix is delayed to meet the wet one.
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "effect/builtin_effect.hpp"
#include "effect/oversampler.hpp"
#include "soundalike/decibels.hpp"

namespace soundalike {
namespace {

using Curve = float (*)(float);

constexpr std::array<Curve, 4> curves{
    [](float x) { return std::tanh(x); },
    [](float x) {
      const float y = std::clamp(x, -1.0f, 1.0f);
      return y - y * y * y / 3.0f;
    },
    [](float x) { return std::clamp(x, -1.0f, 1.0f); },
    [](float x) { return std::sin(x); },
};

class Saturator : public EffectRun {
 public:
  Saturator(std::span<const float> p, const RenderSetup& setup)
      : channels_(setup.channels),
        curve_(curves[static_cast<std::size_t>(std::lround(p[0]))]),
        gain_(static_cast<float>(from_db(p[1]))),
        bias_(p[2]),
        output_(from_db(p[4])),
        mix_(p[5] / 100.0) {
    const double rate = setup.sample_rate.hz;
    const double g = std::tan(std::numbers::pi * std::min<double>(p[3], 0.49 * rate) / rate);
    tone_ = g / (1.0 + g);
    block_ = std::exp(-2.0 * std::numbers::pi * 5.0 / rate);
  }
  std::size_t latency() const override { return Oversampler::latency; }
  void process(const float* const* in, float* const* out, std::size_t frames) override {
    const float rest = curve_(bias_);
    const auto shaped = [&](float x) { return curve_(gain_ * x + bias_) - rest; };
    for (std::size_t c = 0; c < channels_; ++c) {
      Channel& channel = states_[c];
      for (std::size_t i = 0; i < frames; ++i) {
        const double wet = channel.filtered(channel.oversampler(in[c][i], shaped), block_, tone_);
        const double dry = channel.delayed(in[c][i]);
        out[c][i] = static_cast<float>((1.0 - mix_) * dry + mix_ * output_ * wet);
      }
    }
  }

 private:
  struct Channel {
    Oversampler oversampler;
    std::array<float, Oversampler::latency> ring{};
    std::size_t at = 0;
    double last = 0.0, blocked = 0.0, low = 0.0;

    double filtered(double x, double block, double tone) {
      blocked = x - last + block * blocked;
      last = x;
      // Zavalishin's one-pole with a trapezoidal integrator.
      const double v = tone * (blocked - low);
      const double y = v + low;
      low = y + v;
      return y;
    }
    double delayed(float x) {
      const double y = ring[at];
      ring[at] = x;
      at = (at + 1) % ring.size();
      return y;
    }
  };

  std::size_t channels_;
  Curve curve_;
  float gain_, bias_;
  double output_, mix_;
  double tone_ = 0.0, block_ = 0.0;
  std::array<Channel, 2> states_;
};

std::vector<Parameter> parameters() {
  return {choice("curve", "Curve", {"Tanh", "Soft", "Hard", "Fold"}),
          knob("drive", "Drive", "dB", {0.0f, 40.0f, 12.0f}),
          knob("bias", "Bias", "", {-1.0f, 1.0f, 0.0f}),
          knob("tone", "Tone", "Hz", {500.0f, 20000.0f, 20000.0f, true}),
          knob("output", "Output", "dB", {-36.0f, 12.0f, -6.0f}),
          knob("mix", "Mix", "%", {0.0f, 100.0f, 100.0f})};
}

}  // namespace

extern const BuiltinEffect builtin_saturator;
constexpr BuiltinEffect builtin_saturator{
    "saturator", "Saturator", "Distortion", &parameters, [](std::span<const float> plain, const RenderSetup& setup) {
      return std::unique_ptr<EffectRun>(std::make_unique<Saturator>(plain, setup));
    }};

}  // namespace soundalike
