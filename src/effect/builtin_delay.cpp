// An echo: repeats every `time`, rounded to whole frames, each `feedback` of the one before, low-passed by one pole on
// each round. In ping-pong both channels' mean enters on the left and the repeats change sides.
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "effect/builtin_effect.hpp"

namespace soundalike {
namespace {

class Delay : public EffectRun {
 public:
  Delay(std::span<const float> p, const RenderSetup& setup)
      : channels_(setup.channels),
        feedback_(p[1] / 100.0),
        cross_(p[3] > 0.5f && setup.channels == 2),
        mix_(p[4] / 100.0) {
    const double rate = setup.sample_rate.hz;
    const double cutoff = std::min<double>(p[2], 0.49 * rate);
    keep_ = std::exp(-2.0 * std::numbers::pi * cutoff / rate);
    const auto length = static_cast<std::size_t>(std::max(1l, std::lround(p[0] * rate / 1000.0)));
    for (std::size_t c = 0; c < channels_; ++c) lines_[c].assign(length, 0.0);
  }
  std::size_t latency() const override { return 0; }
  void process(const float* const* in, float* const* out, std::size_t frames) override {
    for (std::size_t i = 0; i < frames; ++i) {
      std::array<double, 2> heard{};
      std::array<double, 2> returned{};
      for (std::size_t c = 0; c < channels_; ++c) {
        heard[c] = lines_[c][at_];
        damped_[c] = (1.0 - keep_) * heard[c] + keep_ * damped_[c];
        returned[c] = feedback_ * damped_[c];
      }
      for (std::size_t c = 0; c < channels_; ++c) {
        const double fresh = !cross_ ? in[c][i] : c == 0 ? 0.5 * (in[0][i] + in[1][i]) : 0.0;
        lines_[c][at_] = fresh + returned[cross_ ? 1 - c : c];
        out[c][i] = static_cast<float>((1.0 - mix_) * in[c][i] + mix_ * heard[c]);
      }
      at_ = (at_ + 1) % lines_[0].size();
    }
  }

 private:
  std::size_t channels_;
  double feedback_;
  bool cross_;
  double mix_;
  double keep_ = 0.0;
  std::array<std::vector<double>, 2> lines_;
  std::array<double, 2> damped_{};
  std::size_t at_ = 0;
};

std::vector<Parameter> parameters() {
  return {knob("time", "Time", "ms", {10.0f, 2000.0f, 300.0f, true}),
          knob("feedback", "Feedback", "%", {0.0f, 95.0f, 40.0f}),
          knob("tone", "Tone", "Hz", {500.0f, 20000.0f, 6000.0f, true}), toggle("ping_pong", "Ping-Pong", false),
          knob("mix", "Mix", "%", {0.0f, 100.0f, 30.0f})};
}

}  // namespace

extern const BuiltinEffect builtin_delay;
constexpr BuiltinEffect builtin_delay{"delay", "Delay", "Delay", &parameters,
                                      [](std::span<const float> plain, const RenderSetup& setup) {
                                        return std::unique_ptr<EffectRun>(std::make_unique<Delay>(plain, setup));
                                      }};

}  // namespace soundalike
