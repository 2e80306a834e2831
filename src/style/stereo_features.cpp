// Stereo width and balance per band, and how they move.
#include <algorithm>
#include <array>
#include <cmath>

#include "style/fast_log.hpp"
#include "style/features.hpp"
#include "style/quantiles.hpp"

namespace soundalike::style {

void FeatureExtractor::write_stereo(const Signals& signals, const Frames& mid, FeatureWriter& out) const {
  std::vector<float> left(signals.mid.size());
  for (std::size_t i = 0; i < left.size(); ++i) left[i] = signals.mid[i] + signals.side[i];
  std::vector<float>& right = left;  // reused once the left spectra are taken
  const PowerFrames left_power = medium_.power(left);
  for (std::size_t i = 0; i < right.size(); ++i) right[i] = signals.mid[i] - signals.side[i];
  const PowerFrames right_power = medium_.power(right);
  const PowerFrames side_power = medium_.power(signals.side);

  std::array<float, broad_bands> l{};
  std::array<float, broad_bands> r{};
  std::array<float, broad_bands> m{};
  std::array<float, broad_bands> s{};
  std::array<double, broad_bands> mid_sum{};
  std::array<double, broad_bands> side_sum{};
  std::array<double, broad_bands> cross_sum{};  // Re(L R*) = |M|^2 - |S|^2
  std::array<double, broad_bands> product_sum{};
  std::array<DecibelHistogram, broad_bands> balance;
  std::array<DecibelHistogram, broad_bands> width;
  for (std::size_t t = 0; t < mid.density.frames; ++t) {
    broad_.average(left_power.frame(t), l.data());
    broad_.average(right_power.frame(t), r.data());
    broad_.average(mid.density.frame(t), m.data());
    broad_.average(side_power.frame(t), s.data());
    for (std::size_t b = 0; b < broad_bands; ++b) {
      mid_sum[b] += m[b];
      side_sum[b] += s[b];
      cross_sum[b] += static_cast<double>(m[b]) - s[b];
      product_sum[b] += std::sqrt(static_cast<double>(l[b]) * r[b]);
      if (m[b] + s[b] < 1e-5f) continue;
      balance[b].add(fast_decibels(l[b] + 1e-6f) - fast_decibels(r[b] + 1e-6f));
      width[b].add(fast_decibels(s[b] + 1e-6f) - fast_decibels(m[b] + 1e-6f));
    }
  }
  for (std::size_t b = 0; b < broad_bands; ++b) {
    const int band = static_cast<int>(b);
    const bool used = broad_.used(b);
    out.put("width.mean", band, static_cast<float>(10.0 * std::log10((side_sum[b] + 1e-6) / (mid_sum[b] + 1e-6))),
            used);
    out.put("width.correlation", band, static_cast<float>(10.0 * cross_sum[b] / (product_sum[b] + 1e-6)), used);
    const auto w = width[b].quantiles<3>({0.1f, 0.5f, 0.9f});
    const auto p = balance[b].quantiles<3>({0.1f, 0.5f, 0.9f});
    for (std::size_t i = 0; i < 3; ++i) {
      out.put("width.q", band, static_cast<int>(i), w[i], used);
      out.put("balance.q", band, static_cast<int>(i), p[i], used);
    }
  }
}

}  // namespace soundalike::style
