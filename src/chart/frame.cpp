#include "chart/frame.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "soundalike/html.hpp"

namespace soundalike {

std::vector<double> chart_ticks(double low, double high, int most) {
  if (!(high > low)) {
    low -= 0.5;
    high = low + 1.0;
  }
  const double rough = (high - low) / most;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  double step = 10.0 * power;
  for (const double factor : {5.0, 2.0, 1.0}) {
    // Both ends are rounded outwards, so a step must leave room for that.
    const double candidate = factor * power;
    if (std::ceil(high / candidate) - std::floor(low / candidate) <= most) step = candidate;
  }
  std::vector<double> ticks;
  const double first = std::floor(low / step + 1e-9), last = std::ceil(high / step - 1e-9);
  for (int i = 0; i <= static_cast<int>(last - first); ++i) ticks.push_back((first + i) * step);
  return ticks;
}

const char* chart_color(std::size_t index) {
  constexpr std::array colors{"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#8a6d00", "#777777"};
  return colors[index % colors.size()];
}

std::string tick_text(double value) { return fmt::format("{:.6g}", std::fabs(value) < 1e-12 ? 0.0 : value); }

ChartFrame::ChartFrame(const std::vector<double>& values, const ChartOptions& options, double width, double margin)
    : options_(options), width_(width), margin_(margin) {
  double low = options.low.value_or(INFINITY);
  double high = options.high.value_or(-INFINITY);
  for (const double v : values) {
    if (!std::isfinite(v)) continue;
    low = std::min(low, v);
    high = std::max(high, v);
  }
  if (!std::isfinite(low) || !std::isfinite(high)) {
    low = 0.0;
    high = 1.0;
  }
  ticks_ = chart_ticks(low, high);
  low_ = ticks_.front();
  high_ = ticks_.back();
}

double ChartFrame::y(double value) const { return bottom() - (value - low_) / (high_ - low_) * (bottom() - top()); }

std::string ChartFrame::opening() const {
  std::string out = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"{0:.0f}\" height=\"{1:.0f}\" "
      "viewBox=\"0 0 {0:.0f} {1:.0f}\" font-family=\"sans-serif\" font-size=\"12\" fill=\"currentColor\">"
      "<title>{2}</title>\n",
      width_, options_.height, html_escape(options_.title));
  for (const double tick : ticks_) {
    out += fmt::format(
        "<line x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"currentColor\" stroke-opacity=\"0.2\"/>"
        "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>\n",
        left_, right(), y(tick), y(tick), left_ - 6.0, y(tick) + 4.0, tick_text(tick));
  }
  const double middle = (top() + bottom()) / 2.0;
  out += fmt::format(
      "<text x=\"14\" y=\"{0:.1f}\" text-anchor=\"middle\" transform=\"rotate(-90 14 {0:.1f})\">{1}</text>\n", middle,
      html_escape(options_.axis));
  return out;
}

}  // namespace soundalike
