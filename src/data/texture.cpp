#include "data/texture.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include "data/state_variable.hpp"
#include "soundalike/level.hpp"

namespace soundalike {
namespace {

constexpr double tau = 2.0 * std::numbers::pi;

using Channels = std::array<std::vector<double>, 2>;

// Evenly in octaves, as frequencies and times are heard.
double between(double low, double high, Rng& rng) { return low * std::exp2(rng.uniform() * std::log2(high / low)); }

// Wanders smoothly between -1 and 1: two slow waves that do not repeat together.
class Wander {
 public:
  explicit Wander(Rng& rng)
      : hz_{between(0.03, 2.0, rng), between(0.03, 2.0, rng)}, phase_{rng.uniform(), rng.uniform()} {}
  double at(double seconds) const {
    return 0.5 * (std::sin(tau * (hz_[0] * seconds + phase_[0])) + std::sin(tau * (hz_[1] * seconds + phase_[1])));
  }

 private:
  std::array<double, 2> hz_, phase_;
};

class Maker {
 public:
  Maker(double seconds, SampleRate rate, Rng& rng)
      : rng_(rng), rate_(rate.hz), frames_(static_cast<std::size_t>(std::lround(seconds * rate.hz))) {
    for (auto& channel : sum_) channel.resize(frames_);
  }

  AudioBuffer make() {
    const std::size_t layers = 1 + rng_.below(3);
    for (std::size_t i = 0; i < layers; ++i) {
      Channels layer;
      for (auto& channel : layer) channel.resize(frames_);
      switch (rng_.below(5)) {
        case 0:
          noise(layer);
          break;
        case 1:
          drone(layer);
          break;
        case 2:
          struck(layer);
          break;
        case 3:
          crackle(layer);
          break;
        default:
          glides(layer);
      }
      add(layer);
    }
    AudioBuffer out(2, frames_, {rate_});
    double peak = 1e-9;
    for (const auto& channel : sum_) {
      for (const double x : channel) peak = std::max(peak, std::abs(x));
    }
    for (std::size_t c = 0; c < 2; ++c) {
      std::ranges::transform(sum_[c], out.channel(c).begin(),
                             [&](double x) { return static_cast<float>(0.5 * x / peak); });
    }
    return out;
  }

 private:
  // As loud as any other, or up to 12 dB softer.
  void add(const Channels& layer) {
    double power = 1e-12;
    for (const auto& channel : layer) {
      for (const double x : channel) power += x * x / static_cast<double>(2 * frames_);
    }
    const double gain = std::exp2(-2.0 * rng_.uniform()) / std::sqrt(power);
    for (std::size_t c = 0; c < 2; ++c) {
      for (std::size_t i = 0; i < frames_; ++i) sum_[c][i] += gain * layer[c][i];
    }
  }

  double seconds_at(std::size_t i) const { return static_cast<double>(i) / rate_; }

  // Wind, hiss, swooshes, steam.
  void noise(Channels& layer) {
    const double centre = between(80.0, 5000.0, rng_), damping = between(0.05, 2.0, rng_);
    const double octaves = rng_.uniform(0.0, 2.0), depth = rng_.uniform(), floor = rng_.uniform(0.0, 0.4);
    const bool low = rng_.uniform() < 0.5, wide = rng_.uniform() < 0.6;
    const Wander colour(rng_), gust(rng_);
    std::array<StateVariable, 2> filters;
    for (std::size_t i = 0; i < frames_; ++i) {
      const double t = seconds_at(i), hz = centre * std::exp2(octaves * colour.at(t));
      const double loud = std::exp2(-5.0 * depth * (1.0 - gust.at(t)));
      const double shared = rng_.normal();
      for (std::size_t c = 0; c < 2; ++c) {
        const double x = wide ? rng_.normal() : shared;
        const double y =
            low ? filters[c].low(x, hz, std::max(0.3, damping), rate_) : filters[c].band(x, hz, damping, rate_);
        layer[c][i] = loud * (y + 0.05 * floor * x);
      }
    }
  }

  // Hums, glass, choirs of oscillators: partials that are harmonic or not, each a little apart left and right.
  void drone(Channels& layer) {
    struct Partial {
      double hz, gain, detune, phase;
      Wander swell;
    };
    const double root = between(35.0, 500.0, rng_), stretch = rng_.uniform() < 0.5 ? 1.0 : rng_.uniform(0.8, 1.4);
    const double slope = rng_.uniform(0.3, 1.6), depth = rng_.uniform();
    std::vector<Partial> partials;
    const std::size_t count = 2 + rng_.below(14);
    for (std::size_t k = 1; k <= count; ++k) {
      const double hz = root * std::pow(static_cast<double>(k), stretch) * std::exp2(0.004 * rng_.normal());
      if (hz > 0.45 * rate_) break;
      partials.push_back({hz, std::pow(static_cast<double>(k), -slope) * rng_.uniform(0.3, 1.0), rng_.uniform(0.0, 1.2),
                          rng_.uniform(), Wander(rng_)});
    }
    const double breath = 0.05 * rng_.uniform();
    for (std::size_t i = 0; i < frames_; ++i) {
      const double t = seconds_at(i);
      for (const Partial& p : partials) {
        const double loud = p.gain * (1.0 - 0.5 * depth * (1.0 + p.swell.at(t)));
        layer[0][i] += loud * std::sin(tau * (p.hz * t + p.phase));
        layer[1][i] += loud * std::sin(tau * ((p.hz + p.detune) * t + p.phase));
      }
      for (auto& channel : layer) channel[i] += breath * rng_.normal();
    }
  }

