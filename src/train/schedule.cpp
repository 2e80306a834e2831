#include "soundalike/schedule.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "soundalike/error.hpp"

namespace soundalike {
namespace {

struct Row {
  ScheduleKind kind;
  std::string_view name;
};
constexpr std::array rows{Row{ScheduleKind::constant, "constant"}, Row{ScheduleKind::linear, "linear"},
                          Row{ScheduleKind::cosine, "cosine"}, Row{ScheduleKind::steps, "steps"}};

}  // namespace

std::string_view to_string(ScheduleKind kind) { return std::ranges::find(rows, kind, &Row::kind)->name; }

std::vector<std::string_view> schedule_names() {
  std::vector<std::string_view> names;
  for (const Row& row : rows) names.push_back(row.name);
  return names;
}

ScheduleKind parse_schedule(std::string_view name) {
  const auto found = std::ranges::find(rows, name, &Row::name);
  if (found != rows.end()) return found->kind;
  throw Error(ErrorCode::invalid_argument,
              fmt::format("unknown schedule '{}'; known are {}", name, fmt::join(schedule_names(), ", ")));
}

double Schedule::at(std::size_t step, std::size_t steps) const {
  if (step < warm_up) return first * static_cast<double>(step + 1) / static_cast<double>(warm_up);
  const double length = steps > warm_up + 1 ? static_cast<double>(steps - warm_up - 1) : 1.0;
  const double part = std::min(1.0, static_cast<double>(step - warm_up) / length);
  switch (kind) {
    case ScheduleKind::constant:
      return first;
    case ScheduleKind::linear:
      return first + (last - first) * part;
    case ScheduleKind::cosine:
      return last + (first - last) * 0.5 * (1.0 + std::cos(std::numbers::pi * part));
    case ScheduleKind::steps:
      return part < 0.8 ? first : part < 0.95 ? 0.1 * first : 0.01 * first;
  }
  return first;
}

}  // namespace soundalike
