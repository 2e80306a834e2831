#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace soundalike::style {

/// Quantiles of decibel values by a histogram: one pass, no sorting. Values outside +-`limit` count at the edge.
/// Linear inside a bin of 0.25 dB, so quantiles move smoothly with the data.
class DecibelHistogram {
 public:
  static constexpr float limit = 96.0f;
  static constexpr float bins_per_decibel = 4.0f;

  void clear() {
    counts_.fill(0);
    total_ = 0;
  }
  void add(float decibels) {
    const float position = (std::clamp(decibels, -limit, limit) + limit) * bins_per_decibel;
    ++counts_[static_cast<std::size_t>(position)];
    ++total_;
  }
  void add(const float* decibels, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) add(decibels[i]);
  }
  std::uint32_t total() const { return total_; }
  /// @param q ascending, in (0, 1). Zeros when nothing was added.
  template <std::size_t N>
  std::array<float, N> quantiles(const std::array<float, N>& q) const {
    std::array<float, N> out{};
    if (total_ == 0) return out;
    std::size_t bin = 0;
    float below = 0.0f;  // values in bins before `bin`
    for (std::size_t i = 0; i < N; ++i) {
      const float wanted = q[i] * static_cast<float>(total_);
      while (bin + 1 < counts_.size() && below + static_cast<float>(counts_[bin]) < wanted) {
        below += static_cast<float>(counts_[bin++]);
      }
      const auto count = static_cast<float>(std::max<std::uint32_t>(counts_[bin], 1));
      const float inside = std::clamp((wanted - below) / count, 0.0f, 1.0f);
      out[i] = (static_cast<float>(bin) + inside) / bins_per_decibel - limit;
    }
    return out;
  }

 private:
  std::array<std::uint32_t, static_cast<std::size_t>(2 * limit * bins_per_decibel) + 1> counts_{};
  std::uint32_t total_ = 0;
};

}  // namespace soundalike::style
