#include "soundalike/umap.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/parallel.hpp"
#include "learn/attraction.hpp"
#include "learn/fuzzy_graph.hpp"
#include "learn/spectral_layout.hpp"
#include "learn/umap_layout.hpp"
#include "soundalike/error.hpp"
#include "soundalike/nearest.hpp"

namespace soundalike {
namespace {

constexpr std::size_t fewest_examples = 4;
constexpr std::size_t many_examples = 10000;
constexpr std::uint32_t transform_epochs = 100;
constexpr float transform_rate = 0.25f;

[[noreturn]] void refuse(const std::string& reason) {
  throw Error(ErrorCode::invalid_argument, "cannot lay examples out: " + reason);
}

void check(Rows examples, const UmapOptions& options) {
  const std::size_t n = examples.count();
  if (n < fewest_examples) refuse(fmt::format("there are {}, it takes {}", n, fewest_examples));
  if (options.neighbours < 2) refuse(fmt::format("it takes 2 neighbours, not {}", options.neighbours));
  if (!(options.minimum_distance >= 0.0 && options.spread > 0.0 && options.minimum_distance <= options.spread)) {
    refuse(fmt::format("a minimum distance of {} must lie between 0 and the spread, {}", options.minimum_distance,
                       options.spread));
  }
  if (!options.labels.empty() && options.labels.size() != n) {
    refuse(fmt::format("there are {} labels for {}", options.labels.size(), n));
  }
  if (!(options.label_weight >= 0.0 && options.label_weight < 1.0)) {
    refuse(fmt::format("labels must weigh at least 0 and less than 1, not {}", options.label_weight));
  }
}

/// Others that an example is compared with: it counts among its own neighbours.
std::size_t others(const UmapOptions& options, std::size_t available) {
  return std::min(options.neighbours - 1, available);
}

}  // namespace

std::vector<float> umap(Rows examples, const UmapOptions& options, const Progress& progress,
                        const std::stop_token& stop) {
  check(examples, options);
  const std::size_t n = examples.count();
  const std::size_t epochs = options.epochs > 0 ? options.epochs : n <= many_examples ? 500 : 200;
  if (progress) progress({"finding neighbours", 0, 0, {}});
  const Neighbours neighbours = nearest_among(examples, others(options, n - 1), options.threads);
  learn::Graph graph = learn::fuzzy_union(neighbours, learn::memberships(neighbours, options.threads));
  if (!options.labels.empty()) graph = learn::with_labels(graph, options.labels, options.label_weight);
  std::vector<float> places = learn::spectral_layout(graph, examples, options.seed, options.threads);
  const float largest = std::ranges::max(graph.weight);
  graph = learn::without_weak(graph, largest / static_cast<float>(epochs));
  if (!learn::lay_out(places, graph, learn::fit_curve(options.minimum_distance, options.spread),
                      {epochs, options.negative_samples, options.seed, options.threads}, progress, stop)) {
    throw Error(ErrorCode::cancelled, "stopped before the picture was laid out");
  }
  return places;
}

std::vector<float> umap_transform(Rows examples, std::span<const float> positions, Rows fresh,
                                  const UmapOptions& options) {
  UmapOptions unlabelled = options;
  unlabelled.labels = {};
  check(examples, unlabelled);
  if (positions.size() != 2 * examples.count()) {
    refuse(fmt::format("there are {} coordinates for {}", positions.size(), examples.count()));
  }
  const Neighbours near = nearest_to(fresh, examples, std::min(options.neighbours, examples.count()), options.threads);
  const std::vector<float> weights = learn::memberships(near, options.threads);
  const learn::Force force(learn::fit_curve(options.minimum_distance, options.spread));
  const auto at = [&](std::size_t i) { return learn::Place{positions[2 * i], positions[2 * i + 1]}; };
  const auto count = static_cast<std::uint32_t>(examples.count());
  std::vector<float> result(2 * fresh.count());
  parallel_for(fresh.count(), options.threads, [&](std::size_t i) {
    const auto weight = std::span(weights).subspan(i * near.k, near.k);
    double total = 0.0, x = 0.0, y = 0.0;
    for (std::size_t j = 0; j < near.k; ++j) {
      const learn::Place other = at(near.of(i)[j]);
      total += static_cast<double>(weight[j]);
      x += static_cast<double>(weight[j]) * static_cast<double>(other.x);
      y += static_cast<double>(weight[j]) * static_cast<double>(other.y);
    }
    learn::Place place{static_cast<float>(x / total), static_cast<float>(y / total)};
    for (std::uint32_t epoch = 0; epoch < transform_epochs; ++epoch) {
      const float rate = transform_rate * (1.0f - static_cast<float>(epoch) / static_cast<float>(transform_epochs));
      learn::MomentRng rng(options.seed, 0, epoch);  // not of i: a place is the same alone as among others
      for (std::size_t j = 0; j < near.k; ++j) {
        if (!learn::pulls(learn::share_of(weight[j], 1.0f), epoch)) continue;
        force.attract(place, at(near.of(i)[j]), rate);
        for (std::size_t s = 0; s < options.negative_samples; ++s) force.repel(place, at(rng.below(count)), rate);
      }
    }
    result[2 * i] = place.x;
    result[2 * i + 1] = place.y;
  });
  return result;
}

}  // namespace soundalike
