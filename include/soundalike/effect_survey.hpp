#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "soundalike/batch_renderer.hpp"
#include "soundalike/embedder.hpp"
#include "soundalike/progress.hpp"
#include "soundalike/rows.hpp"

namespace soundalike {

/// A recording with what must not be on both sides of a comparison: its speaker, its song.
struct GroupedRecording {
  AudioBuffer audio;
  std::size_t group = 0;
};

/// Renders of several effects at random settings on the same recordings, as an encoder sees them and as a spectrogram.
struct EffectSurvey {
  std::vector<int> effects;         ///< [renders]: which of those asked
  std::vector<std::size_t> groups;  ///< [renders]: of their recordings
  std::size_t embedding_size = 0;
  std::vector<float> embeddings;   ///< [renders x embedding_size]
  std::vector<float> spectrogram;  ///< [renders x spectrogram_size]: the mel front end, averaged to 32 x 32
  std::size_t failed = 0;          ///< renders that are not there

  static constexpr std::size_t spectrogram_size = 32 * 32;
  Rows embedding_rows() const { return {embeddings, embedding_size}; }
  Rows spectrogram_rows() const { return {spectrogram, spectrogram_size}; }
};

struct EffectSurveyOptions {
  std::size_t settings = 5;  ///< drawn per effect and recording, of the knobs that its profile frees
  std::uint64_t seed = 0;
  RendererOptions renderer{};
};

/// The same for any number of workers. @param recordings of one rate and channel count.
/// @throws Error invalid_argument for no effects or recordings; plugin_failed when an effect cannot be opened;
/// cancelled.
EffectSurvey survey_effects(std::span<const EffectListing> effects, std::span<const GroupedRecording> recordings,
                            const Embedder& embedder, const EffectSurveyOptions& options = {},
                            const Progress& progress = {}, const std::stop_token& stop = {});

}  // namespace soundalike
