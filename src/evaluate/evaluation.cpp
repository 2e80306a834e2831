#include "soundalike/evaluation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "soundalike/decibels.hpp"
#include "soundalike/error.hpp"
#include "soundalike/level.hpp"
#include "soundalike/mrstft.hpp"
#include "soundalike/rng.hpp"
#include "soundalike/style_distance.hpp"

namespace soundalike {
namespace {

AudioBuffer scaled(AudioView audio, double gain) {
  AudioBuffer result(audio);
  for (float& x : result.samples()) x *= static_cast<float>(gain);
  return result;
}

std::vector<double> random_point(std::size_t knobs, Rng& rng) {
  std::vector<double> point(knobs);
  for (double& x : point) x = rng.uniform();
  return point;
}

// Renders one clip with several settings. `hear` is called with each sounding render, from several threads.
std::vector<RenderResult> render_all(BatchRenderer& renderer, AudioView clip,
                                     const std::vector<std::vector<float>>& settings, const std::stop_token& stop,
                                     const std::function<void(std::size_t, AudioView)>& hear = {}) {
  const auto id = renderer.add_clip(clip);
  std::vector<BatchRenderer::Job> jobs;
  jobs.reserve(settings.size());
  for (const auto& s : settings) jobs.push_back({id, s});
  std::vector<RenderResult> results(settings.size());
  renderer.render(
      jobs,
      [&](std::size_t job, const RenderOutcome& outcome, AudioView audio) {
        results[job].outcome = outcome;
        if (outcome.usable()) results[job].audio = AudioBuffer(audio);
        if (hear && outcome.status == RenderStatus::ok) hear(job, audio);
      },
      stop);
  renderer.remove_clip(id);
  return results;
}

// One pair of one case: the halves, what the maker made of them, and how each system does.
class PairTrial {
 public:
  PairTrial(AudioView input, AudioView reference, AudioView target, const EvaluationOptions& options)
      : input_(input), reference_(reference), target_(target), options_(options) {
    style_ = make_style_distance(options.match.distance, {input.sample_rate(), 0.0, input.channels()});
    described_reference_ = style_->describe(reference);
  }

  double distance(AudioView output) const { return style_->distance(style_->describe(output), described_reference_); }

  Score score(System system, AudioView output) const {
    Score score;
    score.system = system;
    const double level = rms(output);
    const AudioBuffer matched = scaled(output, level > 0.0 ? rms(target_) / level : 1.0);
    score.mrstft = mrstft(matched, target_, MrstftOptions::auraloss());
    score.mrstft_raw = mrstft(output, target_, MrstftOptions::auraloss());
    score.mrstft_original = mrstft(matched, target_, MrstftOptions::original());
    score.distance = distance(output);
    return score;
  }

  // The oracle searches as without a controller, which knows nothing of a target with the input's own content.
  MatchOptions options_of(System system, std::uint64_t seed) const {
    MatchOptions result = options_.match;
    result.seed = seed;
    if (system == System::refined) {
      result.budget = options_.refining_renders;
      result.start = Start::predict;
    }
    if (system == System::oracle) {
      result.start = Start::profile;
      result.refine = true;
      result.controller.reset();
    }
    return result;
  }

  Match match(System system, Matcher& matcher, std::uint64_t seed, const std::stop_token& stop) const {
    return matcher.match(input_, system == System::oracle ? target_ : reference_, options_of(system, seed), {}, stop);
  }

  Score score_match(System system, const Match& match, BatchRenderer& renderer) const {
    const bool oracle = system == System::oracle;
    // Who knows the truth need not hedge: the oracle takes the nearest.
    if (oracle ? match.nearest_distance >= match.distance_before : match.kept_dry) {
      Score result = score(system, input_);
      result.kept_dry = true;
      return result;
    }
    return score_settings(system, oracle ? match.nearest_settings : match.settings, renderer);
  }

  Score score_settings(System system, const std::vector<float>& settings, BatchRenderer& renderer) const {
    const auto output = render_all(renderer, input_, {settings}, {});
    return score(system, output.front().outcome.usable() ? AudioView(output.front().audio) : input_);
  }

