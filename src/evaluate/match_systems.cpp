// Systems that are the program itself, with more or less of it.
#include "evaluate/systems.hpp"
#include "evaluate/workbench.hpp"

namespace soundalike::evaluate {
namespace {

Answer predict(Workbench& bench, const Trial& trial, const std::stop_token&) {
  const auto& predicted = bench.prediction(trial);
  if (!predicted) return {{}, {}, false, "", true};
  return bench.render(trial, *predicted);
}

// The settings that a match found are an answer to the question for settings, also where it kept the dry signal.
Answer answer_of(Workbench& bench, const Trial& trial, const Match& match) {
  if (match.kept_dry) return {trial.input, match.settings, true, "", false};
  return bench.render(trial, match.settings);
}

MatchOptions options_of(const Workbench& bench, const Trial& trial) {
  MatchOptions options = bench.protocol().match;
  options.seed = trial.seed;
  return options;
}

Answer refined(Workbench& bench, const Trial& trial, const std::stop_token& stop) {
  if (!bench.prediction(trial)) return {{}, {}, false, "", true};
  MatchOptions options = options_of(bench, trial);
  options.budget = bench.protocol().refining_renders;
  options.start = Start::predict;
  return answer_of(bench, trial, bench.match(trial, trial.reference, options, stop));
}

Answer soundalike(Workbench& bench, const Trial& trial, const std::stop_token& stop) {
  return answer_of(bench, trial, bench.match(trial, trial.reference, options_of(bench, trial), stop));
}

Answer search(Workbench& bench, const Trial& trial, const std::stop_token& stop) {
  MatchOptions options = options_of(bench, trial);
  options.start = Start::random;
  options.controller.reset();
  return answer_of(bench, trial, bench.match(trial, trial.reference, options, stop));
}

// It searches as without a controller, which knows nothing of a target with the input's own content. Who knows the
// truth need not hedge: it takes the nearest.
Answer oracle(Workbench& bench, const Trial& trial, const std::stop_token& stop) {
  MatchOptions options = options_of(bench, trial);
  options.start = Start::profile;
  options.refine = true;
  options.controller.reset();
  const Match match = bench.match(trial, trial.target, options, stop);
  if (match.nearest_distance >= match.distance_before) return {trial.input, {}, true, "", false};
  return bench.render(trial, match.nearest_settings);
}

}  // namespace

constexpr System predict_system{"predict", "what the controller predicts, as it is: no render", predict};
constexpr System refined_system{"refined", "a match from the prediction with few renders", refined};
constexpr System search_system{"search", "a match that searches everywhere, without any controller", search};
constexpr System soundalike_system{"soundalike", "a match as the protocol's options say", soundalike};
constexpr System oracle_system{"oracle", "the nearest of such a search that is told the true target", oracle};

}  // namespace soundalike::evaluate
