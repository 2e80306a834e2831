#pragma once

#include <memory>
#include <string>

#include "soundalike/audio_buffer.hpp"
#include "soundalike/style_distance.hpp"

namespace soundalike {

/// What a match strives for: one view for both recordings, and the reference's description in it. Mono unless both are
/// stereo; bands that the lower sample rate cannot carry are left out. Const methods, safe from many threads.
class Target {
 public:
  /// @param distance name in style_distances().
  Target(AudioView input, AudioView reference, const std::string& distance);
  StyleDistance::Description describe(AudioView audio) const;
  double distance(std::span<const float> description) const { return style_->distance(description, reference_); }

 private:
  bool mono_;
  std::unique_ptr<StyleDistance> style_;
  StyleDistance::Description reference_;
};

}  // namespace soundalike