 private:
  AudioView input_, reference_, target_;
  const EvaluationOptions& options_;
  std::unique_ptr<StyleDistance> style_;
  StyleDistance::Description described_reference_;
};

class CaseRunner {
 public:
  CaseRunner(const EvaluationCase& item, const EvaluationOptions& options)
      : options_(options),
        matcher_({item.effect}, options.renderer),
        space_(matcher_.space(options.match)),
        maker_(item.maker),
        maker_profile_(find_profile(maker_)),
        maker_space_(std::span(&maker_, 1), std::span(&maker_profile_, 1)) {}

  struct Result {
    std::vector<Score> scores;
    std::vector<KnobScore> knobs;
  };

  // What one pair gives; no scores when the maker gave no usable reference and target.
  Result run(const StylePair& pair, std::uint64_t case_seed, std::size_t index, const std::stop_token& stop) {
    const SampleRate rate = pair.input.sample_rate();
    const std::size_t channels = pair.input.channels();
    const double wanted_db = options_.match.input_lufs - measure_lufs(pair.input);
    const double peak = std::max(measure_levels(pair.input).true_peak_db, measure_levels(pair.reference).true_peak_db);
    const double gain = from_db(guard_gain_db(peak, wanted_db));
    const AudioBuffer input = scaled(pair.input, gain);
    const AudioBuffer other = scaled(pair.reference, gain);

    Rng rng = Rng::derive(case_seed, index);
    BatchRenderer& maker = renderer(maker_renderer_, maker_, maker_profile_.block_size, rate, channels);
    BatchRenderer& same = renderer(renderer_, matcher_.chain().front(), matcher_.block_size(), rate, channels);
    const auto hidden = maker_space_.expand(random_point(maker_space_.free().size(), rng));
    const auto target = render_all(maker, input, {hidden}, stop);
    const auto reference = render_all(maker, other, {hidden}, stop);
    if (target.front().outcome.status != RenderStatus::ok || reference.front().outcome.status != RenderStatus::ok)
      return {};

    const PairTrial trial(input, reference.front().audio, target.front().audio, options_);
    Result result;
    std::vector<Score>& scores = result.scores;
    const auto wanted = [&](System system) {
      return std::ranges::find(options_.systems, system) != options_.systems.end();
    };
    if (wanted(System::dry)) scores.push_back(trial.score(System::dry, input));
    // All points are drawn, whatever is rendered: what one system gets does not depend on the others.
    std::vector<std::vector<float>> settings{space_.base()};
    for (std::size_t i = 0; i < 1 + options_.neighbours; ++i) {
      settings.push_back(space_.expand(random_point(space_.free().size(), rng)));
    }
    if (wanted(System::preset)) scores.push_back(trial.score_settings(System::preset, settings[0], same));
    if (wanted(System::middle)) {
      const auto middle = space_.expand(std::vector<double>(space_.free().size(), 0.5));
      scores.push_back(trial.score_settings(System::middle, middle, same));
    }
    if (wanted(System::random)) scores.push_back(trial.score_settings(System::random, settings[1], same));
    if (wanted(System::neighbour)) {
      settings.erase(settings.begin(), settings.begin() + 2);
      std::vector<double> distances(settings.size(), std::numeric_limits<double>::infinity());
      const auto renders = render_all(same, input, settings, stop,
                                      [&](std::size_t i, AudioView audio) { distances[i] = trial.distance(audio); });
      if (stop.stop_requested()) return {};
      const auto& nearest = renders[static_cast<std::size_t>(std::ranges::min_element(distances) - distances.begin())];
      scores.push_back(
          trial.score(System::neighbour, nearest.outcome.usable() ? AudioView(nearest.audio) : AudioView(input)));
    }
    const std::uint64_t seed = rng();
    std::optional<std::vector<float>> predicted;
    if (wanted(System::predict) || wanted(System::refined)) {
      MatchOptions predicting = options_.match;
      if (predicting.start == Start::random || predicting.start == Start::profile) predicting.start = Start::automatic;
      predicted = matcher_.predict(input, reference.front().audio, predicting);
    }
    if (predicted && wanted(System::predict)) scores.push_back(trial.score_settings(System::predict, *predicted, same));
    std::optional<Match> found;
    for (const System system : {System::refined, System::soundalike, System::oracle}) {
      if (!wanted(system) || (system == System::refined && !predicted)) continue;
      const Match match = trial.match(system, matcher_, seed, stop);
      if (stop.stop_requested()) return {};
      scores.push_back(trial.score_match(system, match, same));
      if (system == System::soundalike) found = match;
    }
    if (maker_.info.id == matcher_.chain().front().info.id && (found || predicted)) {
      for (const auto& knob : space_.free()) {
        const auto in_range = [&](const std::vector<float>& at) {
          const double setting = at[knob.parameter];
          return knob.categories > 0 ? setting : (setting - knob.low) / (static_cast<double>(knob.high) - knob.low);
        };
        KnobScore& score = result.knobs.emplace_back();
        score.pair = index;
        score.parameter = space_.parameters()[knob.parameter].id;
        score.truth = in_range(hidden);
        if (predicted) score.predicted = in_range(*predicted);
        if (found) score.matched = in_range(found->settings);
      }
    }
    for (Score& score : scores) {
      score.pair = index;
      score.recording = pair.file.filename().string();
    }
    return result;
  }

