#pragma once

#include <optional>
#include <string>
#include <vector>

#include "options.hpp"
#include "soundalike/effect_library.hpp"
#include "soundalike/rng.hpp"
#include "soundalike/settings_space.hpp"

namespace soundalike::lab {

/// All recordings of a split, of all folders.
std::vector<std::filesystem::path> recordings(const Options& options, Split split);

/// Two halves with different content at the level effects are fed with.
struct Content {
  std::string name;
  AudioBuffer first;
  AudioBuffer second;
};
/// Mono at the recording's own rate, or at 24 kHz for half of those with a higher one; every fifth stereo recording
/// stays stereo when asked. Nothing when it is too short or silent.
std::optional<Content> load_content(const std::filesystem::path& file, bool allow_stereo, Rng& rng);

struct EffectUse {
  std::string name;
  std::size_t weight = 1;  ///< times as many recordings as others
};
/// One per line of a file, "<uri> [weight]" (# starts a comment), or the nine effects of the reported results.
std::vector<EffectUse> effects_of(const std::filesystem::path& file);

/// Random values of the free knobs; the others stay.
std::vector<float> random_settings(const SettingsSpace& space, Rng& rng);

}  // namespace soundalike::lab
