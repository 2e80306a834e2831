#include "soundalike/power.hpp"

#include <vector>

#include "soundalike/error.hpp"
#include "soundalike/paired_test.hpp"

namespace soundalike {

double simulated_power(const std::function<double(Rng&)>& p, const PowerOptions& options) {
  std::size_t found = 0;
  for (std::size_t i = 0; i < options.simulations; ++i) {
    Rng rng = Rng::derive(options.seed, i);
    found += p(rng) <= options.alpha;
  }
  return static_cast<double>(found) / static_cast<double>(options.simulations);
}

double wilcoxon_power(std::span<const double> pilot, std::size_t count, const PowerOptions& options) {
  if (pilot.empty()) throw Error(ErrorCode::invalid_argument, "cannot tell the power from a pilot without subjects");
  std::vector<double> drawn(count);
  return simulated_power(
      [&](Rng& rng) {
        for (double& d : drawn) d = pilot[rng.below(pilot.size())];
        return wilcoxon_signed_rank(drawn).p;
      },
      options);
}

}  // namespace soundalike
