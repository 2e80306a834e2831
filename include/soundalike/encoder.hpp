#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "soundalike/audio_buffer.hpp"
#include "soundalike/checkpoint.hpp"
#include "soundalike/front_end.hpp"

namespace soundalike {

/// A spectrogram front end as checkpoints store it.
FrontEndChoice to_choice(const FrontEndOptions& options);
/// And back. @throws Error invalid_argument for another kind, an option or a value that there is none of.
FrontEndOptions to_options(const FrontEndChoice& choice);
/// What a style distance describes a recording by, at one rate, in mono. @param distance name in style_distances():
/// "style" (64 numbers), "features" (about a thousand, each in units of its variability over content, within +-8).
FrontEndChoice style_front_end(std::string_view distance = "style", SampleRate rate = {24000.0});

/// Recordings to what the network of an encoder takes: resampling, mono, spectrogram or style statistics. The one
/// definition for training and for use.
///
///   EncoderInput input(to_choice(mel_front_end()));
///   std::vector<float> image = input.of(recording);   // shape() is {1, 256, 256}
///
/// Const methods, safe from many threads.
class EncoderInput {
 public:
  /// @throws Error invalid_argument for a front end, an option or a value that there is none of.
  explicit EncoderInput(const FrontEndChoice& choice);
  ~EncoderInput();
  EncoderInput(EncoderInput&&) noexcept;
  EncoderInput& operator=(EncoderInput&&) noexcept;

  /// {1, frames, bins} of a spectrogram, {count} of style statistics.
  const std::vector<std::size_t>& shape() const;
  /// Any rate, mono or stereo. A spectrogram shows the beginning; what is too short is followed by silence. Style
  /// statistics are of the whole recording; bands that its rate cannot carry count as average.
  /// @throws Error invalid_argument for fewer frames than 50 ms.
  std::vector<float> of(AudioView recording) const;
  /// Of each part of a long recording: as many windows as it holds, rounded, evenly over it; at least one. Style
  /// statistics have one window, the whole.
  std::vector<std::vector<float>> windows_of(AudioView recording) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Turns a recording into a short vector that follows what was done to it rather than what is in it.
///
///   Encoder encoder(read_checkpoint("style-small.salmodel"));
///   std::vector<float> embedding = encoder.encode(read_audio("vocal.wav"));
///
/// Deterministic: the mean, never a sample, and the same bits for the same recording. Const methods, safe from many
/// threads; runs on one.
class Encoder {
 public:
  /// Runs block "encode" behind the checkpoint's front end.
  /// @throws Error invalid_argument for a checkpoint that is no encoder, or whose front end and block do not fit.
  explicit Encoder(const Checkpoint& checkpoint);
  ~Encoder();
  Encoder(Encoder&&) noexcept;
  Encoder& operator=(Encoder&&) noexcept;

  const std::string& name() const;
  const std::string& digest() const;  ///< of the checkpoint; empty when it was never a file
  std::size_t size() const;           ///< of an embedding
  /// The mean over the recording's windows. @throws Error as EncoderInput::of().
  std::vector<float> encode(AudioView recording) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace soundalike
