#pragma once

#include <string>
#include <vector>

#include "soundalike/chart.hpp"

namespace soundalike {

/// Where values come to lie, and the axis beside them. Lengths in px, y downwards.
class ChartFrame {
 public:
  /// @param values to be shown; the axis is widened to hold them all.
  /// @param margin left free on the right.
  ChartFrame(const std::vector<double>& values, const ChartOptions& options, double width, double margin = 12.0);
  double y(double value) const;
  double left() const { return left_; }
  double right() const { return width_ - margin_; }
  double top() const { return 12.0; }
  double bottom() const { return options_.height - 44.0; }
  /// The opening tag, title, grid and axis labels.
  std::string opening() const;

 private:
  ChartOptions options_;
  double width_, margin_;
  double left_ = 56.0;
  std::vector<double> ticks_;
  double low_ = 0.0, high_ = 1.0;
};

/// One of eight colours that colour-blind readers tell apart (Okabe & Ito 2008).
const char* chart_color(std::size_t index);
/// "0.25", "80": as short as the axis allows.
std::string tick_text(double value);

}  // namespace soundalike
