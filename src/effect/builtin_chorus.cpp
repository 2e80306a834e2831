// Chorus and flanger: a delay line read at a place that a sine moves, with feedback, after Dattorro, "Effect design
// part 2: delay-line modulation and chorus", JAES 45(10), 1997. Short delays with feedback flange, longer ones without
// it make a chorus. Read between samples by four-point Lagrange interpolation. The right channel's sine runs ahead by
// the spread.
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "effect/builtin_effect.hpp"

namespace soundalike {
namespace {

class Chorus : public EffectRun {
 public:
  Chorus(std::span<const float> p, const RenderSetup& setup)
      : channels_(setup.channels),
        delay_(p[0] * setup.sample_rate.hz / 1000.0),
        depth_(p[1] * setup.sample_rate.hz / 1000.0),
        step_(p[2] / setup.sample_rate.hz),
        feedback_(p[3] / 100.0),
        spread_(p[4] / 360.0),
        mix_(p[5] / 100.0) {
    const auto length = static_cast<std::size_t>(delay_ + depth_) + 8;
    for (std::size_t c = 0; c < channels_; ++c) lines_[c].assign(length, 0.0);
  }
  std::size_t latency() const override { return 0; }
  void process(const float* const* in, float* const* out, std::size_t frames) override {
    for (std::size_t i = 0; i < frames; ++i) {
      for (std::size_t c = 0; c < channels_; ++c) {
        const double phase = phase_ + (c == 1 ? spread_ : 0.0);
        const double moved = delay_ + depth_ * std::sin(2.0 * std::numbers::pi * phase);
        const double wet = read(lines_[c], std::max(2.0, moved));
        lines_[c][at_] = in[c][i] + feedback_ * wet;
        out[c][i] = static_cast<float>((1.0 - mix_) * in[c][i] + mix_ * wet);
      }
      at_ = (at_ + 1) % lines_[0].size();
      phase_ += step_;
      if (phase_ >= 1.0) phase_ -= 1.0;
    }
  }

 private:
  /// What was written `delay` frames before the sample that is written next; at least 2.
  double read(const std::vector<double>& line, double delay) const {
    const auto whole = static_cast<std::size_t>(delay);
    const double t = delay - static_cast<double>(whole);
    const auto tap = [&](std::size_t back) { return line[(at_ + line.size() - back) % line.size()]; };
    const double a = tap(whole - 1), b = tap(whole), c = tap(whole + 1), d = tap(whole + 2);
    return -t * (t - 1.0) * (t - 2.0) / 6.0 * a + (t + 1.0) * (t - 1.0) * (t - 2.0) / 2.0 * b -
           (t + 1.0) * t * (t - 2.0) / 2.0 * c + (t + 1.0) * t * (t - 1.0) / 6.0 * d;
  }

  std::size_t channels_;
  double delay_, depth_, step_, feedback_, spread_, mix_;
  std::array<std::vector<double>, 2> lines_;
  std::size_t at_ = 0;
  double phase_ = 0.0;
};

std::vector<Parameter> parameters() {
  return {knob("delay", "Delay", "ms", {1.0f, 30.0f, 12.0f, true}),
          knob("depth", "Depth", "ms", {0.0f, 8.0f, 2.0f}),
          knob("rate", "Rate", "Hz", {0.05f, 8.0f, 0.6f, true}),
          knob("feedback", "Feedback", "%", {-90.0f, 90.0f, 0.0f}),
          knob("spread", "Stereo Spread", "deg", {0.0f, 180.0f, 90.0f}),
          knob("mix", "Mix", "%", {0.0f, 100.0f, 50.0f})};
}

}  // namespace

extern const BuiltinEffect builtin_chorus;
constexpr BuiltinEffect builtin_chorus{"chorus", "Chorus", "Chorus", &parameters,
                                       [](std::span<const float> plain, const RenderSetup& setup) {
                                         return std::unique_ptr<EffectRun>(std::make_unique<Chorus>(plain, setup));
                                       }};

}  // namespace soundalike
