#include "soundalike/latent_scores.hpp"

#include <algorithm>

#include "base/parallel.hpp"
#include "latent/activity.hpp"
#include "soundalike/dependence.hpp"

namespace soundalike {
namespace {

/// Some rows of a table, evenly spaced.
std::vector<float> thinned(Rows rows, std::size_t count) {
  std::vector<float> result;
  for (std::size_t i = 0; i < count; ++i) {
    const auto row = rows[i * rows.count() / count];
    result.insert(result.end(), row.begin(), row.end());
  }
  return result;
}

std::vector<float> column(Rows rows, std::size_t at) {
  std::vector<float> values;
  for (std::size_t i = 0; i < rows.count(); ++i) values.push_back(rows[i][at]);
  return values;
}

}  // namespace

LatentScores score_latent(const LatentMap& map, const LatentScoreOptions& options) {
  const std::string projection = options.projection.empty() ? map.default_projection() : options.projection;
  const std::vector<float> picture = thinned({map.projection(projection), 2}, std::min(options.points, map.points()));
  const std::size_t count = picture.size() / 2;
  const std::vector<float> codes = thinned(map.embeddings(), count);
  const auto& free = map.outline().free;
  std::vector<float> factors(count * free.size());
  DisentanglementOptions how{.seed = options.seed, .threads = options.threads};
  LatentScores scores;
  for (std::size_t k = 0; k < free.size(); ++k) {
    const auto values = map.column(map.columns()[k].name);  // the knobs come first, in the order of `free`
    for (std::size_t i = 0; i < count; ++i) factors[i * free.size() + k] = values[i * map.points() / count];
    how.categories.push_back(free[k].categories);
    scores.knobs.push_back({map.outline().parameters[free[k].parameter].id});
  }
  const Rows embeddings{codes, map.outline().embedding_size}, knobs{factors, free.size()}, places{picture, 2};
  scores.dimensions = latent::activity_of(map, options);
  scores.suggested_size = static_cast<std::size_t>(
      std::ranges::count_if(scores.dimensions, [](const DimensionActivity& d) { return d.is_active; }));
  scores.disentanglement = measure_disentanglement(embeddings, knobs, how);

  const Cca cca =
      canonical_correlation(embeddings, knobs, std::min<std::size_t>(2, std::min(embeddings.width, knobs.width)));
  scores.correlation = cca.correlation;
  const Rows directions{cca.first, cca.correlation.size()};
  // Each pair of a knob and something that may tell of it; those of one knob are compared afterwards.
  const auto most = [&](Rows tellers, std::size_t knob) {
    const std::vector<float> truth = column(knobs, knob);
    std::vector<double> found(tellers.width);
    parallel_for(tellers.width, options.threads,
                 [&](std::size_t d) { found[d] = mutual_information(column(tellers, d), truth); });
    return found.empty() ? 0.0 : std::ranges::max(found);
  };
  for (std::size_t k = 0; k < free.size(); ++k) {
    scores.knobs[k].dimension = most(embeddings, k);
    scores.knobs[k].canonical = most(directions, k);
    scores.knobs[k].projection = most(places, k);
  }
  return scores;
}

}  // namespace soundalike
