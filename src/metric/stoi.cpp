// Short-time objective intelligibility (Taal, Hendriks, Heusdens, Jensen 2011) and its extended form (Jensen, Taal
// 2016).
#include <fmt/format.h>

#include <cmath>
#include <complex>
#include <numbers>
#include <numeric>

#include "metric/octave_resample.hpp"
#include "metric/rows.hpp"
#include "soundalike/error.hpp"
#include "soundalike/fft.hpp"
#include "soundalike/resample.hpp"

namespace soundalike::metric {
namespace {

constexpr SampleRate rate{10000.0};
constexpr std::size_t frame_size = 256, hop = 128, fft_size = 512;
constexpr std::size_t bands = 15;
constexpr std::size_t segment = 30;  // frames: 384 ms
constexpr double range_db = 40.0;    // quieter frames of the target count as silent
constexpr double lower_sdr_db = -15.0;
constexpr double tiny = 2.220446049250313e-16;

using Signal = std::vector<double>;
using Bands = std::vector<std::array<double, bands>>;  // [frames]

struct AtTenKilohertz {
  explicit AtTenKilohertz(AudioView audio) {
    const AudioBuffer mono = to_mono(audio);
    samples = octave_resample(mono.channel(0), audio.sample_rate(), rate);
  }
  Signal samples;
};

/// sin^2 without its zeros: Matlab's hanning().
const Signal& window() {
  static const Signal made = [] {
    Signal w(frame_size);
    for (std::size_t i = 0; i < frame_size; ++i) {
      w[i] = 0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * static_cast<double>(i + 1) / (frame_size + 1.0));
    }
    return w;
  }();
  return made;
}

// A frame that ends with the signal is not counted, as in the authors' program.
std::size_t frames_of(const Signal& x) { return x.size() <= frame_size ? 0 : (x.size() - frame_size + hop - 1) / hop; }

/// Which frames of the target are within the range below its loudest.
std::vector<std::size_t> sounding_frames(const Signal& target) {
  std::vector<double> level_db;
  for (std::size_t i = 0; i < frames_of(target); ++i) {
    double energy = 0.0;
    for (std::size_t k = 0; k < frame_size; ++k) {
      const double x = window()[k] * target[i * hop + k];
      energy += x * x;
    }
    level_db.push_back(20.0 * std::log10(std::sqrt(energy) + tiny));
  }
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < level_db.size(); ++i) {
    if (std::ranges::max(level_db) - range_db - level_db[i] < 0.0) out.push_back(i);
  }
  return out;
}

/// The windowed frames named, overlapped and added.
Signal joined(const Signal& x, const std::vector<std::size_t>& frames) {
  Signal out(frames.empty() ? 0 : (frames.size() - 1) * hop + frame_size);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    for (std::size_t k = 0; k < frame_size; ++k) out[i * hop + k] += window()[k] * x[frames[i] * hop + k];
  }
  return out;
}

/// The bins [first, end) of each third-octave band; the lowest is at 150 Hz.
std::array<std::pair<std::size_t, std::size_t>, bands> band_bins() {
  const double bin_hz = rate.hz / fft_size;
  const auto nearest = [&](double exponent) {
    return static_cast<std::size_t>(std::lround(150.0 * std::exp2(exponent) / bin_hz));
  };
  std::array<std::pair<std::size_t, std::size_t>, bands> out;
  for (std::size_t b = 0; b < bands; ++b) {
    const auto k = static_cast<double>(b);
    out[b] = {nearest((2.0 * k - 1.0) / 6.0), nearest((2.0 * k + 1.0) / 6.0)};
  }
  return out;
}

Bands band_magnitudes(const Signal& x) {
  const Fft fft(fft_size);
  const auto bins = band_bins();
  std::vector<float> frame(fft_size);
  std::vector<std::complex<float>> spectrum(fft.bins());
  Bands out(frames_of(x));
  for (std::size_t i = 0; i < out.size(); ++i) {
    for (std::size_t k = 0; k < frame_size; ++k) frame[k] = static_cast<float>(window()[k] * x[i * hop + k]);
    fft.forward(frame, spectrum);
    for (std::size_t b = 0; b < bands; ++b) {
      double power = 0.0;
      for (std::size_t k = bins[b].first; k < bins[b].second; ++k) power += double{std::norm(spectrum[k])};
      out[i][b] = std::sqrt(power);
    }
  }
  return out;
}

