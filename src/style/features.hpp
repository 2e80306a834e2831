#pragma once

#include <string>
#include <vector>

#include "soundalike/audio_buffer.hpp"
#include "soundalike/style_distance.hpp"
#include "style/bands.hpp"
#include "style/feature_writer.hpp"
#include "style/spectra.hpp"

namespace soundalike::style {

/// The statistics of a recording that every style distance is made of, in one pass.
///
/// The layout (names and order) is the same for every rate, bandwidth and recording of one channel count; the mask
/// says which features the view's bandwidth carries. Level-invariant. Const methods, safe from many threads.
class FeatureExtractor {
 public:
  explicit FeatureExtractor(const StyleView& view);

  /// @throws Error invalid_argument for another rate or channels, or fewer frames than 50 ms.
  std::vector<float> extract(AudioView recording) const;
  const std::vector<std::string>& names() const { return names_; }
  const std::vector<bool>& mask() const { return mask_; }
  const StyleView& view() const { return view_; }

 private:
  /// Mono (or mid) and side signals at unit power, low-passed to the view's bandwidth.
  struct Signals {
    std::vector<float> mid;
    std::vector<float> side;  // empty for mono
  };
  /// Spectra of frames about 43 ms long, shared by several groups.
  struct Frames {
    PowerFrames density;
    std::vector<float> level_db;        // [frames], of the usable band
    std::vector<unsigned char> active;  // [frames], within 35 dB of the loud frames
    std::vector<float> mel_db;          // [bands x frames]
  };

  Signals prepare(AudioView recording) const;
  Frames analyse(const std::vector<float>& signal) const;
  void write(const Signals& signals, FeatureWriter& out) const;
  void write_spectrum(const Frames& frames, FeatureWriter& out) const;
  void write_fine_structure(const Frames& frames, FeatureWriter& out) const;
  void write_echoes(const std::vector<float>& signal, FeatureWriter& out) const;
  void write_envelopes(const std::vector<float>& signal, FeatureWriter& out) const;
  void write_waveform(const std::vector<float>& signal, FeatureWriter& out) const;
  void write_stereo(const Signals& signals, const Frames& mid, FeatureWriter& out) const;

  StyleView view_;
  FrameTransform medium_;        // about 43 ms: timbre
  FrameTransform fast_;          // about 11 ms: envelopes
  FrameTransform slow_;          // about 341 ms: echoes and combs
  Bands mel_;                    // on medium_
  Bands broad_;                  // on medium_
  Bands broad_fast_;             // on fast_
  std::vector<float> low_pass_;  // taps; empty when the bandwidth is the rate's own
  std::vector<std::string> names_;
  std::vector<bool> mask_;
};

inline constexpr std::size_t mel_bands = 40;

}  // namespace soundalike::style