 private:
  BatchRenderer& renderer(std::optional<BatchRenderer>& slot, const EffectListing& listing, std::size_t block,
                          SampleRate rate, std::size_t channels) const {
    const bool fits = slot && slot->setup().sample_rate == rate && slot->setup().channels == channels;
    if (!fits) {
      slot.reset();
      slot.emplace(std::vector{listing}, RenderSetup{rate, channels, block}, options_.renderer);
    }
    return *slot;
  }

  const EvaluationOptions& options_;
  Matcher matcher_;
  SettingsSpace space_;
  EffectListing maker_;
  Profile maker_profile_;
  SettingsSpace maker_space_;
  std::optional<BatchRenderer> renderer_;
  std::optional<BatchRenderer> maker_renderer_;
};

}  // namespace

Evaluation evaluate_matching(const Corpus& corpus, std::vector<EvaluationCase> cases, const EvaluationOptions& options,
                             const Progress& progress, const std::stop_token& stop) {
  Evaluation result;
  result.options = options;
  StylePairOptions pair_options;
  pair_options.count = options.pairs;
  pair_options.seed = options.seed;
  pair_options.halves.minimum_seconds = options.minimum_seconds;
  pair_options.maximum_seconds = options.maximum_seconds;
  const auto pairs = style_pairs(corpus, options.split, pair_options);
  // Workers are made for one rate and channel count: visit the pairs grouped by them.
  std::vector<std::size_t> order(pairs.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::stable_sort(
      order, {}, [&](std::size_t i) { return std::pair(pairs[i].input.sample_rate().hz, pairs[i].input.channels()); });

  for (std::size_t c = 0; c < cases.size() && !stop.stop_requested(); ++c) {
    CaseRunner runner(cases[c], options);
    const std::uint64_t case_seed = Rng::derive(options.seed, c)();
    std::size_t done = 0;
    for (const std::size_t index : order) {
      if (stop.stop_requested()) break;
      auto found = runner.run(pairs[index], case_seed, index, stop);
      if (found.scores.empty() && !stop.stop_requested()) ++result.skipped_pairs;
      for (Score& score : found.scores) {
        score.item = c;
        result.scores.push_back(std::move(score));
      }
      for (KnobScore& knob : found.knobs) {
        knob.item = c;
        result.knobs.push_back(std::move(knob));
      }
      ++done;
      if (progress) {
        progress({"evaluating", c * pairs.size() + done, cases.size() * pairs.size(), cases[c].effect.info.name});
      }
    }
  }
  result.stopped = stop.stop_requested();
  result.cases = std::move(cases);
  std::ranges::stable_sort(result.scores, {}, [](const Score& s) { return std::tuple(s.item, s.pair, s.system); });
  std::ranges::stable_sort(result.knobs, {}, [](const KnobScore& k) { return std::pair(k.item, k.pair); });
  return result;
}

}  // namespace soundalike
