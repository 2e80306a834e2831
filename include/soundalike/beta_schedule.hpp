#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace soundalike {

/// How the weight of a VAE's Kullback-Leibler term changes over a run.
enum class BetaScheduleKind {
  constant,        ///< `high` throughout
  linear,          ///< from `low` to `high` in a straight line
  cyclic,          ///< in each cycle half a cosine up from `low` to `high`, then `high` (Fu et al. 2019, section 3.2)
  cyclic_falling,  ///< in each cycle half a cosine down from `high` to `low`, as the original system had it
};
std::string_view to_string(BetaScheduleKind kind);
std::vector<std::string_view> beta_schedule_names();
/// @throws Error invalid_argument naming all.
BetaScheduleKind parse_beta_schedule(std::string_view name);

///   const BetaSchedule beta{.kind = BetaScheduleKind::cyclic, .low = 0.0, .high = 1e-3, .cycles = 4};
///   loss = reconstruction + beta.at(step, steps) * kl;
struct BetaSchedule {
  BetaScheduleKind kind = BetaScheduleKind::cyclic;
  double low = 1e-4;
  double high = 1e-3;      ///< what a model is judged at
  std::size_t cycles = 4;  ///< over the run, of the cyclic ones
  double rise = 0.5;       ///< share of a cycle in which `cyclic` rises

  /// The value for step 0 ... steps - 1.
  double at(std::size_t step, std::size_t steps) const;
};

}  // namespace soundalike