  // Booms, bells, metal, wood: modes that ring after a burst of noise, in time or at any time.
  void struck(Channels& layer) {
    const double gap = between(0.12, 4.0, rng_), root = between(40.0, 900.0, rng_);
    const double ring = between(0.05, 3.0, rng_), thud = between(0.002, 0.2, rng_), hiss = rng_.uniform();
    const bool in_time = rng_.uniform() < 0.5;
    const std::size_t modes = 1 + rng_.below(10);
    std::vector<double> ratios{1.0};
    while (ratios.size() < modes) ratios.push_back(ratios.back() * rng_.uniform(1.1, 2.1));
    double at = 0.0;
    while (at < seconds_at(frames_)) {
      const double loud = rng_.uniform(0.2, 1.0), pan = rng_.uniform(0.3, 0.7), drop = rng_.uniform(0.0, 0.5);
      for (const double ratio : ratios) {
        const double hz = root * ratio, length = ring / std::sqrt(ratio);
        if (hz < 0.45 * rate_) mode(layer, at, hz, length, drop, loud * rng_.uniform(0.2, 1.0) / ratio, pan);
      }
      burst(layer, at, thud, loud * hiss);
      at += in_time ? gap : gap * rng_.uniform(0.3, 1.7);
    }
  }

  void mode(Channels& layer, double at, double hz, double length, double drop, double loud, double pan) const {
    const auto first = static_cast<std::size_t>(at * rate_);
    double phase = 0.0;
    for (std::size_t i = first; i < frames_; ++i) {
      const double t = seconds_at(i - first);
      if (t > 7.0 * length) break;
      phase += hz * (1.0 + drop * std::exp(-30.0 * t)) / rate_;
      const double x = loud * std::exp(-t / length) * std::sin(tau * phase);
      layer[0][i] += (1.0 - pan) * x;
      layer[1][i] += pan * x;
    }
  }

  void burst(Channels& layer, double at, double length, double loud) {
    const auto first = static_cast<std::size_t>(at * rate_);
    for (std::size_t i = first; i < frames_ && seconds_at(i - first) < 7.0 * length; ++i) {
      const double x = 0.5 * loud * std::exp(-seconds_at(i - first) / length);
      for (auto& channel : layer) channel[i] += x * rng_.normal();
    }
  }

  // Records, rain, fire: clicks at random over hiss.
  void crackle(Channels& layer) {
    const double often = between(1.0, 200.0, rng_), hiss = 0.05 * rng_.uniform();
    const double hz = between(300.0, 6000.0, rng_), damping = between(0.1, 1.5, rng_);
    std::array<StateVariable, 2> filters;
    for (std::size_t i = 0; i < frames_; ++i) {
      const bool click = rng_.uniform() < often / rate_;
      const double loud = click ? std::exp2(-4.0 * rng_.uniform()) * (rng_.below(2) == 0 ? 1.0 : -1.0) : 0.0;
      for (std::size_t c = 0; c < 2; ++c) {
        layer[c][i] = filters[c].band(30.0 * loud * rng_.uniform(0.5, 1.0), hz, damping, rate_) + hiss * rng_.normal();
      }
    }
  }

  // Rises and falls of a tone with harmonics, or of a band of noise.
  void glides(Channels& layer) {
    const double length = between(0.3, 6.0, rng_), edge = 0.2 * rng_.uniform() + 0.01;
    const bool tone = rng_.uniform() < 0.6;
    const std::size_t harmonics = 1 + rng_.below(8);
    std::array<StateVariable, 2> filters;
    double phase = 0.0, from = between(60.0, 3000.0, rng_), to = from, begin = -1e9;
    for (std::size_t i = 0; i < frames_; ++i) {
      const double t = seconds_at(i);
      if (t - begin >= length) {
        begin = t;
        from = between(60.0, 3000.0, rng_);
        to = between(60.0, 3000.0, rng_);
      }
      const double place = (t - begin) / length, hz = from * std::exp2(place * std::log2(to / from));
      const double loud = std::clamp(std::min(place, 1.0 - place) / edge, 0.0, 1.0);
      phase += hz / rate_;
      double x = 0.0;
      for (std::size_t k = 1; tone && k <= harmonics && static_cast<double>(k) * hz < 0.45 * rate_; ++k) {
        x += std::sin(tau * static_cast<double>(k) * phase) / static_cast<double>(k);
      }
      for (std::size_t c = 0; c < 2; ++c) {
        layer[c][i] = loud * (tone ? x : filters[c].band(rng_.normal(), hz, 0.2, rate_));
      }
    }
  }

  Rng& rng_;
  double rate_;
  std::size_t frames_;
  Channels sum_;
};

}  // namespace

AudioBuffer texture(double seconds, SampleRate rate, Rng& rng) { return Maker(seconds, rate, rng).make(); }

}  // namespace soundalike
