#include "numbers.hpp"

#include <fmt/format.h>

#include <cmath>

namespace soundalike::cli {

std::string decibel_text(double db, bool sign) {
  if (std::isnan(db)) return "n/a";
  if (std::isinf(db)) return db < 0.0 ? "-inf" : sign ? "+inf" : "inf";
  const double rounded = std::round(db * 10.0) / 10.0 + 0.0;  // + 0.0 turns -0 into 0
  return sign ? fmt::format("{:+.1f}", rounded) : fmt::format("{:.1f}", rounded);
}

std::string duration_text(double seconds) {
  if (seconds < 1.0) return fmt::format("{:.2f} s", seconds);
  if (seconds < 60.0) return fmt::format("{:.1f} s", seconds);
  const auto whole = std::llround(seconds);
  if (whole < 3600) return fmt::format("{}:{:02}", whole / 60, whole % 60);
  return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

nlohmann::ordered_json number_or_null(double value) {
  return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json(nullptr);
}

std::string plain_text(double value) { return fmt::format("{:.6g}", value + 0.0); }

}  // namespace soundalike::cli
