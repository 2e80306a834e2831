#pragma once

#include <cstddef>
#include <span>
#include <stop_token>
#include <vector>

#include "probe/bands.hpp"
#include "soundalike/batch_renderer.hpp"
#include "soundalike/probe.hpp"

namespace soundalike {

/// One value in [0, 1] per parameter.
using Settings = std::vector<float>;

/// `base` with parameter `p` at `value`, moved into [0, 1].
Settings with_knob(const Settings& base, std::size_t p, float value);

constexpr float loud_peak = 10.0f;  // +20 dBFS

/// One render of the test signal, as far as the probe looks at it.
struct Look {
  RenderOutcome outcome;
  BandPicture picture;
  double dry_error_db = 400.0;  ///< error energy against the dry signal over its energy, after the start
  bool ok() const { return outcome.status == RenderStatus::ok && outcome.peak <= loud_peak; }
  bool bad() const { return !outcome.usable() || outcome.peak > loud_peak; }
  bool silent() const { return outcome.status == RenderStatus::silent; }
  double loudness() const;
};

/// Energy of the difference from frame `first` on, over that of the truth, in dB; -400 for none, 400 for silent truth.
double error_db(AudioView a, AudioView truth, std::size_t first = 0);

/// An effect with the test signal at its input: renders settings and looks at what comes out. Every render throws
/// Error(cancelled) once a stop is requested. For one thread.
class Bench {
 public:
  /// The listing and the options must outlive it.
  Bench(const EffectListing& listing, const ProbeOptions& options, const std::stop_token& stop);

  const EffectListing& listing() const { return listing_; }
  const Parameter& parameter(std::size_t p) const { return listing_.parameters[p]; }
  std::size_t parameters() const { return listing_.parameters.size(); }
  const ProbeOptions& options() const { return options_; }
  const AudioBuffer& signal() const { return signal_; }

  bool is_pinned(std::size_t p) const { return options_.pinned.contains(parameter(p).id); }
  bool is_category(std::size_t p) const;  ///< a choice, a switch or a button
  bool is_fixed(std::size_t p) const { return is_pinned(p) || is_category(p); }

  /// One look per settings, in their order.
  std::vector<Look> look(const std::vector<Settings>& settings);
  /// The audio itself, of any signal.
  std::vector<RenderResult> render(AudioView signal, const std::vector<Settings>& settings);
  /// The same on another renderer of this effect.
  std::vector<RenderResult> render_on(BatchRenderer& renderer, AudioView signal,
                                      const std::vector<Settings>& settings) const;
  void check_stop() const;

 private:
  const EffectListing& listing_;
  const ProbeOptions& options_;
  std::stop_token stop_;
  AudioBuffer signal_;
  BandAnalysis analysis_;
  BatchRenderer renderer_;
  BatchRenderer::ClipId clip_;
};

}  // namespace soundalike
