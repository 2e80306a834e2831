#include "soundalike/level.hpp"

#include <ebur128.h>
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

#include "base/vectorised.hpp"
#include "soundalike/decibels.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
// BS.1770-4, equation 2: LUFS = -0.691 + 10 log10(sum of the channels' mean squares).
constexpr double loudness_offset_db = 0.691;

double energy_of(double lufs) { return std::pow(10.0, (lufs + loudness_offset_db) / 10.0); }
double lufs_of(double energy) { return 10.0 * std::log10(energy) - loudness_offset_db; }

struct Destroy {
  void operator()(ebur128_state* state) const { ebur128_destroy(&state); }
};
using Meter = std::unique_ptr<ebur128_state, Destroy>;

Meter make_meter(std::size_t channels, SampleRate rate, int mode) {
  Meter meter;
  if (channels > 0 && rate.hz >= 1.0 && std::isfinite(rate.hz)) {
    meter.reset(ebur128_init(static_cast<unsigned>(channels), static_cast<unsigned long>(std::lround(rate.hz)), mode));
  }
  if (!meter) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot measure loudness of {} channels at {} Hz", channels, rate.hz));
  }
  return meter;
}

void feed(const Meter& meter, const std::vector<float>& interleaved, std::size_t first_frame, std::size_t frames) {
  ebur128_add_frames_float(meter.get(), interleaved.data() + first_frame * meter->channels, frames);
}

// K-weighted energy of the last 400 ms.
double last_block_energy(const Meter& meter) {
  double lufs = -infinity;
  ebur128_loudness_momentary(meter.get(), &lufs);
  return energy_of(lufs);
}

// What a LoudnessMeter remembers.
struct Measurement {
  Measurement(std::size_t channel_count, SampleRate sample_rate, int mode)
      : channels(channel_count),
        rate(sample_rate),
        meter(make_meter(channel_count, sample_rate, mode)),
        block_frames((meter->samplerate + 5) / 10 * 4),
        squares(channel_count) {}

  void add(AudioView audio);
  double lufs() const;
  double true_peak() const;

  std::size_t partial_frames() const { return frames % block_frames; }

  std::size_t channels;
  SampleRate rate;
  Meter meter;
  std::size_t block_frames;     // 400 ms, rounded as libebur128 does
  std::size_t frames = 0;       // heard so far
  double block_energies = 0.0;  // sum over complete blocks of 400 ms, side by side, not gated
  std::vector<float> recent;    // interleaved: the last complete block and what came after it
  std::size_t recent_frames = 0;
  float peak = 0.0f;
  std::vector<double> squares;  // sums per channel, so that the pieces it came in do not matter
};

void Measurement::add(AudioView audio) {
  if (audio.channels() != channels || audio.sample_rate() != rate) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("a loudness meter for {} channels at {} Hz was given {} channels at {} Hz", channels,
                            rate.hz, audio.channels(), audio.sample_rate().hz));
  }
  for (std::size_t done = 0; done < audio.frames();) {
    const std::size_t count = std::min(audio.frames() - done, block_frames - partial_frames());
    if (partial_frames() == 0 && recent_frames == 2 * block_frames) {
      recent.erase(recent.begin(), recent.begin() + static_cast<std::ptrdiff_t>(block_frames * channels));
      recent_frames -= block_frames;
    }
    const std::size_t first = recent_frames;
    recent_frames += count;
    recent.resize(recent_frames * channels);
    for (std::size_t c = 0; c < channels; ++c) {
      const auto samples = audio.channel(c).subspan(done, count);
      for (std::size_t i = 0; i < count; ++i) {
        const float x = samples[i];
        recent[(first + i) * channels + c] = x;
        peak = std::max(peak, std::abs(x));
        squares[c] += double{x} * double{x};
      }
    }
    feed(meter, recent, first, count);
    frames += count;
    done += count;
    if (partial_frames() == 0) block_energies += last_block_energy(meter);
  }
}

