#include "train/controller_trainees.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "soundalike/error.hpp"
#include "soundalike/render_groups.hpp"
#include "soundalike/rng.hpp"
#include "train/hedging.hpp"

namespace soundalike::training {
namespace {

constexpr std::uint64_t draw_stream = 0x64726177;

// The first example whose loss is not finite.
std::string broken_one(const ControllerRoom& room, const torch::Tensor& each, const std::vector<std::int64_t>& picked) {
  const torch::Tensor losses = each.detach().cpu();
  for (std::int64_t i = 0; i < losses.size(0); ++i) {
    if (!std::isfinite(losses[i].item<float>())) return room.name(picked[static_cast<std::size_t>(i)]);
  }
  return {};
}

}  // namespace

std::vector<KnobPrediction> ControllerRoom::judged_predictions() const {
  const torch::NoGradGuard no_grad;
  const ControllerOutput output = hearing.forward(judge_inputs.to(device));
  const torch::Tensor means = output.settings.cpu().contiguous();
  const torch::Tensor spreads = (0.5 * output.log_variance).exp().cpu().contiguous();
  const auto n = static_cast<std::size_t>(means.size(0)), knobs = static_cast<std::size_t>(means.size(1));
  std::vector<KnobPrediction> said(n * knobs);
  for (std::size_t i = 0; i < said.size(); ++i) {
    said[i].setting = means.data_ptr<float>()[i];
    said[i].spread = spreads.data_ptr<float>()[i];
  }
  for (std::size_t k = 0; k < knobs; ++k) {
    if (!output.logits[k].defined()) continue;
    const torch::Tensor shares = output.logits[k].softmax(1).cpu().contiguous();
    const auto parts = static_cast<std::size_t>(shares.size(1));
    for (std::size_t i = 0; i < n; ++i) {
      const float* row = shares.data_ptr<float>() + i * parts;
      said[i * knobs + k].probabilities.assign(row, row + parts);
    }
  }
  return said;
}

MeansOrGuesses ControllerRoom::judged() const {
  return means_or_guesses(network.effects(), judged_predictions(), judge);
}

ValidationReport ControllerRoom::report(const MeansOrGuesses& judged) const {
  ValidationReport report{judged.loss, {{"dry", judge.dry_loss()}}};
  double mean_error = 0.0;
  const auto scores = judge.knob_scores(judged.settings);
  for (const auto& score : scores) {
    report.terms["error/" + score.knob] = score.error;
    report.terms["bias/" + score.knob] = score.bias;
    if (std::isfinite(score.correlation)) report.terms["correlation/" + score.knob] = score.correlation;
    mean_error += score.error / static_cast<double>(scores.size());
  }
  report.terms["error"] = mean_error;
  return report;
}

std::vector<std::int64_t> ControllerRoom::draw(std::uint64_t seed, std::size_t step, std::size_t n,
                                               std::size_t among) const {
  Rng rng = Rng::derive(seed, draw_stream, step);
  std::vector<std::int64_t> picked(n);
  for (auto& i : picked) i = static_cast<std::int64_t>(rng.below(among));
  return picked;
}

torch::Tensor ControllerRoom::inputs_of(const std::vector<std::int64_t>& picked) const {
  return inputs.rows(picked).to(device);
}

torch::Tensor ControllerRoom::settings_of(const std::vector<std::int64_t>& picked) const {
  return settings.index_select(0, torch::tensor(picked, torch::kLong)).to(device);
}

const ClipPair& ControllerRoom::clip_of(std::int64_t example) const {
  return clips[examples.clip[static_cast<std::size_t>(example)]];
}

std::string ControllerRoom::name(std::int64_t example) const { return clip_of(example).name; }

StepReport SettingsTrainee::step(const TrainingStep& at) {
  const auto picked = room_.draw(at.seed, at.step, batch_, room_.examples.known);
  const torch::Tensor each = room_.hearing.loss(room_.inputs_of(picked), room_.settings_of(picked));
  const torch::Tensor loss = each.mean();
  loss.backward();
  return {loss.item<double>(), {}, broken_one(room_, each, picked)};
}

SoundTrainee::SoundTrainee(const ControllerRoom& room, Rigs& rigs, const SettingsSpace& space, const RenderLoss& loss,
                           const ControllerTrainingOptions& options)
    : room_(room), rigs_(rigs), space_(space), loss_(loss), options_(options) {
  std::size_t first = 0;  // parameter of the effect at hand
  std::size_t effect = 0;
  for (const auto& knob : space.free()) {
    while (knob.parameter >= first + rigs.chain()[effect].parameters.size()) {
      first += rigs.chain()[effect++].parameters.size();
    }
    const std::string& id = rigs.chain()[effect].parameters[knob.parameter - first].id;
    const auto& profile = rigs.profiles()[effect].knobs;
    const auto entry = profile.find(id);
    const bool rough = entry != profile.end() && entry->second.klass == KnobClass::rough;
    const bool moves = knob.categories == 0 && (!rough || options.rough_gradients);
    moves_.push_back(moves);
    knob_steps_.push_back(knob.step);
    settings_weights_.push_back(moves ? 0.0f : 1.0f);
  }
}

std::unique_ptr<GradientEstimator> SoundTrainee::estimator(const TrainingStep& at) const {
  GradientOptions how{.knobs = {}, .perturbations = options_.perturbations, .seed = at.seed};
  const double scale = options_.gradient_step.at(at.step, at.steps);
  for (std::size_t k = 0; k < moves_.size(); ++k) {
    const auto& knob = space_.free()[k];
    const double widest = 0.5 * (knob.high - knob.low);
    const double step = std::min(options_.fixed_step.value_or(knob_steps_[k] * scale), widest);
    how.knobs.push_back({moves_[k] && widest > 0.0, std::max(step, 1e-6), knob.low, knob.high});
  }
  return make_gradient_estimator(options_.gradient, how);
}

RenderJob SoundTrainee::job(std::int64_t example, std::span<const float> free) const {
  const auto i = static_cast<std::size_t>(example);
  return {&room_.clip_of(example), room_.examples.input[i], full_settings(space_, free)};
}

void SoundTrainee::compare(std::span<const std::int64_t> picked, std::span<const GradientProbe> probes,
                           std::span<double> costs, const std::stop_token& stop) {
  // The prediction itself is not rendered: its loss is the mean of those around it.
  const std::size_t each = probes.size() / picked.size();
  std::vector<RenderJob> jobs;
  std::vector<std::size_t> sizes;
  for (std::size_t i = 0; i < picked.size(); ++i) {
    const std::size_t before = jobs.size();
    const auto example = static_cast<std::size_t>(picked[i]);
    if (example < room_.examples.known) jobs.push_back(job(picked[i], room_.examples.settings_of(example)));
    for (const auto& probe : probes.subspan(i * each, each)) jobs.push_back(job(picked[i], probe.settings));
    sizes.push_back(jobs.size() - before);
  }
  RenderGroups groups(sizes, [&](std::size_t i, std::span<const RenderResult> renders) {
    AudioBuffer clean;
    const bool known = renders.size() > each;
    if (!known)
      clean = input_heard(room_.clip_of(picked[i]), room_.examples.input[static_cast<std::size_t>(picked[i])]);
    if (known && renders.front().outcome.status != RenderStatus::ok) return;
    const AudioView target = known ? renders.front().audio : clean;
    renders = renders.last(each);
    std::vector<std::size_t> heard;
    std::vector<AudioView> audio;
    for (std::size_t k = 0; k < each; ++k) {
      if (!renders[k].outcome.usable()) continue;
      heard.push_back(i * each + k);
      audio.push_back(renders[k].audio);
    }
    const auto losses = loss_.of(audio, target);
    for (std::size_t k = 0; k < heard.size(); ++k) costs[heard[k]] = losses[k];
  });
  render_inputs(rigs_, jobs, groups.consumer(), stop);
}

StepReport SoundTrainee::step(const TrainingStep& at) {
  const std::size_t n = options_.finish_batch;
  const auto picked = room_.draw(at.seed, at.step, n, room_.examples.size());
  const auto output = room_.hearing.forward(room_.inputs_of(picked));
  const torch::Tensor said = output.settings.detach().cpu().contiguous();  // [n, knobs]
  const std::size_t knobs = moves_.size();
  std::vector<GradientExample> examples;
  for (std::size_t i = 0; i < n; ++i) {
    examples.push_back({std::span(said.data_ptr<float>() + i * knobs, knobs), static_cast<std::uint64_t>(i)});
  }
  std::vector<double> losses;  // of the probes that rendered
  const auto estimate = estimator(at);
  const auto costs_of = [&](std::span<const GradientProbe> probes, std::span<double> costs) {
    compare(picked, probes, costs, at.stop);
    std::ranges::copy_if(costs, std::back_inserter(losses), [](double cost) { return std::isfinite(cost); });
  };
  const Gradients gradients = estimate_gradients(*estimate, examples, at.step, costs_of);
  if (at.stop.stop_requested()) return {};

  const torch::Tensor gradient =
      torch::from_blob(const_cast<float*>(gradients.values.data()),  // only read
                       {static_cast<std::int64_t>(n), static_cast<std::int64_t>(knobs)}, torch::kFloat)
          .to(room_.device);
  const torch::Tensor through_plugin = (output.settings * gradient).sum(1);
  // Settings are known of all examples and cost no render, so many more keep the probabilities and rough knobs right
  // while what they share with the means moves.
  const std::size_t count = room_.hearing.learns() ? n : options_.regression_batch;
  const auto others = room_.draw(~at.seed, at.step, count, room_.examples.known);
  const torch::Tensor known = room_.hearing.loss(room_.inputs_of(others), room_.settings_of(others), settings_weights_);
  (through_plugin.mean() + options_.settings_weight * known.mean()).backward();

  StepReport report;
  for (const double loss : losses) report.loss += loss / static_cast<double>(losses.size());
  without_gradient_ += gradients.failed.size();
  report.terms["failed"] = static_cast<double>(gradients.failed.size());
  report.terms["settings_loss"] = known.mean().item<double>();
  report.broken = broken_one(room_, through_plugin, picked);
  if (report.broken.empty()) report.broken = broken_one(room_, known, others);
  return report;
}

void SoundTrainee::log(EventFile& events, std::int64_t step) {
  room_.judge.log(events, step, judged_.settings, 2);  // always follows a validation
}

}  // namespace soundalike::training
