#include "probe/neutral.hpp"

#include "probe/sweep.hpp"

namespace soundalike {
namespace {

constexpr double neutral_db = -60.0;  // error energy against the dry signal

}  // namespace

void NeutralSearch::consider(const Settings& settings, const Look& look) {
  if (look.ok() && look.dry_error_db < nearest_db_) {
    nearest_db_ = look.dry_error_db;
    nearest_ = settings;
  }
}

void NeutralSearch::try_all(const std::vector<Settings>& settings) {
  const auto looks = bench_.look(settings);
  for (std::size_t i = 0; i < looks.size(); ++i) consider(settings[i], looks[i]);
}

std::optional<Settings> NeutralSearch::find(const Settings& base) {
  consider(base, bench_.look({base}).front());
  for (int round = 0; round < 4 && nearest_db_ > neutral_db && !nearest_.empty(); ++round) {
    if (bench_.parameters() > 40) break;
    const double before = nearest_db_;
    const Settings start = nearest_;
    std::vector<Settings> settings;
    for (std::size_t p = 0; p < start.size(); ++p) {
      for (std::size_t i = 0; !bench_.is_fixed(p) && i < bench_.options().sweep_values; ++i) {
        settings.push_back(
            with_knob(start, p, static_cast<float>(i) / static_cast<float>(bench_.options().sweep_values - 1)));
      }
    }
    try_all(settings);
    // The best place of the knob that helped most is between the values of the sweep.
    for (std::size_t p = 0; p < start.size(); ++p) {
      float reach = 1.0f / static_cast<float>(bench_.options().sweep_values - 1);
      for (; nearest_[p] != start[p] && reach > 1e-5f && nearest_db_ > neutral_db; reach /= 8.0f) {
        settings.clear();
        for (const float x : between(nearest_[p] - reach, nearest_[p] + reach)) {
          settings.push_back(with_knob(nearest_, p, x));
        }
        try_all(settings);
      }
    }
    if (nearest_db_ > before - 1.0) break;
  }
  if (nearest_db_ > neutral_db) return std::nullopt;
  return nearest_;
}

}  // namespace soundalike
