#include "probe/closeness.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "soundalike/rng.hpp"

namespace soundalike {
namespace {

constexpr std::array step_candidates{0.001f, 0.003f, 0.01f, 0.03f};
constexpr float preferred_step = 0.01f;
constexpr float far_step = 0.05f;

double median(std::vector<double> values) {
  if (values.empty()) return 0.0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

}  // namespace

double look_closely(Bench& bench, std::size_t p, const std::vector<Settings>& bases, Profile::Knob& knob,
                    KnobProbe& result) {
  constexpr std::size_t places = 6;
  const float width = knob.high - knob.low;
  std::vector<Settings> settings;
  Rng rng = Rng::derive(bench.options().seed, 2, p);
  for (const Settings& base : bases) {
    for (std::size_t k = 0; k < places; ++k) {
      const auto x = knob.low + width * static_cast<float>(rng.uniform(0.05, 0.70));
      settings.push_back(with_knob(base, p, x));
      settings.push_back(with_knob(base, p, x + 0.01f * width));
      settings.push_back(with_knob(base, p, x + 0.25f * width));
      for (const float step : step_candidates) {
        settings.push_back(with_knob(base, p, x - step));
        settings.push_back(with_knob(base, p, x + step));
      }
      settings.push_back(with_knob(base, p, x - far_step));
      settings.push_back(with_knob(base, p, x + far_step));
    }
  }
  const auto looks = bench.look(settings);
  constexpr std::size_t stride = 3 + 2 * step_candidates.size() + 2;
  std::vector<double> near;
  std::vector<double> far;
  std::array<std::vector<double>, step_candidates.size()> agreement;
  for (std::size_t i = 0; i < looks.size(); i += stride) {
    const std::span<const Look> group(&looks[i], stride);
    if (!std::ranges::all_of(group, &Look::ok)) continue;
    near.push_back(band_change(group[0].picture, group[1].picture));
    far.push_back(band_change(group[0].picture, group[2].picture));
    const BandPicture& low = group[stride - 2].picture;
    const BandPicture& high = group[stride - 1].picture;
    for (std::size_t s = 0; s < step_candidates.size(); ++s) {
      // Both differences, carried to one origin.
      BandPicture moved = low;
      for (std::size_t k = 0; k < moved.size(); ++k)
        moved[k] += group[4 + 2 * s].picture[k] - group[3 + 2 * s].picture[k];
      agreement[s].push_back(change_agreement(low, moved, high));
    }
  }
  const double local = median(near);
  const double wide = median(far);
  result.roughness = wide > 0.0 ? local / wide : 0.0;
  std::array<double, step_candidates.size()> means{};
  for (std::size_t s = 0; s < means.size(); ++s) means[s] = median(agreement[s]);
  const double best = *std::ranges::max_element(means);
  for (std::size_t s = 0; s < means.size(); ++s) {
    const bool preferred = step_candidates[s] == preferred_step;
    if (means[s] == best || (preferred && means[s] > best - 0.02)) {
      knob.step = result.step = step_candidates[s];
      result.step_agreement = means[s];
      if (preferred) break;
    }
  }
  return local;
}

}  // namespace soundalike
