#include "soundalike/mrstft.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "metric/magnitude_reader.hpp"
#include "soundalike/error.hpp"
#include "spectral/magnitude_distance.hpp"

namespace soundalike {
namespace {

using metric::MagnitudeReader;

MagnitudeReader reader_of(std::span<const float> audio, const MrstftOptions::Resolution& r) {
  return {audio,
          {.fft_size = r.fft_size, .window_size = r.window_size, .hop = r.hop, .center = true},
          MrstftOptions::power_floor};
}

double weighted(const MagnitudeDistance& sums, const MrstftOptions& options) {
  const auto n = static_cast<double>(sums.count);
  // The floor keeps the target's norm above zero.
  return options.spectral_convergence * std::sqrt(sums.squared_difference / sums.squared_target) +
         options.log_magnitude * sums.log_difference / n + options.linear_magnitude * sums.difference / n;
}

void check_target(AudioView target, const MrstftOptions& options) {
  if (options.resolutions.empty()) {
    throw Error(ErrorCode::invalid_argument,
                "cannot make an MRSTFT distance: no resolutions given; at least one works");
  }
  if (target.channels() == 0) {
    throw Error(ErrorCode::invalid_argument, "cannot make an MRSTFT distance: the target has no channels");
  }
}

void check_same_shape(AudioView estimate, std::size_t channels, std::size_t frames, SampleRate rate) {
  if (estimate.channels() == channels && estimate.frames() == frames && estimate.sample_rate() == rate) return;
  throw Error(
      ErrorCode::invalid_argument,
      fmt::format("cannot compare {} channels of {} frames at {} Hz with a target of {} channels of {} frames "
                  "at {} Hz: MRSTFT takes recordings of one shape",
                  estimate.channels(), estimate.frames(), estimate.sample_rate().hz, channels, frames, rate.hz));
}

}  // namespace

Mrstft::Mrstft(AudioView target, MrstftOptions options)
    : options_(std::move(options)),
      channels_(target.channels()),
      frames_(target.frames()),
      rate_(target.sample_rate()) {
  check_target(target, options_);
  for (const auto& resolution : options_.resolutions) {
    std::vector<float>& kept = magnitudes_.emplace_back();
    for (std::size_t c = 0; c < channels_; ++c) {
      MagnitudeReader reader = reader_of(target.channel(c), resolution);
      kept.resize(reader.frames() * reader.bins() * channels_);  // the first channel sizes it
      float* out = kept.data() + c * reader.frames() * reader.bins();
      while (const std::size_t n = reader.read(out)) out += n;
    }
  }
}

double Mrstft::distance(AudioView estimate) const {
  check_same_shape(estimate, channels_, frames_, rate_);
  double sum = 0.0;
  for (std::size_t r = 0; r < options_.resolutions.size(); ++r) {
    MagnitudeDistance sums;
    const float* target = magnitudes_[r].data();
    for (std::size_t c = 0; c < channels_; ++c) {
      MagnitudeReader reader = reader_of(estimate.channel(c), options_.resolutions[r]);
      std::vector<float> block(reader.block_size());
      while (const std::size_t n = reader.read(block.data())) {
        sums.add(block.data(), target, n);
        target += n;
      }
    }
    sum += weighted(sums, options_);
  }
  return sum / static_cast<double>(options_.resolutions.size());
}

std::vector<double> mrstft(std::span<const AudioView> estimates, AudioView target, const MrstftOptions& options) {
  check_target(target, options);
  for (const AudioView estimate : estimates) {
    check_same_shape(estimate, target.channels(), target.frames(), target.sample_rate());
  }
  std::vector<double> distances(estimates.size());
  for (const auto& resolution : options.resolutions) {
    std::vector<MagnitudeDistance> sums(estimates.size());
    for (std::size_t c = 0; c < target.channels(); ++c) {
      MagnitudeReader of_target = reader_of(target.channel(c), resolution);
      std::vector<MagnitudeReader> readers;
      for (const AudioView estimate : estimates) readers.push_back(reader_of(estimate.channel(c), resolution));
      std::vector<float> wanted(of_target.block_size());
      std::vector<float> found(of_target.block_size());
      while (const std::size_t n = of_target.read(wanted.data())) {
        for (std::size_t i = 0; i < estimates.size(); ++i) {
          readers[i].read(found.data());
          sums[i].add(found.data(), wanted.data(), n);
        }
      }
    }
    for (std::size_t i = 0; i < estimates.size(); ++i) distances[i] += weighted(sums[i], options);
  }
  for (double& distance : distances) distance /= static_cast<double>(options.resolutions.size());
  return distances;
}

double mrstft(AudioView estimate, AudioView target, const MrstftOptions& options) {
  return mrstft(std::span(&estimate, 1), target, options).front();
}

}  // namespace soundalike
