#pragma once

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

#include "measure.hpp"
#include "soundalike/batch_renderer.hpp"
#include "soundalike/effect_library.hpp"
#include "soundalike/error.hpp"
#include "soundalike/rng.hpp"

/// The render that BatchRenderer and a bare loop are both measured with.
namespace soundalike::bench {

inline constexpr std::size_t render_frames = 131072;
inline const RenderSetup render_setup{SampleRate{24000}, 1};

inline AudioBuffer render_clip() {
  AudioBuffer clip(1, render_frames, render_setup.sample_rate);
  Rng rng(1);
  for (float& sample : clip.samples()) sample = static_cast<float>(0.2 * rng.normal());
  return clip;
}

/// What anyone would write first: a fresh instance per render, block after block, nothing checked.
inline void bare_loop(const Effect& effect, std::size_t renders, const AudioBuffer& clip, AudioBuffer& output) {
  const auto settings = effect.default_settings();
  const std::size_t block = effect.setup().block_size;
  for (std::size_t render = 0; render < renders; ++render) {
    const auto run = effect.start(settings);
    for (std::size_t at = 0; at < clip.frames(); at += block) {
      const float* in = clip.channel(0).data() + at;
      float* out = output.channel(0).data() + at;
      run->process(&in, &out, std::min(block, clip.frames() - at));
    }
  }
}

/// @throws Error when one ends otherwise than well.
inline void expect_ok(const RenderOutcome& outcome) {
  if (outcome.status != RenderStatus::ok) throw Error(ErrorCode::plugin_failed, outcome.message);
}

/// "ZamComp (vst3)"; LV2 goes without saying.
inline std::string name_with_format(const EffectListing& listing) {
  const std::string format = listing.info.id.substr(0, listing.info.id.find(':'));
  return listing.info.name + (format == "lv2" ? "" : " (" + format + ")");
}

}  // namespace soundalike::bench
