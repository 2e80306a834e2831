// A feedback delay network after Jot and Chaigne, "Digital delay networks for designing artificial reverberators", AES
// convention 90, 1991: eight lines of mutually prime lengths, mixed by a Hadamard matrix, which loses nothing; each
// line ends in a one-pole low-pass whose gain makes the sound fall by 60 dB in the decay time at 0 Hz and in `damping`
// of it at half the sample rate. For a line of m frames and decay times T0 and T1:
//   k0 = 10^(-3 m / (rate T0)),  k1 = 10^(-3 m / (rate T1)),  H(z) = g / (1 - p / z)
//   p = (k0 - k1) / (k0 + k1),  g = k0 (1 - p)
// Four Schroeder allpasses before it ("Natural sounding artificial reverberation", JAES 10(3), 1962) make its beginning
// dense.
#include <algorithm>
#include <array>
#include <cmath>

#include "effect/builtin_effect.hpp"

namespace soundalike {
namespace {

constexpr std::size_t lines = 8;
/// At size 100 %: lengths without a common rhythm.
constexpr std::array<double, lines> line_ms{29.7, 37.1, 41.1, 43.7, 53.3, 61.9, 71.3, 79.9};
constexpr std::array<double, 4> allpass_ms{4.7, 3.6, 12.7, 9.3};
constexpr double allpass_gain = 0.6;

std::size_t frames_of(double ms, double rate) {
  return static_cast<std::size_t>(std::max(1l, std::lround(ms * rate / 1000.0)));
}

/// The smallest prime that is not less.
std::size_t prime_from(std::size_t n) {
  const auto is_prime = [](std::size_t x) {
    for (std::size_t d = 2; d * d <= x; ++d) {
      if (x % d == 0) return false;
    }
    return x > 1;
  };
  while (!is_prime(n)) ++n;
  return n;
}

class Ring {
 public:
  void resize(std::size_t frames) { samples_.assign(frames, 0.0); }
  double oldest() const { return samples_[at_]; }
  void push(double x) {
    samples_[at_] = x;
    if (++at_ == samples_.size()) at_ = 0;
  }

 private:
  std::vector<double> samples_;
  std::size_t at_ = 0;
};

class Reverb : public EffectRun {
 public:
  Reverb(std::span<const float> p, const RenderSetup& setup)
      : channels_(setup.channels), width_(p[4] / 100.0), mix_(p[5] / 100.0) {
    const double rate = setup.sample_rate.hz;
    const double size = p[1] / 100.0;
    std::size_t last = 0;
    for (std::size_t i = 0; i < lines; ++i) {
      const std::size_t length = prime_from(std::max(last + 1, frames_of(size * line_ms[i], rate)));
      last = length;
      lines_[i].resize(length);
      const double whole = std::pow(10.0, -3.0 * static_cast<double>(length) / (rate * p[0]));
      const double treble = std::pow(10.0, -3.0 * static_cast<double>(length) / (rate * p[0] * p[2] / 100.0));
      pole_[i] = (whole - treble) / (whole + treble);
      gain_[i] = whole * (1.0 - pole_[i]);
    }
    before_.resize(frames_of(p[3], rate));
    for (std::size_t i = 0; i < allpass_ms.size(); ++i) allpasses_[i].resize(frames_of(allpass_ms[i], rate));
  }
  std::size_t latency() const override { return 0; }
  void process(const float* const* in, float* const* out, std::size_t frames) override {
    for (std::size_t i = 0; i < frames; ++i) {
      const double dry = channels_ == 2 ? 0.5 * (in[0][i] + in[1][i]) : in[0][i];
      const auto [left, right] = network(diffused(dry));
      const double middle = 0.5 * (left + right), side = 0.5 * (left - right) * width_;
      if (channels_ == 1) {
        out[0][i] = static_cast<float>((1.0 - mix_) * in[0][i] + mix_ * left);
      } else {
        out[0][i] = static_cast<float>((1.0 - mix_) * in[0][i] + mix_ * (middle + side));
        out[1][i] = static_cast<float>((1.0 - mix_) * in[1][i] + mix_ * (middle - side));
      }
    }
  }

 private:
  double diffused(double x) {
    const double delayed = before_.oldest();
    before_.push(x);
    double y = delayed;
    for (Ring& allpass : allpasses_) {
      const double held = allpass.oldest();
      const double inner = y + allpass_gain * held;
      allpass.push(inner);
      y = held - allpass_gain * inner;
    }
    return y;
  }
  std::pair<double, double> network(double x) {
    std::array<double, lines> v{};
    double left = 0.0, right = 0.0;
    for (std::size_t i = 0; i < lines; ++i) {
      low_[i] = gain_[i] * lines_[i].oldest() + pole_[i] * low_[i];
      v[i] = low_[i];
      left += v[i];
      right += i % 2 == 0 ? v[i] : -v[i];
    }
    hadamard(v);
    for (std::size_t i = 0; i < lines; ++i) lines_[i].push(v[i] + x * (i % 3 == 1 ? -input : input));
    return {left * input, right * input};
  }
  /// Fast Walsh-Hadamard transform, divided by sqrt(8): orthogonal.
  static void hadamard(std::array<double, lines>& v) {
    for (std::size_t half = 1; half < lines; half *= 2) {
      for (std::size_t i = 0; i < lines; i += 2 * half) {
        for (std::size_t j = i; j < i + half; ++j) {
          const double a = v[j], b = v[j + half];
          v[j] = a + b;
          v[j + half] = a - b;
        }
      }
    }
    for (double& x : v) x *= input;
  }

  static constexpr double input = 0.35355339059327376;  // 1 / sqrt(8)
  std::size_t channels_;
  double width_, mix_;
  Ring before_;
  std::array<Ring, 4> allpasses_;
  std::array<Ring, lines> lines_;
  std::array<double, lines> pole_{}, gain_{}, low_{};
};

std::vector<Parameter> parameters() {
  return {knob("decay", "Decay Time", "s", {0.1f, 12.0f, 1.8f, true}),
          knob("size", "Size", "%", {10.0f, 200.0f, 80.0f, true}),
          knob("damping", "High Decay", "%", {5.0f, 100.0f, 35.0f, true}),
          knob("predelay", "Pre-delay", "ms", {0.0f, 150.0f, 10.0f}),
          knob("width", "Width", "%", {0.0f, 100.0f, 100.0f}),
          knob("mix", "Mix", "%", {0.0f, 100.0f, 30.0f})};
}

}  // namespace

extern const BuiltinEffect builtin_reverb;
constexpr BuiltinEffect builtin_reverb{"reverb", "Reverb", "Reverb", &parameters,
                                       [](std::span<const float> plain, const RenderSetup& setup) {
                                         return std::unique_ptr<EffectRun>(std::make_unique<Reverb>(plain, setup));
                                       }};

}  // namespace soundalike
