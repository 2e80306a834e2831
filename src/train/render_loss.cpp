#include "train/render_loss.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>

#include "soundalike/error.hpp"
#include "soundalike/level.hpp"
#include "soundalike/mrstft.hpp"

namespace soundalike::training {
namespace {

MrstftOptions spectral_options(const std::string& name) {
  if (name == "auraloss") return MrstftOptions::auraloss();
  if (name == "original") return MrstftOptions::original();
  throw Error(ErrorCode::invalid_argument,
              fmt::format("unknown spectral distance '{}'; known are auraloss, original", name));
}

double mean_difference(std::span<const float> a, std::span<const float> b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < b.size(); ++i) sum += std::abs(static_cast<double>(a[i]) - b[i]);
  return sum / static_cast<double>(b.size());
}

/// `render`, as loud as a target of this RMS.
AudioBuffer matched(AudioView render, double target_rms) {
  AudioBuffer out(render);
  const double level = rms(render);
  if (level > 0.0) {
    const auto gain = static_cast<float>(target_rms / level);
    for (float& x : out.samples()) x *= gain;
  }
  return out;
}

}  // namespace

std::vector<double> render_losses(std::span<const AudioView> renders, AudioView target,
                                  const RenderLossOptions& options) {
  std::vector<AudioView> compared(renders.begin(), renders.end());
  std::vector<AudioBuffer> kept;
  if (options.match_level) {
    const double level = rms(target);
    for (const AudioView render : renders) kept.push_back(matched(render, level));
    compared.assign(kept.begin(), kept.end());
  }
  std::vector<double> losses = mrstft(compared, target, spectral_options(options.spectral));
  if (options.l1 > 0.0) {
    for (std::size_t i = 0; i < losses.size(); ++i) {
      losses[i] += options.l1 * mean_difference(compared[i].channel(0), target.channel(0));
    }
  }
  return losses;
}

double render_loss(AudioView render, AudioView target, const RenderLossOptions& options) {
  return render_losses(std::span(&render, 1), target, options).front();
}

void render_inputs(Rigs& rigs, std::span<const RenderJob> jobs, const BatchRenderer::Consume& consume,
                   const std::stop_token& stop) {
  std::map<double, std::vector<std::size_t>> by_rate;
  for (std::size_t i = 0; i < jobs.size(); ++i) by_rate[jobs[i].clip->rate().hz].push_back(i);
  for (const auto& [rate, items] : by_rate) {
    BatchRenderer& renderer = rigs.at(SampleRate{rate});
    std::map<std::pair<const ClipPair*, std::size_t>, BatchRenderer::ClipId> ids;
    std::vector<BatchRenderer::Job> batch;
    for (const std::size_t i : items) {
      const RenderJob& job = jobs[i];
      const auto [id, fresh] = ids.try_emplace({job.clip, job.input}, 0);
      if (fresh) id->second = renderer.add_clip(job.clip->scaled(job.input, job.input));
      batch.push_back({id->second, job.settings});
    }
    renderer.render(
        batch,
        [&](std::size_t job, const RenderOutcome& outcome, AudioView audio) {
          consume(items[job], outcome, jobs[items[job]].clip->heard(audio));
        },
        stop);
    for (const auto& [key, id] : ids) renderer.remove_clip(id);
  }
}

}  // namespace soundalike::training
