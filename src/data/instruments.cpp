#include "data/instruments.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "data/state_variable.hpp"
#include "soundalike/level.hpp"

namespace soundalike {
namespace {

constexpr double tau = 2.0 * std::numbers::pi;

double hz_of(int pitch) { return 440.0 * std::exp2((pitch - 69) / 12.0); }

// A sawtooth without its worst aliases (polynomial band-limited step, Välimäki and Huovilainen 2007).
class Saw {
 public:
  explicit Saw(double phase) : phase_(phase) {}
  double next(double step) {
    phase_ += step;
    if (phase_ >= 1.0) phase_ -= 1.0;
    double x = 2.0 * phase_ - 1.0;
    if (phase_ < step) {
      const double t = phase_ / step;
      x -= t + t - t * t - 1.0;
    } else if (phase_ > 1.0 - step) {
      const double t = (phase_ - 1.0) / step;
      x -= t * t + t + t + 1.0;
    }
    return x;
  }

 private:
  double phase_;
};

// How one player sounds in one piece.
struct Timbre {
  double gain = 0.5, pan = 0.0;
  double bright = 0.5, decay = 0.5, colour = 0.5;  // in [0, 1]
  int kind = 0;
};

using Sound = std::vector<double>;

// Karplus and Strong 1983, with the fraction of the delay in an all-pass (Jaffe and Smith 1983).
Sound pluck(const Note& note, const Timbre& timbre, double rate, Rng& rng) {
  const double period = rate / hz_of(note.pitch) - 0.5;
  const auto whole = static_cast<std::size_t>(std::max(2.0, std::floor(period - 0.2)));
  const double fraction = period - static_cast<double>(whole), all_pass = (1.0 - fraction) / (1.0 + fraction);
  Sound line(whole);
  double last = 0.0;
  const double smooth = 0.05 + 0.9 * (1.0 - timbre.bright) * (1.2 - 0.5 * note.velocity);
  for (double& x : line) x = last += (1.0 - std::min(0.95, smooth)) * (rng.uniform(-1.0, 1.0) - last);
  const auto pick = static_cast<std::size_t>((0.08 + 0.3 * timbre.colour) * static_cast<double>(whole));
  Sound excited = line;  // plucked there: those harmonics are missing
  for (std::size_t i = 0; i < whole; ++i) excited[i] -= 0.8 * line[(i + whole - pick) % whole];
  line = std::move(excited);
  const double ring = 0.6 + 5.0 * timbre.decay, loss = std::pow(10.0, -3.0 * period / (rate * ring));
  Sound out(static_cast<std::size_t>(rate * std::min(note.length + 0.15, ring)));
  double before = 0.0, through = 0.0;
  std::size_t at = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = line[at];
    const double averaged = loss * 0.5 * (line[at] + before);
    before = line[at];
    const double next = all_pass * (averaged - through) + last;
    last = averaged;
    through = next;
    line[at] = next;
    if (++at == whole) at = 0;
  }
  return out;
}

Sound electric_piano(const Note& note, const Timbre& timbre, double rate) {
  Sound out(static_cast<std::size_t>(rate * (note.length + 0.3)));
  const double step = tau * hz_of(note.pitch) / rate, ratio = timbre.kind == 0 ? 1.0 : (timbre.kind == 1 ? 2.0 : 14.0);
  const double index = note.velocity * (0.4 + 3.0 * timbre.bright) * (ratio > 8.0 ? 0.25 : 1.0);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double t = static_cast<double>(i) / rate, phase = step * static_cast<double>(i);
    out[i] = std::exp(-t / (0.3 + 1.5 * timbre.decay)) *
             std::sin(phase + index * std::exp(-t / (0.05 + 0.4 * timbre.colour)) * std::sin(ratio * phase));
  }
  return out;
}

// Saws or a square through a filter that opens and closes; with a slow attack a pad, with a fast one a lead or bass.
Sound analogue(const Note& note, const Timbre& timbre, double rate, bool slow, Rng& rng) {
  const double release = slow ? 0.5 : 0.06, attack = slow ? 0.15 + 0.4 * timbre.decay : 0.005;
  Sound out(static_cast<std::size_t>(rate * (note.length + release)));
  const int voices = slow ? 3 : 1 + timbre.kind % 2;
  std::vector<Saw> saws;
  std::vector<double> detune;
  for (int v = 0; v < voices; ++v) {
    saws.emplace_back(rng.uniform());
    detune.push_back(std::exp2((v - (voices - 1) / 2.0) * (4.0 + 12.0 * timbre.colour) / 1200.0));
  }
  Saw shifted(rng.uniform());
  const bool square = timbre.kind == 2;
  StateVariable filter;
  const double hz = hz_of(note.pitch), vibrato_rate = rng.uniform(4.5, 6.5), depth = slow ? 0.0 : 0.006 * timbre.colour;
  const double base = hz * (1.5 + 6.0 * timbre.bright), sweep = hz * 10.0 * timbre.bright * note.velocity;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double t = static_cast<double>(i) / rate;
    const double bend = 1.0 + depth * std::min(1.0, t / 0.4) * std::sin(tau * vibrato_rate * t);
    double x = 0.0;
    for (std::size_t v = 0; v < saws.size(); ++v) x += saws[v].next(hz * bend * detune[v] / rate) / voices;
    if (square) x = 0.7 * (x - shifted.next(hz * bend * 1.0005 / rate));
    const double gate =
        std::min(1.0, t / attack) * (t < note.length ? 1.0 : std::exp(-(t - note.length) / (release / 4.0)));
    out[i] = gate *
             filter.low(x, base + sweep * std::exp(-t / (0.08 + 0.6 * timbre.decay)), 1.1 - 0.6 * timbre.colour, rate);
  }
  return out;
}

