#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace soundalike {

/// A knob as a gradient sees it.
struct GradientKnob {
  bool moves = true;    ///< false: never perturbed, its gradient is 0 (rough knobs, categories)
  double step = 0.01;   ///< half-width of the difference, > 0; larger: less noise from a rough sound, more bias
  double lowest = 0.0;  ///< no probe goes below, within [0, 1]
  double highest = 1.0;
};

struct GradientOptions {
  std::vector<GradientKnob> knobs;
  std::size_t perturbations = 1;  ///< of spsa, per example and step; more: less error, in proportion to 1 / sqrt
  std::uint64_t seed = 0;
};

/// A place at which a function of the settings is to be evaluated.
struct GradientExample {
  std::span<const float> settings;  ///< [knobs]; read during the call only
  std::uint64_t id = 0;             ///< random signs follow (seed, step, id), whatever stands beside it in the batch
};

/// One evaluation: where, and what a unit of its cost adds to the gradient.
struct GradientProbe {
  std::size_t example = 0;      ///< index into the batch
  std::vector<float> settings;  ///< [knobs]
  std::vector<float> weights;   ///< [knobs]
};

/// Gradients of functions that can only be evaluated, such as a loss behind an audio plugin.
///
/// Every estimate is a weighted sum of costs at some probes around the place, so an estimator is a plan of probes. All
/// probes of a batch go out in one call, and each cost may be reduced to a number the moment its render arrives:
///
///   auto spsa = make_gradient_estimator("spsa", {.knobs = knobs, .perturbations = 4, .seed = 1});
///   auto gradients = estimate_gradients(*spsa, examples, step, [&](auto probes, std::span<double> costs) {
///     for (const auto& probe : probes) jobs.push_back({clips[probe.example], probe.settings});
///     renderer.render(jobs, [&](std::size_t job, const RenderOutcome& outcome, AudioView audio) {
///       if (outcome.usable()) costs[job] = project(upstream[probes[job].example], audio.channel(0));
///     });
///   });
///
/// Here `upstream` is the gradient of a loss with respect to the example's forward render, so the result is the
/// vector-Jacobian product: with that forward render an example costs 1 + evaluations_per_example() renders. A cost may
/// as well be a loss itself. Costs must repeat (common random numbers): where a function draws random numbers, they may
/// depend on the example, not on the probe.
///
/// Differences are divided by the step really taken, so that they are unbiased at the borders too. Within a step of one
/// they lie to one side, and what is estimated is the slope in their middle, at most half a step away.
class GradientEstimator {
 public:
  virtual ~GradientEstimator() = default;
  virtual const std::vector<GradientKnob>& knobs() const = 0;
  /// Probes of one example; probes() gives exactly as many for each.
  virtual std::size_t evaluations_per_example() const = 0;
  /// Example after example. The same for the same seed, step, ids and settings. Safe from many threads.
  /// @throws Error invalid_argument for another number of settings, or one that is not finite.
  virtual std::vector<GradientProbe> probes(std::span<const GradientExample> batch, std::uint64_t step) const = 0;
};

struct GradientMethod {
  std::string_view name;
  std::string_view summary;
  std::unique_ptr<GradientEstimator> (*make)(const GradientOptions& options);
};
/// One row per method.
///
/// "spsa": simultaneous perturbation (Spall 1992, eq. 2.2): all knobs move at once by plus or minus their step, signs
/// drawn at random; 2 n evaluations for n perturbations. With P knobs of one step the root mean square error is |g|
/// sqrt((P - 1) / n). No pair is drawn twice, so n is cut to the 2^(P-1) that exist, which together give a linear
/// function's exact gradient.
///
/// "central": central differences, one knob at a time; 2 evaluations per moving knob.
std::span<const GradientMethod> gradient_methods();

/// @throws Error invalid_argument for an unknown name, naming all; for no perturbations; for a step that is not above 0
///         or bounds outside [0, 1], naming the knob.
std::unique_ptr<GradientEstimator> make_gradient_estimator(std::string_view name, const GradientOptions& options);

/// Fills in one cost per probe, in any order, from any number of threads. A cost left alone is NaN: it failed.
using GradientCosts = std::function<void(std::span<const GradientProbe> probes, std::span<double> costs)>;

struct Gradients {
  std::size_t knobs = 0;
  std::vector<float> values;        ///< [examples x knobs]
  std::vector<std::size_t> failed;  ///< examples with a cost that was not finite; their gradient is 0
  std::span<const float> of(std::size_t example) const { return std::span(values).subspan(example * knobs, knobs); }
};

/// All probes of all examples in one call of `costs`, which is not called when there are none.
/// @throws Error as GradientEstimator::probes(); whatever `costs` throws.
Gradients estimate_gradients(const GradientEstimator& estimator, std::span<const GradientExample> batch,
                             std::uint64_t step, const GradientCosts& costs);

/// The sum of upstream[i] * output[i], in double and in a fixed order, so that the difference of two nearly equal
/// renders keeps its digits. @throws Error invalid_argument for spans of different length.
double project(std::span<const float> upstream, std::span<const float> output);

}  // namespace soundalike
