#include "evaluate/workbench.hpp"

#include <fmt/format.h>

#include "soundalike/error.hpp"

namespace soundalike::evaluate {

std::vector<double> random_point(std::size_t knobs, Rng& rng) {
  std::vector<double> point(knobs);
  for (double& x : point) x = rng.uniform();
  return point;
}

BatchRenderer& Rendering::at(SampleRate rate, std::size_t channels, EvaluationTimes& times) {
  const bool fits = renderer_ && renderer_->setup().sample_rate == rate && renderer_->setup().channels == channels;
  if (!fits) {
    const Stopwatch watch(times, EvaluationTimes::starting);
    renderer_.reset();
    renderer_.emplace(chain_, RenderSetup{rate, channels, block_}, options_);
  }
  return *renderer_;
}

void Rendering::render(AudioView clip, std::span<const std::vector<float>> settings, const Hear& hear,
                       const std::stop_token& stop, EvaluationTimes& times) {
  BatchRenderer& renderer = at(clip.sample_rate(), clip.channels(), times);
  const Stopwatch watch(times, EvaluationTimes::renders);
  const auto id = renderer.add_clip(clip);
  std::vector<BatchRenderer::Job> jobs;
  jobs.reserve(settings.size());
  for (const auto& s : settings) jobs.push_back({id, s});
  renderer.render(jobs, hear, stop);
  renderer.remove_clip(id);
}

RenderResult Rendering::render(AudioView clip, const std::vector<float>& settings, EvaluationTimes& times) {
  RenderResult result;
  render(
      clip, std::span(&settings, 1),
      [&](std::size_t, const RenderOutcome& outcome, AudioView audio) {
        result.outcome = outcome;
        if (outcome.usable()) result.audio = AudioBuffer(audio);
      },
      {}, times);
  return result;
}

Workbench::Workbench(const Protocol& protocol, const EvaluationCase& item, const EffectLibrary& library,
                     RendererOptions renderer)
    : protocol_(protocol),
      item_(item),
      library_(library),
      renderer_options_([&] {
        renderer.workers = 1;  // pairs are what runs at once
        return renderer;
      }()),
      matcher_(item.effect, renderer_options_),
      space_(matcher_.space(protocol.match)),
      rendering_(item.effect, matcher_.block_size(), renderer_options_) {
  if (item.maker.empty()) return;
  maker_.emplace(item.maker, renderer_options_);
  maker_rendering_.emplace(item.maker, maker_->block_size(), renderer_options_);
}

std::string Workbench::make(Trial& trial, AudioView other, std::uint64_t case_seed, std::size_t pair,
                            const std::stop_token& stop) {
  Rng rng = Rng::derive(case_seed, pair);
  if (maker_) {
    const SettingsSpace space = maker_->space({});
    trial.hidden = space.expand(random_point(space.free().size(), rng));
    for (const auto& [clip, result] :
         {std::pair(AudioView(trial.input), &trial.target), std::pair(other, &trial.reference)}) {
      RenderResult made = maker_rendering_->render(clip, trial.hidden, times_);
      if (made.outcome.status != RenderStatus::ok) {
        return fmt::format("{}: {}", to_string(made.outcome.status), made.outcome.message);
      }
      *result = std::move(made.audio);
      if (stop.stop_requested()) return "stopped";
    }
  }
  // All are drawn, whatever is run: what one system gets does not depend on the others.
  for (std::size_t i = 0; i < 1 + protocol_.neighbours; ++i) {
    trial.draws.push_back(space_.expand(random_point(space_.free().size(), rng)));
  }
  trial.seed = rng();
  return "";
}

Answer Workbench::render(const Trial& trial, const std::vector<float>& settings) {
  RenderResult made = rendering_.render(trial.input, settings, times_);
  Answer answer;
  answer.settings = settings;
  answer.audio = std::move(made.audio);
  if (!made.outcome.usable()) {
    answer.failure = fmt::format("{}: {}", to_string(made.outcome.status), made.outcome.message);
  }
  return answer;
}

const std::vector<EffectListing>& Workbench::rule_chain() {
  if (rule_chain_.empty()) rule_chain_ = {library_.find("builtin:eq"), library_.find("builtin:compressor")};
  return rule_chain_;
}

Rendering& Workbench::rule_rendering() {
  if (!rule_rendering_) rule_rendering_.emplace(rule_chain(), RenderSetup{}.block_size, renderer_options_);
  return *rule_rendering_;
}

const StyleDistance& Workbench::style(const Trial& trial) {
  auto& slot = styles_[{trial.input.sample_rate().hz, trial.input.channels()}];
  if (!slot) {
    slot = make_style_distance(protocol_.match.distance, {trial.input.sample_rate(), 0.0, trial.input.channels()});
  }
  return *slot;
}

const StyleDistance::Description& Workbench::reference_style(const Trial& trial) {
  if (!reference_style_) reference_style_ = style(trial).describe(trial.reference);
  return *reference_style_;
}

const std::optional<std::vector<float>>& Workbench::prediction(const Trial& trial) {
  if (!prediction_) {
    const Stopwatch watch(times_, EvaluationTimes::networks);
    MatchOptions options = protocol_.match;
    if (options.start == Start::random || options.start == Start::profile) options.start = Start::automatic;
    prediction_ = matcher_.predict(trial.input, trial.reference, options);
  }
  return *prediction_;
}

Match Workbench::match(const Trial& trial, AudioView reference, const MatchOptions& options,
                       const std::stop_token& stop) {
  const auto began = std::chrono::steady_clock::now();
  Match found = matcher_.match(trial.input, reference, options, {}, stop);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  const MatchProfile& profile = found.profile;
  auto& spent = times_.seconds;
  spent[EvaluationTimes::networks] += profile.predict_seconds;
  spent[EvaluationTimes::search] += profile.search_seconds;
  spent[EvaluationTimes::starting] += std::max(0.0, profile.setup_seconds - profile.predict_seconds);
  spent[EvaluationTimes::renders] += std::max(0.0, seconds - profile.setup_seconds - profile.search_seconds);
  return found;
}

void Workbench::next_trial() {
  reference_style_.reset();
  prediction_.reset();
}

}  // namespace soundalike::evaluate
