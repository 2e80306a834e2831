#include "train/render_loss.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>

#include "soundalike/error.hpp"
#include "soundalike/level.hpp"

namespace soundalike::training {
namespace {

MrstftOptions spectral_options(const std::string& name) {
  if (name == "auraloss") return MrstftOptions::auraloss();
  if (name == "original") return MrstftOptions::original();
  throw Error(ErrorCode::invalid_argument,
              fmt::format("unknown spectral distance '{}'; known are auraloss, original", name));
}

}  // namespace

RenderLoss::RenderLoss(AudioView target, const RenderLossOptions& options)
    : options_(options), target_(target), level_(rms(target)), spectral_(target, spectral_options(options.spectral)) {}

double RenderLoss::of(AudioView render) const {
  AudioBuffer matched(render);
  const double level = options_.match_level ? rms(render) : 0.0;
  if (level > 0.0) {
    const auto gain = static_cast<float>(level_ / level);
    for (float& x : matched.samples()) x *= gain;
  }
  double loss = spectral_.distance(matched);
  if (options_.l1 > 0.0) {
    double sum = 0.0;
    const auto a = matched.samples();
    const auto b = target_.samples();
    for (std::size_t i = 0; i < b.size(); ++i) sum += std::abs(static_cast<double>(a[i]) - b[i]);
    loss += options_.l1 * sum / static_cast<double>(b.size());
  }
  return loss;
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
        [&](std::size_t job, const RenderOutcome& outcome, AudioView audio) { consume(items[job], outcome, audio); },
        stop);
    for (const auto& [key, id] : ids) renderer.remove_clip(id);
  }
}

}  // namespace soundalike::training
