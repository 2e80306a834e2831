#include "spectral/ticks.hpp"

#include <fmt/format.h>

#include <cmath>

namespace soundalike {
namespace {

constexpr double plain_seconds = 120.0;  // longer recordings are read in minutes
constexpr double plain_minutes = 3600.0;

/// The smallest round step that is >= least.
double round_step(double least) {
  for (const double step : {5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0}) {
    if (least > 2.0 && step >= least) return step;
  }
  double unit = least > 1800.0 ? 3600.0 : std::pow(10.0, std::floor(std::log10(least)));
  for (;; unit *= 10.0) {
    for (const double step : {1.0, 2.0, 5.0}) {
      if (step * unit >= least * (1.0 - 1e-9)) return step * unit;
    }
  }
}

std::string time_label(double value, double step, double seconds) {
  if (seconds <= plain_seconds) {
    const int decimals = step >= 1.0 ? 0 : static_cast<int>(std::ceil(-std::log10(step) - 1e-9));
    return fmt::format("{:.{}f}", value, decimals);
  }
  const auto whole = static_cast<long>(std::lround(value));
  if (seconds <= plain_minutes) return fmt::format("{}:{:02}", whole / 60, whole % 60);
  return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

}  // namespace

std::vector<Tick> time_ticks(double seconds, int most) {
  std::vector<Tick> out;
  const double step = round_step(seconds / most);
  for (int i = 0; static_cast<double>(i) * step <= seconds * (1.0 + 1e-9); ++i) {
    const double value = static_cast<double>(i) * step;
    out.push_back({value, time_label(value, step, seconds)});
  }
  return out;
}

const char* time_unit(double seconds) {
  if (seconds <= plain_seconds) return "seconds";
  return seconds <= plain_minutes ? "min:s" : "h:min:s";
}

std::vector<Tick> frequency_ticks(double low_hz, double high_hz) {
  std::vector<Tick> out;
  for (const double hz : {1e3, 2e3, 5e3, 10e3, 500.0, 20e3, 50e3, 100e3, 200.0, 3e3, 7e3, 15e3, 100.0, 30e3, 1.5e3}) {
    if (hz >= low_hz && hz <= high_hz) out.push_back({hz, fmt::format("{}", hz / 1e3)});
  }
  return out;
}

std::vector<Tick> level_ticks(double low_db, double high_db) {
  std::vector<Tick> out;
  constexpr double step = 20.0;
  const auto last = static_cast<int>(std::ceil(low_db / step));
  for (auto i = static_cast<int>(std::floor(high_db / step)); i >= last; --i) {
    out.push_back({step * i, fmt::format("{:.0f}", step * i)});
  }
  return out;
}

}  // namespace soundalike