/// Takes the mean away and divides by the norm; what does not vary becomes 0.
template <typename Values>
void normalise(Values& x) {
  const double mean = std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
  double energy = 0.0;
  for (double& v : x) {
    v -= mean;
    energy += v * v;
  }
  for (double& v : x) v /= std::sqrt(energy) + tiny;
}

using Row = std::array<double, segment>;

Row row_of(const Bands& x, std::size_t first, std::size_t band) {
  Row row;
  for (std::size_t i = 0; i < segment; ++i) row[i] = x[first + i][band];
  return row;
}

double norm(const Row& x) { return std::sqrt(std::inner_product(x.begin(), x.end(), x.begin(), 0.0)); }

/// Mean correlation of one segment's bands, the output's clipped at 15 dB above the target's.
double correlation(const Bands& output, const Bands& target, std::size_t first) {
  static const double clip = 1.0 + std::pow(10.0, -lower_sdr_db / 20.0);
  double sum = 0.0;
  for (std::size_t b = 0; b < bands; ++b) {
    Row x = row_of(target, first, b), y = row_of(output, first, b);
    const double scale = norm(x) / (norm(y) + tiny);
    for (std::size_t i = 0; i < segment; ++i) y[i] = std::min(y[i] * scale, clip * x[i]);
    normalise(x);
    normalise(y);
    sum += std::inner_product(x.begin(), x.end(), y.begin(), 0.0);
  }
  return sum / static_cast<double>(bands);
}

/// One segment with each band's course over time normalised, then each moment's spectrum.
std::array<std::array<double, bands>, segment> normalised(const Bands& x, std::size_t first) {
  std::array<std::array<double, bands>, segment> out;
  for (std::size_t b = 0; b < bands; ++b) {
    Row row = row_of(x, first, b);
    normalise(row);
    for (std::size_t i = 0; i < segment; ++i) out[i][b] = row[i];
  }
  for (auto& spectrum : out) normalise(spectrum);
  return out;
}

double extended_correlation(const Bands& output, const Bands& target, std::size_t first) {
  const auto x = normalised(target, first), y = normalised(output, first);
  double sum = 0.0;
  for (std::size_t i = 0; i < segment; ++i) sum += std::inner_product(x[i].begin(), x[i].end(), y[i].begin(), 0.0);
  return sum / static_cast<double>(segment);
}

template <double (*segment_score)(const Bands&, const Bands&, std::size_t)>
double compare(const MetricAudio& output, const MetricAudio& target) {
  const Signal& y = output.feature<AtTenKilohertz>().samples;
  const Signal& x = target.feature<AtTenKilohertz>().samples;
  const auto frames = sounding_frames(x);
  const Bands of_target = band_magnitudes(joined(x, frames)), of_output = band_magnitudes(joined(y, frames));
  if (of_target.size() < segment) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("only {} ms of the target are within {} dB of its loudest part, and {} ms are needed",
                            of_target.size() * 128 / 10, range_db, segment * 128 / 10));
  }
  double sum = 0.0;
  const std::size_t segments = of_target.size() - segment + 1;
  for (std::size_t i = 0; i < segments; ++i) sum += segment_score(of_output, of_target, i);
  return sum / static_cast<double>(segments);
}

}  // namespace

constexpr Metric stoi{.name = "stoi",
                      .better = Direction::higher,
                      .summary = "short-time objective intelligibility of speech, 1 for the target itself",
                      .source = "Taal et al. 2011; pystoi 0.4.1",
                      .needs = {.seconds = 0.41},
                      .compute = compare<correlation>};

constexpr Metric estoi{.name = "estoi",
                       .better = Direction::higher,
                       .summary = "extended short-time objective intelligibility, for noise that comes and goes",
                       .source = "Jensen and Taal 2016; pystoi 0.4.1",
                       .needs = {.seconds = 0.41},
                       .compute = compare<extended_correlation>};

}  // namespace soundalike::metric
