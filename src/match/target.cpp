#include "match/target.hpp"

#include <algorithm>

#include "soundalike/resample.hpp"

namespace soundalike {

Target::Target(AudioView input, AudioView reference, const std::string& distance)
    : mono_(std::min(input.channels(), reference.channels()) == 1) {
  const double low = std::min(input.sample_rate().hz, reference.sample_rate().hz);
  const bool same_rate = input.sample_rate() == reference.sample_rate();
  // Resampling leaves nothing above 0.91 of the lower Nyquist frequency.
  const StyleView view{input.sample_rate(), same_rate ? 0.0 : 0.45 * low, mono_ ? 1u : 2u};
  style_ = make_style_distance(distance, view);
  reference_ = describe(same_rate ? AudioBuffer(reference) : resample(reference, input.sample_rate()));
}

StyleDistance::Description Target::describe(AudioView audio) const {
  return mono_ && audio.channels() > 1 ? style_->describe(to_mono(audio)) : style_->describe(audio);
}

}  // namespace soundalike
