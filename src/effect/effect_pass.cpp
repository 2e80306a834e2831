#include "soundalike/effect_pass.hpp"

#include <cstdint>

#include "soundalike/level.hpp"

namespace soundalike {

EffectPass::EffectPass(const Effect& effect, std::span<const float> settings)
    : channels_(effect.setup().channels), block_(effect.setup().block_size) {
  constexpr std::size_t line = 16;  // floats in 64 bytes
  const std::size_t stride = (block_ + line - 1) / line * line;
  memory_.resize(2 * channels_ * stride + line);
  const auto address = reinterpret_cast<std::uintptr_t>(memory_.data());
  float* aligned = memory_.data() + ((address + 63) / 64 * 64 - address) / sizeof(float);
  for (std::size_t c = 0; c < channels_; ++c) {
    in_[c] = aligned + 2 * c * stride;
    out_[c] = in_[c] + stride;
  }
  run_ = effect.start(settings);
}

EffectPass::Output EffectPass::step(const std::array<const float*, 2>& in, std::size_t frames) {
  return step(in, frames, out_);
}

EffectPass::Output EffectPass::step(const std::array<const float*, 2>& in, std::size_t frames,
                                    const std::array<float*, 2>& out) {
  const std::size_t count = fed_ == 0 ? block_ : std::min(block_, frames + latency_ - fed_);
  const std::size_t sound = wanted(frames);
  const bool whole = sound == count;
  for (std::size_t c = 0; !whole && c < channels_; ++c) {
    std::copy_n(in[c], sound, in_[c]);
    std::fill(in_[c] + sound, in_[c] + count, 0.0f);
  }
  run_->process(whole ? in.data() : in_.data(), out.data(), count);
  if (fed_ == 0) latency_ = run_->latency();
  const std::size_t skip = fed_ < latency_ ? std::min(count, latency_ - fed_) : 0;
  const std::size_t first = fed_ + skip - latency_;  // not negative unless all is skipped
  fed_ += count;
  Output output{{}, skip < count ? std::min(count - skip, frames - first) : 0};
  for (std::size_t c = 0; c < channels_; ++c) {
    output.data[c] = out[c] + skip;
    peak_ = std::max(peak_, peak_of({output.data[c], output.frames}));
  }
  return output;
}

void EffectPass::run(AudioView in, const std::array<float*, 2>& out, float peak_limit) {
  std::size_t read = 0;
  std::size_t written = 0;
  while (!finished(in.frames()) && peak_ <= peak_limit) {
    std::array<const float*, 2> from{};
    for (std::size_t c = 0; c < channels_; ++c) from[c] = in.channel(c).data() + read;
    read += wanted(in.frames());
    // Behind the latency, which the first block tells, every frame has its place.
    const bool placed = fed_ > 0 && fed_ >= latency_;
    std::array<float*, 2> to = out_;
    for (std::size_t c = 0; placed && c < channels_; ++c) to[c] = out[c] + written;
    const Output piece = step(from, in.frames(), to);
    for (std::size_t c = 0; !placed && c < channels_; ++c) {
      std::copy_n(piece.data[c], piece.frames, out[c] + written);
    }
    written += piece.frames;
  }
}

}  // namespace soundalike
