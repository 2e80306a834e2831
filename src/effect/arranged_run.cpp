#include "effect/arranged_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "soundalike/error.hpp"

namespace soundalike {
namespace {

constexpr double longest_latency_seconds = 60.0;

}  // namespace

ArrangedRun::ArrangedRun(Shape shape, const std::function<std::unique_ptr<PluginInstance>()>& make_instance)
    : shape_(std::move(shape)) {
  const bool one_per_channel = shape_.setup.channels == 2 && shape_.inputs == 1 && shape_.outputs == 1;
  for (std::size_t i = 0; i < (one_per_channel ? 2 : 1); ++i) instances_.push_back(make_instance());
}

void ArrangedRun::process(const float* const* in, float* const* out, std::size_t frames) {
  if (frames == 0 || frames > shape_.setup.block_size) {
    throw Error(ErrorCode::internal,
                fmt::format("a block has {} frames, expected 1 to {}", frames, shape_.setup.block_size));
  }
  feed(in, frames);
  const std::size_t run_frames = shape_.whole_blocks ? shape_.setup.block_size : frames;
  for (const auto& instance : instances_) instance->run(run_frames);
  if (!latency_) repeat_where_restarted(in, frames, run_frames);
  collect(out, frames);
  if (!latency_) latency_ = checked_latency();
}

void ArrangedRun::repeat_where_restarted(const float* const* in, std::size_t frames, std::size_t run_frames) {
  for (const auto& instance : instances_) {
    if (!instance->restarted()) continue;
    feed(in, frames);  // a plugin may have written to its input
    instance->run(run_frames);
  }
}

void ArrangedRun::feed(const float* const* in, std::size_t frames) {
  const std::size_t channels = shape_.setup.channels;
  if (instances_.size() == 2) {
    for (std::size_t c = 0; c < 2; ++c) copy_in(instances_[c]->input(0), in[c], frames);
  } else if (channels == 2 && shape_.inputs == 1) {
    float* to = instances_[0]->input(0);
    for (std::size_t i = 0; i < frames; ++i) to[i] = 0.5f * (in[0][i] + in[1][i]);
    silence_rest(to, frames);
  } else {
    for (std::size_t p = 0; p < shape_.inputs; ++p) {
      copy_in(instances_[0]->input(p), in[std::min(p, channels - 1)], frames);
    }
  }
}

void ArrangedRun::collect(float* const* out, std::size_t frames) const {
  const std::size_t channels = shape_.setup.channels;
  if (instances_.size() == 2) {
    for (std::size_t c = 0; c < 2; ++c) std::copy_n(instances_[c]->output(0), frames, out[c]);
  } else if (channels == 1 && shape_.outputs == 2) {
    const float* left = instances_[0]->output(0);
    const float* right = instances_[0]->output(1);
    for (std::size_t i = 0; i < frames; ++i) out[0][i] = 0.5f * (left[i] + right[i]);
  } else {
    for (std::size_t c = 0; c < channels; ++c) {
      std::copy_n(instances_[0]->output(std::min(c, shape_.outputs - 1)), frames, out[c]);
    }
  }
}

void ArrangedRun::copy_in(float* to, const float* from, std::size_t frames) const {
  std::copy_n(from, frames, to);
  silence_rest(to, frames);
}

void ArrangedRun::silence_rest(float* to, std::size_t frames) const {
  if (shape_.whole_blocks) std::fill(to + frames, to + shape_.setup.block_size, 0.0f);
}

std::size_t ArrangedRun::checked_latency() const {
  const float frames = instances_.front()->reported_latency();
  if (!(frames > 0.0f)) return 0;
  if (frames > longest_latency_seconds * shape_.setup.sample_rate.hz) {
    throw Error(ErrorCode::plugin_failed, fmt::format("'{}' reports a latency of {} frames, more than {} s",
                                                      shape_.name, frames, longest_latency_seconds));
  }
  return static_cast<std::size_t>(std::lround(frames));
}

void check_setup(const std::string& name, const RenderSetup& setup) {
  const auto reject = [&](const std::string& why) {
    throw Error(ErrorCode::invalid_argument, fmt::format("cannot open '{}': {}", name, why));
  };
  if (!(setup.sample_rate.hz >= 1.0 && setup.sample_rate.hz <= 1e6)) {
    reject(fmt::format("the sample rate is {} Hz; 1 Hz to 1 MHz would work", setup.sample_rate.hz));
  }
  if (setup.channels != 1 && setup.channels != 2) {
    reject(fmt::format("audio with {} channels; 1 or 2 would work", setup.channels));
  }
  if (setup.block_size == 0 || setup.block_size > (1u << 20)) {
    reject(fmt::format("blocks of {} frames; 1 to 1048576 would work", setup.block_size));
  }
}

}  // namespace soundalike
