#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <span>
#include <vector>

namespace soundalike {

/// Frames per second. A type of its own so that it is never confused with a count.
struct SampleRate {
  double hz = 0.0;
  friend bool operator==(SampleRate, SampleRate) = default;
};

/// Borrowed planar audio: [channels x frames] float32, full scale +-1. Valid while its owner lives and is not resized.
class AudioView {
 public:
  AudioView() = default;
  /// @param data first sample of channel 0; channel c starts at data + c * stride.
  AudioView(const float* data, std::size_t channels, std::size_t frames, std::size_t stride, SampleRate rate)
      : data_(data), channels_(channels), frames_(frames), stride_(stride), rate_(rate) {}

  std::size_t channels() const { return channels_; }
  std::size_t frames() const { return frames_; }
  SampleRate sample_rate() const { return rate_; }
  double seconds() const { return rate_.hz > 0.0 ? static_cast<double>(frames_) / rate_.hz : 0.0; }
  std::span<const float> channel(std::size_t c) const {
    assert(c < channels_);
    return {data_ + c * stride_, frames_};
  }
  /// The part [first, first + count); clipped to what there is.
  AudioView excerpt(std::size_t first, std::size_t count) const {
    first = first < frames_ ? first : frames_;
    count = count < frames_ - first ? count : frames_ - first;
    return {data_ + first, channels_, count, stride_, rate_};
  }

 private:
  const float* data_ = nullptr;
  std::size_t channels_ = 0;
  std::size_t frames_ = 0;
  std::size_t stride_ = 0;
  SampleRate rate_;
};

/// Owned planar audio: [channels x frames] float32, full scale +-1, zero-filled when made.
class AudioBuffer {
 public:
  AudioBuffer() = default;
  AudioBuffer(std::size_t channels, std::size_t frames, SampleRate rate)
      : samples_(channels * frames), channels_(channels), frames_(frames), rate_(rate) {}
  explicit AudioBuffer(AudioView view) : AudioBuffer(view.channels(), view.frames(), view.sample_rate()) {
    for (std::size_t c = 0; c < channels_; ++c) {
      const auto from = view.channel(c);
      std::copy(from.begin(), from.end(), channel(c).begin());
    }
  }

  std::size_t channels() const { return channels_; }
  std::size_t frames() const { return frames_; }
  SampleRate sample_rate() const { return rate_; }
  double seconds() const { return view().seconds(); }
  std::span<float> channel(std::size_t c) { return {samples_.data() + c * frames_, frames_}; }
  std::span<const float> channel(std::size_t c) const { return {samples_.data() + c * frames_, frames_}; }
  AudioView view() const { return {samples_.data(), channels_, frames_, frames_, rate_}; }
  operator AudioView() const { return view(); }  // NOLINT: a buffer is always viewable
  /// All samples, channel after channel.
  std::span<float> samples() { return samples_; }
  std::span<const float> samples() const { return samples_; }
  friend bool operator==(const AudioBuffer&, const AudioBuffer&) = default;

 private:
  std::vector<float> samples_;
  std::size_t channels_ = 0;
  std::size_t frames_ = 0;
  SampleRate rate_;
};

}  // namespace soundalike
