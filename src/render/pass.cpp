#include "render/pass.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>

#include "soundalike/error.hpp"

namespace soundalike::farm {
namespace {

constexpr double longest_latency_seconds = 60.0;  // more is a plugin that never set the port

}  // namespace

// Every rendered sample passes here: with AVX2, where there is some, it costs a fifth. Integers, so the same result.
[[gnu::target_clones("avx2", "default")]] float peak_of(std::span<const float> samples) {
  // Without the sign, floats order like their bits, and NaN and infinity lie above all numbers.
  std::int32_t largest = 0;
  for (const float sample : samples) largest = std::max(largest, std::bit_cast<std::int32_t>(sample) & 0x7fffffff);
  const float peak = std::bit_cast<float>(largest);
  return peak <= std::numeric_limits<float>::max() ? peak : std::numeric_limits<float>::infinity();
}

Pass::Pass(const Effect& effect, std::span<const float> settings)
    : channels_(effect.setup().channels), block_(effect.setup().block_size), rate_(effect.setup().sample_rate.hz) {
  constexpr std::size_t line = 16;  // floats in 64 bytes
  const std::size_t stride = (block_ + line - 1) / line * line;
  memory_.resize(2 * channels_ * stride + line);
  const auto address = reinterpret_cast<std::uintptr_t>(memory_.data());
  float* aligned = reinterpret_cast<float*>((address + 63) / 64 * 64);
  for (std::size_t c = 0; c < channels_; ++c) {
    in_[c] = aligned + 2 * c * stride;
    out_[c] = in_[c] + stride;
  }
  run_ = effect.start(settings);
}

Pass::Output Pass::step(const std::array<const float*, 2>& in, std::size_t frames) {
  const std::size_t count = std::min(block_, frames + latency_ - fed_);
  const std::size_t sound = wanted(frames);
  for (std::size_t c = 0; c < channels_; ++c) {
    std::copy_n(in[c], sound, in_[c]);
    std::fill(in_[c] + sound, in_[c] + count, 0.0f);
  }
  run_->process(in_.data(), out_.data(), count);
  if (fed_ == 0) {
    latency_ = run_->latency();
    if (static_cast<double>(latency_) > longest_latency_seconds * rate_) {
      throw Error(ErrorCode::plugin_failed, fmt::format("the plugin reports a latency of {} frames", latency_));
    }
  }
  for (std::size_t c = 0; c < channels_; ++c) peak_ = std::max(peak_, peak_of({out_[c], count}));
  const std::size_t skip = fed_ < latency_ ? std::min(count, latency_ - fed_) : 0;
  const std::size_t first = fed_ + skip - latency_;  // not negative unless all is skipped
  fed_ += count;
  Output output{{}, skip < count ? std::min(count - skip, frames - first) : 0};
  for (std::size_t c = 0; c < channels_; ++c) output.data[c] = out_[c] + skip;
  return output;
}

}  // namespace soundalike::farm
