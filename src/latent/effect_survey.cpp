#include "soundalike/effect_survey.hpp"

#include <algorithm>
#include <array>

#include "soundalike/error.hpp"
#include "soundalike/front_end.hpp"
#include "soundalike/profile.hpp"
#include "soundalike/resample.hpp"
#include "soundalike/rng.hpp"
#include "soundalike/settings_space.hpp"

namespace soundalike {
namespace {

constexpr std::uint64_t settings_stream = 0x5e77;

/// A mel image averaged to 32 x 32.
std::vector<float> small_image(const FrontEnd& front_end, AudioView audio) {
  const AudioBuffer mono = to_mono(audio);
  const SampleRate rate = front_end.options().sample_rate;
  const SpectrogramImage image = front_end.image(mono.sample_rate() == rate ? mono : resample(mono, rate));
  constexpr std::size_t side = 32;
  std::vector<float> small(side * side);
  for (std::size_t row = 0; row < side; ++row) {
    for (std::size_t column = 0; column < side; ++column) {
      const std::size_t t0 = row * image.frames / side, t1 = (row + 1) * image.frames / side;
      const std::size_t b0 = column * image.bins / side, b1 = (column + 1) * image.bins / side;
      double sum = 0.0;
      for (std::size_t t = t0; t < t1; ++t) {
        for (std::size_t b = b0; b < b1; ++b) sum += static_cast<double>(image.values[t * image.bins + b]);
      }
      small[row * side + column] = static_cast<float>(sum / static_cast<double>((t1 - t0) * (b1 - b0)));
    }
  }
  return small;
}

/// What came of one render; empty when it failed.
struct Heard {
  std::vector<float> embedding, image;
};

}  // namespace

EffectSurvey survey_effects(std::span<const EffectListing> effects, std::span<const GroupedRecording> recordings,
                            const Embedder& embedder, const EffectSurveyOptions& options, const Progress& progress,
                            const std::stop_token& stop) {
  if (effects.empty() || recordings.empty() || options.settings == 0) {
    throw Error(ErrorCode::invalid_argument, "cannot survey effects: it takes an effect, a recording and a setting");
  }
  const FrontEnd front_end(mel_front_end());
  EffectSurvey survey;
  survey.embedding_size = embedder.size();
  for (std::size_t e = 0; e < effects.size(); ++e) {
    const Profile profile = find_profile(effects[e]);
    const SettingsSpace space(std::array{effects[e]}, std::array{profile});
    const AudioBuffer& first = recordings.front().audio;
    BatchRenderer renderer({effects[e]}, {first.sample_rate(), first.channels(), profile.block_size}, options.renderer);
    for (std::size_t r = 0; r < recordings.size(); ++r) {
      const auto clip = renderer.add_clip(recordings[r].audio);
      std::vector<std::vector<float>> settings;
      std::vector<BatchRenderer::Job> jobs;
      Rng rng = Rng::derive(options.seed, settings_stream + e, r);
      for (std::size_t s = 0; s < options.settings; ++s) {
        std::vector<double> point(space.free().size());
        for (double& x : point) x = rng.uniform();
        settings.push_back(space.expand(point));
      }
      for (const auto& row : settings) jobs.push_back({clip, row});
      std::vector<Heard> heard(jobs.size());
      renderer.render(
          jobs,
          [&](std::size_t job, const RenderOutcome& outcome, AudioView audio) {
            if (outcome.usable()) heard[job] = {embedder.embed(audio), small_image(front_end, audio)};
          },
          stop);
      if (stop.stop_requested()) throw Error(ErrorCode::cancelled, "stopped before all effects were rendered");
      renderer.remove_clip(clip);
      for (const Heard& one : heard) {
        if (one.embedding.empty()) {
          ++survey.failed;
          continue;
        }
        survey.effects.push_back(static_cast<int>(e));
        survey.groups.push_back(recordings[r].group);
        survey.embeddings.insert(survey.embeddings.end(), one.embedding.begin(), one.embedding.end());
        survey.spectrogram.insert(survey.spectrogram.end(), one.image.begin(), one.image.end());
      }
      if (progress) progress({"rendering", e * recordings.size() + r + 1, effects.size() * recordings.size(), {}});
    }
  }
  return survey;
}

}  // namespace soundalike
