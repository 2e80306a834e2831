#include "metric/magnitude_reader.hpp"
#include "metric/rows.hpp"
#include "spectral/magnitude_distance.hpp"

namespace soundalike::metric {
namespace {

constexpr std::size_t sizes[] = {2048, 1024, 512, 256, 128, 64};
constexpr float power_floor = 1e-10f;  // magnitude 1e-5

// The audio followed by so many zeros that a frame begins at each multiple of the hop.
std::vector<float> padded(std::span<const float> audio, std::size_t size, std::size_t hop) {
  const std::size_t frames = (audio.size() + hop - 1) / hop;
  std::vector<float> out((frames - 1) * hop + size);
  std::ranges::copy(audio, out.begin());
  return out;
}

StftOptions scale(std::size_t size) { return {.fft_size = size, .hop = size / 4, .center = false}; }

/// Magnitudes of all scales and channels, one after another.
struct Scales {
  explicit Scales(AudioView audio) {
    for (const std::size_t size : sizes) {
      for (std::size_t c = 0; c < audio.channels(); ++c) {
        const auto samples = padded(audio.channel(c), size, size / 4);
        MagnitudeReader reader(samples, scale(size), power_floor);
        const std::size_t first = magnitudes.size();
        magnitudes.resize(first + reader.frames() * reader.bins());
        float* out = magnitudes.data() + first;
        while (const std::size_t n = reader.read(out)) out += n;
      }
    }
  }
  std::vector<float> magnitudes;
};

// Longer targets are analysed again for each output: their magnitudes take about a hundred bytes per sample.
constexpr std::size_t kept_samples = 1 << 19;

double compare(const MetricAudio& output, const MetricAudio& target) {
  const AudioView x = output.audio(), y = target.audio();
  const bool kept = y.channels() * y.frames() <= kept_samples;
  const float* wanted = kept ? target.feature<Scales>().magnitudes.data() : nullptr;
  double distance = 0.0;
  for (const std::size_t size : sizes) {
    MagnitudeDistance sums;
    for (std::size_t c = 0; c < y.channels(); ++c) {
      const auto found = padded(x.channel(c), size, size / 4);
      MagnitudeReader a(found, scale(size), power_floor);
      std::vector<float> block_a(a.block_size());
      if (kept) {
        while (const std::size_t n = a.read(block_a.data())) {
          sums.add(block_a.data(), wanted, n);
          wanted += n;
        }
        continue;
      }
      const auto again = padded(y.channel(c), size, size / 4);
      MagnitudeReader b(again, scale(size), power_floor);
      std::vector<float> block_b(b.block_size());
      while (const std::size_t n = a.read(block_a.data())) {
        b.read(block_b.data());
        sums.add(block_a.data(), block_b.data(), n);
      }
    }
    distance += (sums.difference + sums.log_difference) / static_cast<double>(sums.count);
  }
  return distance;
}

}  // namespace

constexpr Metric multi_scale_spectral{
    .name = "mss",
    .summary =
        "multi-scale spectral loss: linear plus log magnitude, summed over FFT 2048, 1024, ... 64, hop a quarter",
    .source = "Engel et al. 2020 (DDSP), magnitudes floored at 1e-5",
    .needs = {.sounding_output = false, .sounding_target = false},
    .compute = compare};

}  // namespace soundalike::metric