double Measurement::lufs() const {
  double gated = -infinity;
  ebur128_loudness_global(meter.get(), &gated);
  if (gated > -infinity) return gated;
  double energy = block_energies;
  if (const std::size_t rest = partial_frames(); rest > 0) {
    const Meter fresh = make_meter(channels, rate, EBUR128_MODE_M);
    feed(fresh, recent, 0, recent_frames);  // the block before brings the filters to where they were
    const std::vector<float> silence((block_frames - rest) * channels);
    feed(fresh, silence, 0, block_frames - rest);
    energy += last_block_energy(fresh);
  }
  if (frames == 0 || energy <= 0.0) return -infinity;
  return lufs_of(energy * static_cast<double>(block_frames) / static_cast<double>(frames));
}

double Measurement::true_peak() const {
  // The last samples are still inside the interpolator. A fresh one gets them again, then silence, and tells the peak
  // of what the silence pushed out.
  constexpr std::size_t interpolator_frames = 64;  // more than its 13
  const Meter fresh = make_meter(channels, rate, EBUR128_MODE_TRUE_PEAK);
  const std::size_t count = std::min(recent_frames, interpolator_frames);
  feed(fresh, recent, recent_frames - count, count);
  feed(fresh, std::vector<float>(interpolator_frames * channels), 0, interpolator_frames);
  double highest = peak;
  for (unsigned c = 0; c < channels; ++c) {
    double value = 0.0;
    if (ebur128_true_peak(meter.get(), c, &value) == EBUR128_SUCCESS) highest = std::max(highest, value);
    if (ebur128_prev_true_peak(fresh.get(), c, &value) == EBUR128_SUCCESS) highest = std::max(highest, value);
  }
  return highest;
}

}  // namespace

struct LoudnessMeter::State : Measurement {
  using Measurement::Measurement;
};

LoudnessMeter::LoudnessMeter(std::size_t channels, SampleRate rate)
    : state_(std::make_unique<State>(channels, rate, EBUR128_MODE_I | EBUR128_MODE_TRUE_PEAK)) {}
LoudnessMeter::~LoudnessMeter() = default;
LoudnessMeter::LoudnessMeter(LoudnessMeter&&) noexcept = default;
LoudnessMeter& LoudnessMeter::operator=(LoudnessMeter&&) noexcept = default;

void LoudnessMeter::add(AudioView audio) { state_->add(audio); }

Levels LoudnessMeter::levels() const {
  const State& s = *state_;
  const double samples = static_cast<double>(s.frames * s.channels);
  Levels levels{};
  levels.peak_db = to_db(s.peak);
  levels.true_peak_db = to_db(s.true_peak());
  const double sum = std::accumulate(s.squares.begin(), s.squares.end(), 0.0);
  levels.rms_db = to_db(samples > 0.0 ? std::sqrt(sum / samples) : 0.0);
  levels.lufs = s.lufs();
  levels.crest_db = s.peak > 0.0f ? levels.peak_db - levels.rms_db : 0.0;
  return levels;
}

Levels measure_levels(AudioView audio) {
  LoudnessMeter meter(audio.channels(), audio.sample_rate());
  meter.add(audio);
  return meter.levels();
}

double measure_lufs(AudioView audio) {
  Measurement meter(audio.channels(), audio.sample_rate(), EBUR128_MODE_I);
  meter.add(audio);
  return meter.lufs();
}

double rms(AudioView audio) {
  double sum = 0.0;
  for (std::size_t c = 0; c < audio.channels(); ++c) {
    for (const float x : audio.channel(c)) sum += static_cast<double>(x) * x;
  }
  return std::sqrt(sum / static_cast<double>(std::max<std::size_t>(1, audio.channels() * audio.frames())));
}

// Every rendered sample passes here: with AVX2, where there is some, it costs a fifth. Integers, so the same result.
SOUNDALIKE_VECTORISED float peak_of(std::span<const float> samples) {
  // Without the sign, floats order like their bits, and NaN and infinity lie above all numbers.
  std::int32_t largest = 0;
  for (const float sample : samples) largest = std::max(largest, std::bit_cast<std::int32_t>(sample) & 0x7fffffff);
  const float peak = std::bit_cast<float>(largest);
  return peak <= std::numeric_limits<float>::max() ? peak : std::numeric_limits<float>::infinity();
}

double guard_gain_db(double true_peak_db, double wanted_gain_db, double ceiling_db) {
  return std::min(wanted_gain_db, ceiling_db - true_peak_db);
}

}  // namespace soundalike
