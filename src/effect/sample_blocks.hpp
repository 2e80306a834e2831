#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

namespace soundalike {

/// What audio buffers of plugins are aligned to, in bytes.
inline constexpr std::size_t sample_alignment = 64;

/// Samples of one block for a number of ports, each aligned; zeros at first.
class SampleBlocks {
 public:
  SampleBlocks(std::size_t ports, std::size_t frames) : stride_((frames + 15) / 16 * 16) {
    const std::size_t bytes = std::max<std::size_t>(1, ports) * stride_ * sizeof(float);
    samples_.reset(static_cast<float*>(std::aligned_alloc(sample_alignment, bytes)));
    if (!samples_) throw std::bad_alloc();
    std::memset(samples_.get(), 0, bytes);
  }
  float* operator[](std::size_t port) const { return samples_.get() + port * stride_; }

 private:
  struct Free {
    void operator()(float* memory) const { std::free(memory); }
  };
  std::size_t stride_;
  std::unique_ptr<float, Free> samples_;
};

}  // namespace soundalike
