#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "chart/frame.hpp"
#include "soundalike/chart.hpp"
#include "soundalike/html.hpp"

namespace soundalike {

std::string line_chart(const std::vector<ChartLine>& lines, const ChartOptions& options) {
  constexpr double width = 760.0;
  constexpr double legend = 220.0;
  std::vector<double> values;
  double first = INFINITY;
  double last = -INFINITY;
  for (const ChartLine& l : lines) {
    for (const auto& [x, y] : l.points) {
      values.push_back(y);
      first = std::min(first, x);
      last = std::max(last, x);
    }
  }
  const ChartFrame frame(values, options, width, legend);
  const auto ticks = std::isfinite(first) ? chart_ticks(first, last, 8) : std::vector{0.0, 1.0};
  const auto across = [&](double x) {
    return frame.left() + (x - ticks.front()) / (ticks.back() - ticks.front()) * (frame.right() - frame.left());
  };
  std::string out = frame.opening();
  for (const double tick : ticks) {
    out += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>\n", across(tick),
                       frame.bottom() + 16.0, tick_text(tick));
  }
  out += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>\n",
                     (frame.left() + frame.right()) / 2.0, frame.bottom() + 34.0, html_escape(options.horizontal));
  // Told apart by dashes and labels too, not by colour alone.
  constexpr const char* dashes[] = {"none", "6 3", "2 3", "8 3 2 3"};
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::string path;
    for (const auto& [x, y] : lines[i].points) {
      if (!std::isfinite(y)) continue;
      path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", across(x), frame.y(y));
    }
    if (path.empty()) continue;
    const double row = frame.top() + 6.0 + 18.0 * static_cast<double>(i);
    path += fmt::format("M{:.1f} {:.1f}h24", frame.right() + 12.0, row);
    out += fmt::format("<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2\" stroke-dasharray=\"{}\"/>\n",
                       path, chart_color(i), dashes[i % std::size(dashes)]);
    out += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", frame.right() + 42.0, row + 4.0,
                       html_escape(lines[i].label));
  }
  return out + "</svg>\n";
}

}  // namespace soundalike
