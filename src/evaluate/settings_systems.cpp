// Baselines that need neither search nor network.
#include <algorithm>
#include <limits>

#include "evaluate/systems.hpp"
#include "evaluate/workbench.hpp"
#include "soundalike/error.hpp"

namespace soundalike::evaluate {
namespace {

Answer keep_dry(Workbench&, const Trial& trial, const std::stop_token&) { return {trial.input, {}, true, "", false}; }

Answer preset(Workbench& bench, const Trial& trial, const std::stop_token&) {
  return bench.render(trial, bench.space().base());
}

Answer middle(Workbench& bench, const Trial& trial, const std::stop_token&) {
  return bench.render(trial, bench.space().expand(std::vector<double>(bench.space().free().size(), 0.5)));
}

Answer random(Workbench& bench, const Trial& trial, const std::stop_token&) {
  return bench.render(trial, trial.draws.front());
}

Answer neighbour(Workbench& bench, const Trial& trial, const std::stop_token& stop) {
  const std::span drawn = std::span(trial.draws).subspan(1);
  const StyleDistance& style = bench.style(trial);
  const auto& wanted = bench.reference_style(trial);
  std::vector<double> distances(drawn.size(), std::numeric_limits<double>::infinity());
  bench.rendering().render(
      trial.input, drawn,
      [&](std::size_t i, const RenderOutcome& outcome, AudioView audio) {
        if (outcome.status == RenderStatus::ok) distances[i] = style.distance(style.describe(audio), wanted);
      },
      stop, bench.times());
  const auto nearest = std::ranges::min_element(distances);
  if (*nearest == std::numeric_limits<double>::infinity()) {
    throw Error(ErrorCode::plugin_failed, "none of the random renders gave sound");
  }
  return bench.render(trial, drawn[static_cast<std::size_t>(nearest - distances.begin())]);
}

}  // namespace

constexpr System dry_system{"dry", "do nothing", keep_dry};
constexpr System preset_system{"preset", "the effect at its default settings", preset};
constexpr System middle_system{"middle", "the mean of all settings: every free knob in the middle of its range",
                               middle};
constexpr System random_system{"random", "one random setting", random};
constexpr System neighbour_system{"neighbour", "the nearest to the reference, in style, among random renders",
                                  neighbour};

}  // namespace soundalike::evaluate
