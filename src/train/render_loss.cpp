#include "train/render_loss.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "soundalike/error.hpp"
#include "soundalike/level.hpp"
#include "soundalike/loss.hpp"
#include "soundalike/metric.hpp"
#include "soundalike/mrstft.hpp"

namespace soundalike::training {
namespace {

constexpr std::string_view matched_prefix = "matched-";

using Compare = std::function<std::vector<double>(std::span<const AudioView> renders, AudioView target)>;

// By what compares one render at a time.
template <class OfOne>
Compare each(OfOne of_one) {
  return [of_one](std::span<const AudioView> renders, AudioView target) {
    std::vector<double> losses;
    for (const AudioView render : renders) losses.push_back(of_one(render, target));
    return losses;
  };
}

Compare by_mrstft(MrstftOptions options) {
  return [options = std::move(options)](std::span<const AudioView> renders, AudioView target) {
    return mrstft(renders, target, options);
  };
}

// A metric's value, turned round where more is better.
Compare by_metric(std::string_view name) {
  const Metric& metric = find_metric(name);
  const double sign = metric.better == Direction::lower ? 1.0 : -1.0;
  return [&metric, sign](std::span<const AudioView> renders, AudioView target) {
    const MetricAudio wanted(target);
    std::vector<double> losses;
    for (const AudioView render : renders) {
      const MetricValue found = metric.measure(MetricAudio(render), wanted);
      losses.push_back(found.value ? sign * *found.value : std::numeric_limits<double>::quiet_NaN());
    }
    return losses;
  };
}

double mean_difference(AudioView a, AudioView b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < b.frames(); ++i) {
    sum += std::abs(static_cast<double>(a.channel(0)[i]) - b.channel(0)[i]);
  }
  return sum / static_cast<double>(b.frames());
}

Compare by_embedding(const Encoder& encoder) {
  return [&encoder](std::span<const AudioView> renders, AudioView target) {
    const std::vector<float> wanted = encoder.encode(target);
    std::vector<double> losses;
    for (const AudioView render : renders) {
      const std::vector<float> heard = encoder.encode(render);
      double sum = 0.0;
      for (std::size_t i = 0; i < wanted.size(); ++i) sum += std::pow(static_cast<double>(heard[i]) - wanted[i], 2);
      losses.push_back(sum / static_cast<double>(wanted.size()));
    }
    return losses;
  };
}

Compare compare_by(std::string_view name, const Encoder* encoder) {
  if (name == "mrstft") return by_mrstft(MrstftOptions::auraloss());
  if (name == "mrstft-original") return by_mrstft(MrstftOptions::original());
  if (name == "mrstft-wide") return by_mrstft(MrstftOptions::wide());
  if (name == "l1") return each(mean_difference);
  if (name == "mel-stft") return by_metric("mel-stft");
  if (name == "si-sdr") return by_metric("si-sdr");
  if (name == "esr") return by_metric("esr-emphasised");
  if (name == "embedding" && encoder != nullptr) return by_embedding(*encoder);
  if (name == "embedding") {
    throw Error(ErrorCode::invalid_argument, "cannot compare by embedding where the encoder learns too");
  }
  std::string known = "embedding";
  for (const LossKind& kind : losses()) known += fmt::format(", {}", kind.name);
  throw Error(ErrorCode::invalid_argument,
              fmt::format("unknown loss '{}'; known: {}, each also with '{}' before it", name, known, matched_prefix));
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

RenderLoss::RenderLoss(std::string_view text, const Encoder* encoder) {
  for (const LossTerm& term : parse_loss(text)) {
    const bool matched = term.name.starts_with(matched_prefix);
    const std::string_view name = std::string_view(term.name).substr(matched ? matched_prefix.size() : 0);
    terms_.push_back({term.weight, matched, compare_by(name, encoder)});
  }
}

std::vector<double> RenderLoss::of(std::span<const AudioView> renders, AudioView target) const {
  std::vector<AudioBuffer> kept;
  std::vector<AudioView> levelled;
  if (std::ranges::any_of(terms_, &Term::matched)) {
    const double level = rms(target);
    for (const AudioView render : renders) kept.push_back(matched(render, level));
    levelled.assign(kept.begin(), kept.end());
  }
  std::vector<double> sums(renders.size());
  for (const Term& term : terms_) {
    const auto parts = term.compare(term.matched ? std::span<const AudioView>(levelled) : renders, target);
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += term.weight * parts[i];
  }
  return sums;
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
