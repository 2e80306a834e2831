#include "train/judge.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "soundalike/error.hpp"

namespace soundalike::training {

std::vector<float> full_settings(const SettingsSpace& space, std::span<const float> free) {
  std::vector<float> settings = space.base();
  for (std::size_t k = 0; k < free.size(); ++k) settings[space.free()[k].parameter] = free[k];
  return settings;
}

Judge::Judge(const std::vector<ClipPair>& clips, const Examples& examples, Rigs& rigs, const SettingsSpace& space,
             const RenderLoss& loss, const std::stop_token& stop)
    : clips_(clips), examples_(examples), rigs_(rigs), space_(space), loss_(loss), stop_(stop) {
  std::vector<RenderJob> jobs;
  for (std::size_t i = 0; i < examples.known; ++i) {
    jobs.push_back({&clips[examples.clip[i]], examples.input[i], full(examples.settings_of(i))});
  }
  std::vector<AudioBuffer> audio(examples.size());
  std::vector<double> dry(examples.size());
  render_inputs(
      rigs, jobs,
      [&](std::size_t job, const RenderOutcome& outcome, AudioView render) {
        if (outcome.status != RenderStatus::ok) return;
        audio[job] = AudioBuffer(render);
        dry[job] = loss_.of(input_of(job), render);
      },
      stop);
  for (std::size_t i = examples.known; i < examples.size(); ++i) audio[i] = input_of(i);
  for (std::size_t i = 0; i < examples.size(); ++i) {
    if (audio[i].frames() == 0) continue;
    judged_.push_back(i);
    targets_.push_back(std::move(audio[i]));
    dry_losses_.push_back(dry[i]);
  }
  if (stop.stop_requested()) throw Error(ErrorCode::cancelled, "stopped while rendering validation examples");
  if (judged_.empty()) throw Error(ErrorCode::plugin_failed, "cannot train: no validation example rendered");
  dry_ = std::accumulate(dry_losses_.begin(), dry_losses_.end(), 0.0) / static_cast<double>(judged_.size());
}

AudioBuffer Judge::input_of(std::size_t example) const {
  return input_heard(clips_[examples_.clip[example]], examples_.input[example]);
}

std::vector<float> Judge::full(std::span<const float> free) const { return full_settings(space_, free); }

std::vector<double> Judge::losses(std::span<const float> settings) const {
  std::vector<RenderJob> jobs;
  for (const std::size_t i : judged_) {
    jobs.push_back(
        {&clips_[examples_.clip[i]], examples_.input[i], full(settings.subspan(i * examples_.knobs, examples_.knobs))});
  }
  std::vector<double> losses = dry_losses_;
  render_inputs(
      rigs_, jobs,
      [&](std::size_t job, const RenderOutcome& outcome, AudioView render) {
        if (outcome.usable()) losses[job] = loss_.of(render, targets_[job]);
      },
      stop_);
  if (stop_.stop_requested()) throw Error(ErrorCode::cancelled, "stopped while rendering predictions");
  return losses;
}

double Judge::mean_loss(std::span<const float> settings) const {
  const auto each = losses(settings);
  return std::accumulate(each.begin(), each.end(), 0.0) / static_cast<double>(each.size());
}

std::vector<KnobScore> Judge::knob_scores(std::span<const float> settings) const {
  std::vector<KnobScore> scores;
  const std::size_t knobs = examples_.knobs;
  const auto n = static_cast<double>(examples_.known);
  for (std::size_t k = 0; k < knobs; ++k) {
    double mean_true = 0.0;
    double mean_said = 0.0;
    for (std::size_t i = 0; i < examples_.known; ++i) {
      mean_true += examples_.settings[i * knobs + k] / n;
      mean_said += settings[i * knobs + k] / n;
    }
    KnobScore score;
    score.bias = mean_said - mean_true;
    score.knob = space_.parameters()[space_.free()[k].parameter].id;
    double both = 0.0;
    double variance_true = 0.0;
    double variance_said = 0.0;
    for (std::size_t i = 0; i < examples_.known; ++i) {
      const double t = examples_.settings[i * knobs + k];
      const double s = settings[i * knobs + k];
      score.error += std::abs(t - s) / n;
      score.constant += std::abs(t - mean_true) / n;
      both += (t - mean_true) * (s - mean_said);
      variance_true += (t - mean_true) * (t - mean_true);
      variance_said += (s - mean_said) * (s - mean_said);
    }
    score.correlation = both / std::sqrt(variance_true * variance_said);
    scores.push_back(score);
  }
  return scores;
}

void Judge::log(EventFile& events, std::int64_t step, std::span<const float> settings, std::size_t count) const {
  for (std::size_t j = 0; j < std::min(count, judged_.size()); ++j) {
    const std::size_t i = judged_[j];
    const std::string tag = std::to_string(j) + "/";
    const RenderJob job{&clips_[examples_.clip[i]], examples_.input[i],
                        full(settings.subspan(i * examples_.knobs, examples_.knobs))};
    events.audio(tag + "input", step, input_of(i));
    events.audio(tag + "target", step, targets_[j]);
    render_inputs(
        rigs_, std::span(&job, 1),
        [&](std::size_t, const RenderOutcome& outcome, AudioView render) {
          if (outcome.usable()) events.audio(tag + "prediction", step, render);
        },
        stop_);
  }
}

}  // namespace soundalike::training