Sound drum_hit(const Note& note, const Timbre& timbre, double rate, Rng& rng) {
  const bool hat = note.pitch == drum::closed_hat || note.pitch == drum::open_hat;
  const bool skin = note.pitch == drum::kick || note.pitch == drum::low_tom || note.pitch == drum::high_tom;
  const double length = note.pitch == drum::open_hat ? 0.3 : hat ? 0.08 : 0.35;
  Sound out(static_cast<std::size_t>(rate * length));
  double last = 0.0, older = 0.0;
  const double tone = note.pitch == drum::kick       ? 42.0 + 20.0 * timbre.bright
                      : note.pitch == drum::low_tom  ? 95.0 + 30.0 * timbre.bright
                      : note.pitch == drum::high_tom ? 160.0 + 50.0 * timbre.bright
                                                     : 170.0 + 60.0 * timbre.colour;
  double phase = 0.0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double t = static_cast<double>(i) / rate, white = rng.uniform(-1.0, 1.0);
    const double high = white - 2.0 * last + older;  // a second difference: only the top is left
    older = last;
    last = white;
    phase += tau * tone * (1.0 + (skin ? 3.5 : 0.6) * std::exp(-t * 45.0)) / rate;
    if (hat) {
      out[i] = 0.35 * high * std::exp(-t / (note.pitch == drum::open_hat ? 0.09 : 0.012 + 0.02 * timbre.decay));
    } else if (skin) {
      out[i] = std::sin(phase) * std::exp(-t / (0.05 + 0.08 * timbre.decay)) + 0.3 * white * std::exp(-t * 300.0);
    } else if (note.pitch == drum::clap) {
      const double burst = std::fmod(std::min(t, 0.0299), 0.01);
      out[i] = 0.7 * (white - 0.5 * older) * std::exp(-(t < 0.03 ? burst * 200.0 : (t - 0.03) * 28.0));
    } else {
      out[i] = 0.5 * std::sin(phase) * std::exp(-t * 24.0) + 0.6 * white * std::exp(-t / (0.04 + 0.09 * timbre.decay));
    }
  }
  return out;
}

Sound sound_of(const Note& note, const Timbre& timbre, double rate, Rng& rng) {
  switch (note.role) {
    case Role::drums:
      return drum_hit(note, timbre, rate, rng);
    case Role::bass:
      return timbre.kind == 0 ? pluck(note, timbre, rate, rng) : analogue(note, timbre, rate, false, rng);
    case Role::chords:
      return timbre.kind < 2 ? pluck(note, timbre, rate, rng) : electric_piano(note, timbre, rate);
    case Role::melody:
      return timbre.kind == 0   ? pluck(note, timbre, rate, rng)
             : timbre.kind == 1 ? electric_piano(note, timbre, rate)
                                : analogue(note, timbre, rate, false, rng);
    case Role::pad:
      break;
  }
  return analogue(note, timbre, rate, true, rng);
}

}  // namespace

AudioBuffer play(const Score& score, SampleRate rate, Rng& rng) {
  constexpr double gains[role_count] = {0.7, 0.6, 0.35, 0.4, 0.25};
  std::array<Timbre, role_count> band;
  for (std::size_t i = 0; i < role_count; ++i) {
    const bool middle = i == static_cast<std::size_t>(Role::bass) || i == static_cast<std::size_t>(Role::drums);
    band[i] = {.gain = gains[i] * rng.uniform(0.6, 1.4),
               .pan = middle ? 0.0 : rng.uniform(-0.6, 0.6),
               .bright = rng.uniform(),
               .decay = rng.uniform(),
               .colour = rng.uniform(),
               .kind = static_cast<int>(rng.below(3))};
  }
  AudioBuffer out(2, static_cast<std::size_t>(std::llround(score.seconds * rate.hz)), rate);
  for (const Note& note : score.notes) {
    const Timbre& timbre = band[static_cast<std::size_t>(note.role)];
    const Sound sound = sound_of(note, timbre, rate.hz, rng);
    const auto start = static_cast<std::size_t>(note.start * rate.hz);
    const double angle = (timbre.pan + 1.0) * std::numbers::pi / 4.0;
    const double left = timbre.gain * note.velocity * std::cos(angle),
                 right = timbre.gain * note.velocity * std::sin(angle);
    const auto fade =
        static_cast<double>(std::min<std::size_t>(sound.size(), static_cast<std::size_t>(0.008 * rate.hz)) + 1);
    for (std::size_t i = 0; i < sound.size() && start + i < out.frames(); ++i) {
      const double x = sound[i] * std::min(1.0, static_cast<double>(sound.size() - i) / fade);
      out.channel(0)[start + i] += static_cast<float>(left * x);
      out.channel(1)[start + i] += static_cast<float>(right * x);
    }
  }
  const float peak = peak_of(out.samples());
  if (peak > 0.0f) {
    for (float& x : out.samples()) x *= 0.5f / peak;
  }
  return out;
}

}  // namespace soundalike
