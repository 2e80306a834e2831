#include "latent/activity.hpp"

#include <algorithm>
#include <cmath>

#include "base/parallel.hpp"
#include "soundalike/embedder.hpp"
#include "soundalike/encoder.hpp"
#include "soundalike/error.hpp"
#include "soundalike/network.hpp"

namespace soundalike::latent {
namespace {

constexpr std::size_t rendered = 100;
constexpr double active_divergence = 0.01;
constexpr double active_share = 0.01;                                  // of the largest variance
constexpr double least_log_variance = -12.0, most_log_variance = 8.0;  // as encoders are trained

std::optional<Checkpoint> encoder_of(const LatentMap& map) {
  try {
    Checkpoint encoder = encoder_checkpoint(map.outline().encoder);
    if (encoder.digest == map.outline().encoder_digest) return encoder;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_found) throw;  // statistics, or a file that is gone
  }
  return std::nullopt;
}

struct Moments {
  double mean = 0.0, variance = 0.0;
};

Moments moments(Rows rows, std::size_t dimension) {
  Moments m;
  const auto n = static_cast<double>(rows.count());
  for (std::size_t i = 0; i < rows.count(); ++i) m.mean += static_cast<double>(rows[i][dimension]) / n;
  for (std::size_t i = 0; i < rows.count(); ++i) {
    m.variance += std::pow(static_cast<double>(rows[i][dimension]) - m.mean, 2) / n;
  }
  return m;
}

/// Mean divergence of each dimension over some points, rendered again.
std::vector<double> divergences(const LatentMap& map, const Checkpoint& encoder, const LatentScoreOptions& options) {
  static_cast<void>(map.is_of(*options.effect));
  const EncoderInput input(encoder.front_end);
  const Network mean(encoder, "encode"), spread(encoder, "spread");
  const AudioBuffer clip = map.clip();
  BatchRenderer renderer({*options.effect}, {clip.sample_rate(), clip.channels(), map.outline().block_size},
                         options.renderer);
  const auto id = renderer.add_clip(clip);
  std::vector<BatchRenderer::Job> jobs;
  const std::size_t count = std::min(rendered, map.points());
  for (std::size_t i = 0; i < count; ++i) jobs.push_back({id, map.settings()[i * map.points() / count]});
  std::vector<std::vector<double>> found(count);
  renderer.render(jobs, [&](std::size_t job, const RenderOutcome& outcome, AudioView audio) {
    if (!outcome.usable()) return;
    const auto image = input.of(audio);
    const auto m = mean.run(image), raw = spread.run(image);
    for (std::size_t d = 0; d < m.size(); ++d) {
      const double mu = static_cast<double>(m[d]),
                   log_variance = std::clamp(static_cast<double>(raw[d]), least_log_variance, most_log_variance);
      found[job].push_back(0.5 * (mu * mu + std::exp(log_variance) - 1.0 - log_variance));
    }
  });
  std::vector<double> result(map.outline().embedding_size);
  double usable = 0.0;
  for (const auto& point : found) usable += point.empty() ? 0.0 : 1.0;
  for (const auto& point : found) {
    for (std::size_t d = 0; d < point.size(); ++d) result[d] += point[d] / usable;
  }
  return result;
}

/// Mean variance of what is decoded when a dimension takes five values over one deviation to both sides.
double output_variance(const Network& decode, const std::vector<float>& middle, std::size_t dimension,
                       double deviation) {
  constexpr int steps = 5;
  std::vector<double> sum, squares;
  for (int s = 0; s < steps; ++s) {
    std::vector<float> code = middle;
    code[dimension] += static_cast<float>(deviation * (static_cast<double>(s) - 2.0) / std::sqrt(2.0));
    const auto output = decode.run(code);
    sum.resize(output.size());
    squares.resize(output.size());
    for (std::size_t i = 0; i < output.size(); ++i) {
      sum[i] += static_cast<double>(output[i]) / steps;
      squares[i] += std::pow(static_cast<double>(output[i]), 2) / steps;
    }
  }
  double mean = 0.0;
  for (std::size_t i = 0; i < sum.size(); ++i) {
    mean += std::max(0.0, squares[i] - sum[i] * sum[i]) / static_cast<double>(sum.size());
  }
  return mean;
}

}  // namespace

std::vector<DimensionActivity> activity_of(const LatentMap& map, const LatentScoreOptions& options) {
  const Rows embeddings = map.embeddings();
  std::vector<DimensionActivity> dimensions(embeddings.width);
  std::vector<float> middle;
  double largest = 0.0;
  for (std::size_t d = 0; d < embeddings.width; ++d) {
    const Moments m = moments(embeddings, d);
    middle.push_back(static_cast<float>(m.mean));
    dimensions[d].variance = m.variance;
    largest = std::max(largest, m.variance);
  }
  const auto encoder = encoder_of(map);
  if (encoder && encoder->blocks.contains("spread") && options.effect != nullptr) {
    const auto found = divergences(map, *encoder, options);
    for (std::size_t d = 0; d < dimensions.size(); ++d) dimensions[d].divergence = found[d];
  }
  if (encoder && encoder->blocks.contains("decode")) {
    const Network decode(*encoder, "decode");
    if (decode.input_size() == dimensions.size()) {
      parallel_for(dimensions.size(), options.threads, [&](std::size_t d) {
        dimensions[d].output_variance = output_variance(decode, middle, d, std::sqrt(dimensions[d].variance));
      });
    }
  }
  for (DimensionActivity& dimension : dimensions) {
    dimension.is_active =
        dimension.divergence ? *dimension.divergence > active_divergence : dimension.variance > active_share * largest;
  }
  return dimensions;
}

}  // namespace soundalike::latent
