#include "soundalike/consensus.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include "soundalike/error.hpp"
#include "style/bands.hpp"
#include "style/kernels.hpp"
#include "style/spectra.hpp"

namespace soundalike {
namespace {

constexpr std::size_t sketch_bands = 40;
constexpr float density_floor = 1e-6f;  // 60 dB below white noise as loud as the render
constexpr double floor_db = -60.0;
constexpr double step_db = 0.4;  // up to 42 dB above that noise: a pure tone in one band at 192 kHz
// Candidates weighing less than this share of the nearest cannot change the choice.
constexpr double least_weight = 1e-6;

}  // namespace

struct RenderSketcher::State {
  explicit State(SampleRate sample_rate)
      : rate(sample_rate),
        transform(0.0426, 0.0213, sample_rate),
        bands(style::Bands::mel(sketch_bands, transform.fft_size(), sample_rate, sample_rate.hz / 2.0)) {}
  SampleRate rate;
  style::FrameTransform transform;
  style::Bands bands;
};

RenderSketcher::RenderSketcher(SampleRate rate) {
  if (!(rate.hz >= 4000.0)) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot sketch renders at {} Hz: the sample rate must be at least 4000 Hz", rate.hz));
  }
  state_ = std::make_unique<State>(rate);
}
RenderSketcher::~RenderSketcher() = default;
RenderSketcher::RenderSketcher(RenderSketcher&&) noexcept = default;
RenderSketcher& RenderSketcher::operator=(RenderSketcher&&) noexcept = default;

RenderSketcher::Sketch RenderSketcher::sketch(AudioView render) const {
  if (render.sample_rate() != state_->rate || render.channels() == 0 || render.frames() == 0) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot sketch {} frames of {} channels at {} Hz; made for {} Hz", render.frames(),
                            render.channels(), render.sample_rate().hz, state_->rate.hz));
  }
  std::vector<float> mid(render.channel(0).begin(), render.channel(0).end());
  for (std::size_t c = 1; c < render.channels(); ++c)
    style::accumulate(render.channel(c).data(), mid.data(), mid.size());
  const double power = style::moments(mid.data(), mid.size()).second / static_cast<double>(mid.size());
  if (power > 0.0) {
    const auto gain = static_cast<float>(1.0 / std::sqrt(power));
    for (float& x : mid) x *= gain;
  }
  Sketch out;
  out.reserve(state_->transform.frames(mid.size()) * sketch_bands);
  std::array<float, sketch_bands> levels{};
  state_->transform.each(mid, [&](std::size_t, const float* density) {
    state_->bands.average(density, levels.data());
    style::to_decibels(levels.data(), levels.size(), density_floor);
    for (const float level : levels) {
      const double steps = (static_cast<double>(level) - floor_db) / step_db;
      out.push_back(static_cast<std::uint8_t>(std::clamp(steps + 0.5, 0.0, 255.0)));
    }
  });
  return out;
}

double RenderSketcher::difference(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b) {
  if (a.size() != b.size() || a.empty()) {
    throw Error(
        ErrorCode::invalid_argument,
        fmt::format("cannot compare sketches of {} and {} values: both must be of one input", a.size(), b.size()));
  }
  const auto steps = static_cast<double>(style::absolute_difference(a.data(), b.data(), a.size()));
  return step_db * steps / static_cast<double>(a.size());
}

std::size_t least_expected_difference(std::span<const double> distances,
                                      std::span<const RenderSketcher::Sketch> sketches, double temperature,
                                      std::span<const double> crowding) {
  if (distances.size() != sketches.size() || (!crowding.empty() && crowding.size() != distances.size())) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot choose among {} distances, {} sketches and {} crowdings", distances.size(),
                            sketches.size(), crowding.size()));
  }
  if (!(temperature > 0.0)) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot choose at temperature {}: it must be > 0", temperature));
  }
  double nearest = std::numeric_limits<double>::infinity();
  for (const double distance : distances) nearest = std::min(nearest, std::isfinite(distance) ? distance : nearest);
  // Where even the nearest is further than the content varies, the misfit is not the settings' and tells them apart
  // less.
  const double scale = temperature * std::max(1.0, nearest);
  std::vector<double> log_weights(distances.size(), -std::numeric_limits<double>::infinity());
  for (std::size_t i = 0; i < distances.size(); ++i) {
    if (!std::isfinite(distances[i])) continue;
    log_weights[i] = -(distances[i] - nearest) * (distances[i] + nearest) / (2.0 * scale * scale);
    if (!crowding.empty()) log_weights[i] -= std::log(crowding[i]);
  }
  const double heaviest =
      log_weights.empty() ? -std::numeric_limits<double>::infinity() : *std::ranges::max_element(log_weights);
  if (!std::isfinite(heaviest)) {
    throw Error(ErrorCode::invalid_argument, "cannot choose a render: none has a finite distance");
  }
  // The likely ones first: an early candidate with little risk lets the later ones be given up after a few terms.
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < distances.size(); ++i) {
    if (std::isfinite(distances[i])) order.push_back(i);
  }
  std::ranges::stable_sort(order, std::greater{}, [&](std::size_t i) { return log_weights[i]; });
  std::vector<double> weights;
  for (const std::size_t i : order) {
    const double weight = std::exp(log_weights[i] - heaviest);
    if (weight < least_weight) break;
    weights.push_back(weight);
  }
  // Any candidate may be the choice, light ones too: between two likely extremes the best may be an unlikely middle.
  std::size_t choice = order.front();
  double least = std::numeric_limits<double>::infinity();
  for (const std::size_t candidate : order) {
    double risk = 0.0;
    for (std::size_t k = 0; k < weights.size() && risk <= least; ++k) {
      risk += weights[k] * RenderSketcher::difference(sketches[order[k]], sketches[candidate]);
    }
    if (risk < least || (risk == least && candidate < choice)) {
      least = risk;
      choice = candidate;
    }
  }
  return choice;
}

std::vector<double> crowding_of(std::span<const std::vector<double>> points) {
  std::vector<double> crowding(points.size(), 1.0);
  if (points.empty() || points.front().empty()) return crowding;
  const auto dimensions = static_cast<double>(points.front().size());
  const double width = 0.3 * std::pow(static_cast<double>(points.size()), -1.0 / (dimensions + 4.0));
  const double scale = -1.0 / (2.0 * width * width);
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      double square = 0.0;
      for (std::size_t k = 0; k < points[i].size(); ++k) {
        const double d = points[i][k] - points[j][k];
        square += d * d;
      }
      const double kernel = std::exp(scale * square);
      crowding[i] += kernel;
      crowding[j] += kernel;
    }
  }
  return crowding;
}

}  // namespace soundalike
