#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>
#include <vector>

#include "evaluate/systems.hpp"
#include "soundalike/batch_renderer.hpp"
#include "soundalike/evaluation.hpp"
#include "soundalike/matcher.hpp"
#include "soundalike/rng.hpp"
#include "soundalike/settings_space.hpp"
#include "soundalike/style_distance.hpp"

namespace soundalike::evaluate {

/// Adds the time it lives to one part of an evaluation's times.
class Stopwatch {
 public:
  Stopwatch(EvaluationTimes& times, EvaluationTimes::Part part) : times_(times), part_(part) {}
  ~Stopwatch() { times_.seconds[part_] += std::chrono::duration<double>(Clock::now() - began_).count(); }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;

 private:
  using Clock = std::chrono::steady_clock;
  EvaluationTimes& times_;
  EvaluationTimes::Part part_;
  Clock::time_point began_ = Clock::now();
};

/// Renders clips through one chain; its worker stays as long as rate and channels do.
class Rendering {
 public:
  Rendering(std::vector<EffectListing> chain, std::size_t block, RendererOptions options)
      : chain_(std::move(chain)), block_(block), options_(std::move(options)) {}

  /// Called with each usable render and its status; never at once from several threads.
  using Hear = std::function<void(std::size_t index, const RenderOutcome& outcome, AudioView audio)>;
  void render(AudioView clip, std::span<const std::vector<float>> settings, const Hear& hear,
              const std::stop_token& stop, EvaluationTimes& times);
  RenderResult render(AudioView clip, const std::vector<float>& settings, EvaluationTimes& times);

 private:
  BatchRenderer& at(SampleRate rate, std::size_t channels, EvaluationTimes& times);

  std::vector<EffectListing> chain_;
  std::size_t block_;
  RendererOptions options_;
  std::optional<BatchRenderer> renderer_;
};

/// What systems work with on one case. For one thread, which must be the one that made it.
class Workbench {
 public:
  Workbench(const Protocol& protocol, const EvaluationCase& item, const EffectLibrary& library,
            RendererOptions renderer);

  const Protocol& protocol() const { return protocol_; }
  const EvaluationCase& item() const { return item_; }
  const SettingsSpace& space() const { return space_; }
  Matcher& matcher() { return matcher_; }
  EvaluationTimes& times() { return times_; }

  /// Makes target and reference from dry recordings with the maker's random settings, and draws what the systems will
  /// need. @return why there is none, or nothing.
  std::string make(Trial& trial, AudioView other, std::uint64_t case_seed, std::size_t pair,
                   const std::stop_token& stop);
  /// The case's effects on the trial's input.
  Answer render(const Trial& trial, const std::vector<float>& settings);
  Rendering& rendering() { return rendering_; }
  /// An equaliser and a compressor in series: the chain of the rule-based baseline.
  Rendering& rule_rendering();
  const std::vector<EffectListing>& rule_chain();
  const StyleDistance& style(const Trial& trial);
  const StyleDistance::Description& reference_style(const Trial& trial);
  /// The controller's prediction; nothing where the case has none.
  const std::optional<std::vector<float>>& prediction(const Trial& trial);
  Match match(const Trial& trial, AudioView reference, const MatchOptions& options, const std::stop_token& stop);
  /// Forget what was found out about the last trial.
  void next_trial();

 private:
  const Protocol& protocol_;
  const EvaluationCase& item_;
  const EffectLibrary& library_;
  RendererOptions renderer_options_;
  Matcher matcher_;
  SettingsSpace space_;
  std::optional<Matcher> maker_;
  Rendering rendering_;
  std::optional<Rendering> maker_rendering_, rule_rendering_;
  std::vector<EffectListing> rule_chain_;
  std::map<std::pair<double, std::size_t>, std::unique_ptr<StyleDistance>> styles_;
  std::optional<StyleDistance::Description> reference_style_;
  std::optional<std::optional<std::vector<float>>> prediction_;
  EvaluationTimes times_;
};

/// Each in [0, 1): a point of a settings space.
std::vector<double> random_point(std::size_t knobs, Rng& rng);

}  // namespace soundalike::evaluate
