#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "soundalike/audio_buffer.hpp"
#include "soundalike/stft.hpp"

namespace soundalike {

enum class FrontEndKind {
  linear,  ///< |STFT|^exponent
  mel,     ///< mel bands of |STFT|^2, ^exponent
};
/// "linear", "mel": stable names for files.
std::string_view to_string(FrontEndKind kind);
/// @throws Error invalid_argument naming both.
FrontEndKind parse_front_end_kind(std::string_view name);

/// Everything that decides what a network sees; stored with it. The defaults are linear_front_end().
struct FrontEndOptions {
  FrontEndKind kind = FrontEndKind::linear;
  SampleRate sample_rate{24000.0};
  std::size_t samples = 131072;  ///< length of the clip; more is cut off, less is followed by silence
  StftOptions stft{.fft_size = 4096, .window_size = 2048, .hop = 1024};
  /// A power instead of a logarithm: finite for silence. (x + 1e-8)^exponent, of magnitudes or of mel band powers.
  double exponent = 0.3;
  std::size_t bands = 256;   ///< mel only
  double low_hz = 20.0;      ///< mel only
  double high_hz = 12000.0;  ///< mel only
  friend bool operator==(const FrontEndOptions&, const FrontEndOptions&) = default;
};
/// STFT 4096/2048/1024 at 24 kHz, power 0.3, 131072 samples (5.46 s): 129 x 2049.
FrontEndOptions linear_front_end();
/// 256 mel bands, 20 Hz to 12 kHz, STFT 4096/1024/512 at 24 kHz, power 0.3, 130560 samples (5.44 s): 256 x 256.
FrontEndOptions mel_front_end();

/// A clip as a network sees it: (compressed spectrum - mean) / deviation over the whole clip.
struct SpectrogramImage {
  std::size_t frames = 0;
  std::size_t bins = 0;
  std::vector<float> values;  ///< [frames x bins], row after row; all 0 for a clip whose spectrum does not vary
  float mean = 0.0f;
  float deviation = 1.0f;  ///< of the sample (n - 1)
};

/// Audio to images, the one definition that training and inference share.
///
///   FrontEnd front_end(mel_front_end());
///   SpectrogramImage image = front_end.image(clip);             // 256 x 256, mean 0, deviation 1
///   Magnitudes bands = front_end.spectrum(image);               // back to what was measured: mel band powers
///
/// Normalised per clip, so nothing else in a batch and no level changes an image. Const, safe from many threads.
class FrontEnd {
 public:
  /// @throws Error invalid_argument for options that cannot work, naming them.
  explicit FrontEnd(const FrontEndOptions& options);

  const FrontEndOptions& options() const { return options_; }
  std::size_t frames() const { return frames_; }
  std::size_t bins() const { return bins_; }

  /// Stereo is looked at through its mean. @throws Error invalid_argument for another rate or no samples.
  SpectrogramImage image(AudioView clip) const;
  /// Before compression and normalisation: magnitudes (linear) or band powers (mel), [frames x bins].
  Magnitudes spectrum(AudioView clip) const;
  /// Undoes normalisation and compression; what falls below silence becomes 0.
  /// @throws Error invalid_argument for an image of another size.
  Magnitudes spectrum(const SpectrogramImage& image) const;
  /// The filters of a mel front end. @throws Error invalid_argument for a linear one.
  const MelFilterbank& filterbank() const;

 private:
  FrontEndOptions options_;
  std::vector<MelFilterbank> filterbank_;  // none or one
  std::size_t frames_ = 0;
  std::size_t bins_ = 0;
};

}  // namespace soundalike
