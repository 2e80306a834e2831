#include "soundalike/beta_schedule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "soundalike/error.hpp"

namespace soundalike {
namespace {

// 0 to 1 as x goes from 0 to 1.
double half_cosine(double x) { return 0.5 * (1.0 - std::cos(std::numbers::pi * std::clamp(x, 0.0, 1.0))); }

struct Row {
  BetaScheduleKind kind;
  std::string_view name;
  /// Place between low (0) and high (1). @param whole of the run, @param cycle of the present cycle, both in [0, 1).
  double (*place)(double whole, double cycle, double rise);
};
constexpr std::array rows{
    Row{BetaScheduleKind::constant, "constant", [](double, double, double) { return 1.0; }},
    Row{BetaScheduleKind::linear, "linear", [](double whole, double, double) { return whole; }},
    Row{BetaScheduleKind::cyclic, "cyclic",
        [](double, double cycle, double rise) { return rise > 0.0 ? half_cosine(cycle / rise) : 1.0; }},
    Row{BetaScheduleKind::cyclic_falling, "cyclic-falling",
        [](double, double cycle, double) { return 1.0 - half_cosine(cycle); }},
};

}  // namespace

std::string_view to_string(BetaScheduleKind kind) { return std::ranges::find(rows, kind, &Row::kind)->name; }

std::vector<std::string_view> beta_schedule_names() {
  std::vector<std::string_view> names;
  for (const Row& row : rows) names.push_back(row.name);
  return names;
}

BetaScheduleKind parse_beta_schedule(std::string_view name) {
  const auto* const row = std::ranges::find(rows, name, &Row::name);
  if (row != rows.end()) return row->kind;
  throw Error(ErrorCode::invalid_argument, fmt::format("cannot use beta schedule '{}': no such schedule; known are {}",
                                                       name, fmt::join(beta_schedule_names(), ", ")));
}

double BetaSchedule::at(std::size_t step, std::size_t steps) const {
  const double last = static_cast<double>(std::max<std::size_t>(2, steps) - 1);
  const double whole = std::min(1.0, static_cast<double>(step) / last);
  const double all = static_cast<double>(step) * static_cast<double>(std::max<std::size_t>(1, cycles)) /
                     static_cast<double>(std::max<std::size_t>(1, steps));
  const double place = std::ranges::find(rows, kind, &Row::kind)->place(whole, all - std::floor(all), rise);
  return low + place * (high - low);
}

}  // namespace soundalike
