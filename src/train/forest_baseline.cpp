#include "train/forest_baseline.hpp"

#include <cmath>

#include "soundalike/forest.hpp"

namespace soundalike::training {
namespace {

// Of the first examples.
std::vector<float> differences(const Examples& examples, std::size_t count) {
  std::vector<float> out;
  out.reserve(count * examples.embedding);
  for (std::size_t i = 0; i < count; ++i) {
    const auto reference = examples.reference_of(i), input = examples.input_of(i);
    for (std::size_t k = 0; k < examples.embedding; ++k) out.push_back(reference[k] - input[k]);
  }
  return out;
}

}  // namespace

std::vector<float> forest_settings(const Examples& known, const Examples& asked, const SettingsSpace& space,
                                   std::size_t trees, std::size_t threads, std::uint64_t seed) {
  const std::vector<float> features = differences(known, known.known);
  const Forest forest = Forest::fit({.features = features,
                                     .targets = std::span(known.settings).first(known.known * known.knobs),
                                     .count = known.known},
                                    {.trees = trees, .minimum_leaf = 3, .seed = seed, .threads = threads});
  const std::vector<float> questions = differences(asked, asked.size());
  std::vector<float> out;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const auto said = forest.predict(std::span(questions).subspan(i * asked.embedding, asked.embedding));
    for (std::size_t k = 0; k < said.size(); ++k) {
      const auto count = static_cast<float>(space.free()[k].categories);
      out.push_back(count > 0 ? (std::floor(std::min(said[k] * count, count - 1.0f)) + 0.5f) / count : said[k]);
    }
  }
  return out;
}

}  // namespace soundalike::training
