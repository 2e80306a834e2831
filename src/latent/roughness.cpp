#include "latent/roughness.hpp"

#include <algorithm>
#include <cmath>

#include "soundalike/nearest.hpp"
#include "soundalike/rng.hpp"

namespace soundalike::latent {
namespace {

constexpr std::size_t neighbours = 5;
constexpr std::size_t random_pairs = 100000;
constexpr std::uint64_t pair_stream = 0x409;

double difference(Rows settings, std::span<const SettingsSpace::Knob> free, std::size_t a, std::size_t b) {
  double sum = 0.0;
  for (const auto& knob : free) {
    const auto x = static_cast<double>(settings[a][knob.parameter]),
               y = static_cast<double>(settings[b][knob.parameter]);
    const auto n = static_cast<double>(knob.categories);
    sum += knob.categories == 0 ? std::abs(x - y) : std::floor(x * n) == std::floor(y * n) ? 0.0 : 1.0;
  }
  return sum;
}

}  // namespace

double knob_roughness(Rows settings, std::span<const SettingsSpace::Knob> free, Rows picture, std::size_t threads) {
  const std::size_t n = settings.count();
  if (n < 2) return 1.0;
  const std::size_t k = std::min(neighbours, n - 1);
  const Neighbours near = nearest_among(picture, k, threads);
  double close = 0.0, far = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    for (const std::uint32_t j : near.of(i)) close += difference(settings, free, i, j);
  }
  Rng rng = Rng::derive(0, pair_stream);
  for (std::size_t i = 0; i < random_pairs; ++i) {
    const std::size_t a = rng.below(n), b = (a + 1 + rng.below(n - 1)) % n;
    far += difference(settings, free, a, b);
  }
  if (far == 0.0) return 1.0;
  return close / static_cast<double>(n * k) / (far / static_cast<double>(random_pairs));
}

}  // namespace soundalike::latent
