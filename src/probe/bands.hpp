#pragma once

#include <cstddef>
#include <vector>

#include "soundalike/audio_buffer.hpp"
#include "soundalike/stft.hpp"

namespace soundalike {

/// Mel bands per frame in dB, all channels one after the other: how a render of the test signal is compared with
/// another of the same content.
using BandPicture = std::vector<float>;

/// Makes band pictures of renders of one length, rate and channel count. Safe from many threads.
class BandAnalysis {
 public:
  explicit BandAnalysis(SampleRate rate);
  BandPicture picture(AudioView audio) const;

 private:
  StftOptions stft_;
  MelFilterbank mel_;
};

/// Mean |a - b| in dB.
double band_change(const BandPicture& a, const BandPicture& b);
/// The same after the gain between the two is taken out (the median difference), over the bands that are heard in both;
/// 0 when they have hardly any in common.
double level_free_change(const BandPicture& a, const BandPicture& b);
/// Cosine between (a - origin) and (b - origin); 0 when one of them is nothing.
double change_agreement(const BandPicture& origin, const BandPicture& a, const BandPicture& b);

}  // namespace soundalike
