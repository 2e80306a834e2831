#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "serve/clip_store.hpp"
#include "serve/render_pool.hpp"

namespace soundalike::serve {

/// What somebody wants to hear.
struct Hearing {
  std::vector<EffectListing> chain;
  std::size_t block_size = 1024;
  std::vector<float> settings;  ///< one per parameter of the chain, checked
  Clip clip;
  double from = 0.0;      ///< seconds into the clip
  double seconds = 30.0;  ///< at most; never beyond LiveRender::longest_seconds
  bool match_loudness = true;
  double dry_wet = 1.0;
};

/// What is heard.
struct Heard {
  AudioBuffer audio;
  double gain_db = 0.0;         ///< applied behind the effect
  double peak_db = 0.0;         ///< of the result
  double plugin_seconds = 0.0;  ///< by the clock on the wall
};

/// Renders part of a clip as a match would have it: the effect sees the clip at -18 LUFS, which is undone behind it,
/// dry and wet are mixed, and the result is as loud as the clip, as far as peaks stay below -1 dBFS.
///
/// out = gain * ((1 - dry_wet) * in + dry_wet * chain(input_gain * in) / input_gain)
///
/// Safe from many threads.
class LiveRender {
 public:
  static constexpr double longest_seconds = 30.0;
  static constexpr double input_lufs = -18.0;

  LiveRender(ClipStore& clips, const RenderPool::Options& options) : clips_(clips), pool_(options) {}

  /// @param client, ticket from take_ticket(): a render whose client wants another by now throws Refusal 409.
  /// @throws Error invalid_argument for an empty part, plugin_failed.
  Heard render(const Hearing& hearing, std::string_view client, std::uint64_t ticket);

  /// The place of a new request among those of its client. No client, no place: 0.
  std::uint64_t take_ticket(std::string_view client);

 private:
  void check_wanted(std::string_view client, std::uint64_t ticket) const;

  ClipStore& clips_;
  RenderPool pool_;
  mutable std::mutex mutex_;
  std::uint64_t next_ticket_ = 1;
  std::map<std::string, std::uint64_t, std::less<>> newest_;
};

/// The gain that brings a clip to the level that effects see; 0 dB for silence.
double input_gain_db(const Clip& clip);

/// A RIFF/WAVE file of 32-bit floats.
std::string wav_bytes(AudioView audio);

}  // namespace soundalike::serve
