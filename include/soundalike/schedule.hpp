#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace soundalike {

/// How a number changes over a run: learning rates, step sizes of gradients.
enum class ScheduleKind {
  constant,  ///< stays at `first`
  linear,    ///< a straight line from `first` to `last`
  cosine,    ///< half a cosine from `first` to `last` (Loshchilov & Hutter 2017, eq. 5, without restarts)
  steps,     ///< `first`, times 0.1 from 80 % of the run on and times 0.01 from 95 % on
};
std::string_view to_string(ScheduleKind kind);
std::vector<std::string_view> schedule_names();
/// @throws Error invalid_argument naming all.
ScheduleKind parse_schedule(std::string_view name);

///   const Schedule rate{.kind = ScheduleKind::cosine, .first = 1e-3, .last = 1e-5, .warm_up = 100};
///   optimiser.learning_rate = rate.at(step, steps);
struct Schedule {
  ScheduleKind kind = ScheduleKind::constant;
  double first = 1e-3;
  double last = 0.0;        ///< of linear and cosine
  std::size_t warm_up = 0;  ///< so many steps rise from 0 in a straight line

  /// The value for step 0 ... steps - 1.
  double at(std::size_t step, std::size_t steps) const;
};

}  // namespace soundalike
