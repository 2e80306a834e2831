#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "chart/frame.hpp"
#include "soundalike/chart.hpp"
#include "soundalike/html.hpp"

namespace soundalike {
namespace {

constexpr double spacing = 84.0;  // px from column to column
constexpr double half_box = 18.0;

std::string line(double x1, double y1, double x2, double y2, const char* color, double width = 1.5) {
  return fmt::format(
      "<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"{}\" stroke-width=\"{}\"/>\n", x1, y1, x2,
      y2, color, width);
}

std::string draw_box(const ChartBox& box, double x, const ChartFrame& frame, const char* color) {
  std::string out = line(x, frame.y(box.low), x, frame.y(box.quartile1), color) +
                    line(x, frame.y(box.quartile3), x, frame.y(box.high), color) +
                    line(x - 8.0, frame.y(box.low), x + 8.0, frame.y(box.low), color) +
                    line(x - 8.0, frame.y(box.high), x + 8.0, frame.y(box.high), color);
  out += fmt::format(
      "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\" fill-opacity=\"0.2\" "
      "stroke=\"{}\" "
      "stroke-width=\"1.5\"/>\n",
      x - half_box, frame.y(box.quartile3), 2.0 * half_box, frame.y(box.quartile1) - frame.y(box.quartile3), color,
      color);
  out += line(x - half_box, frame.y(box.median), x + half_box, frame.y(box.median), color, 3.0);
  for (const double value : box.outliers) {
    if (!std::isfinite(value)) continue;
    out += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"2.5\" fill=\"none\" stroke=\"{}\"/>\n", x,
                       frame.y(value), color);
  }
  return out;
}

std::string draw_mean(const ChartColumn& column, double x, const ChartFrame& frame) {
  std::string out;
  if (column.interval) {
    const auto [low, high] = *column.interval;
    out += line(x, frame.y(low), x, frame.y(high), "currentColor") +
           line(x - 4.0, frame.y(low), x + 4.0, frame.y(low), "currentColor") +
           line(x - 4.0, frame.y(high), x + 4.0, frame.y(high), "currentColor");
  }
  const double y = frame.y(*column.mean);
  return out + fmt::format("<path d=\"M{:.1f} {:.1f}l5 5l-5 5l-5 -5z\"/>\n", x, y - 5.0);
}

// A label of several words goes on lines of its own, three at most.
std::string draw_label(const std::string& label, double x, double y) {
  std::vector<std::string> lines(1);
  std::size_t from = 0;
  while (from < label.size()) {
    const std::size_t end = std::min(label.find(' ', from), label.size());
    const std::string word = label.substr(from, end - from);
    const bool fits = lines.back().empty() || lines.back().size() + word.size() < 13 || lines.size() == 3;
    if (!fits) lines.emplace_back();
    lines.back() += (lines.back().empty() ? "" : " ") + word;
    from = end + 1;
  }
  std::string out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    out += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>\n", x,
                       y + 13.0 * static_cast<double>(i), html_escape(lines[i]));
  }
  return out;
}

}  // namespace

std::string column_chart(const std::vector<ChartColumn>& columns, const ChartOptions& options) {
  std::vector<double> values;
  for (const ChartColumn& c : columns) {
    if (c.box) {
      values.insert(values.end(), {c.box->low, c.box->high});
      values.insert(values.end(), c.box->outliers.begin(), c.box->outliers.end());
    }
    if (c.mean) values.push_back(*c.mean);
    if (c.interval) values.insert(values.end(), {c.interval->first, c.interval->second});
  }
  const double width = 68.0 + spacing * static_cast<double>(std::max<std::size_t>(columns.size(), 2));
  const ChartFrame frame(values, options, width);
  std::string out = frame.opening();
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const double x = frame.left() + spacing * (static_cast<double>(i) + 0.5);
    const double shift = columns[i].box ? half_box + 10.0 : 0.0;  // beside the box
    if (columns[i].box) out += draw_box(*columns[i].box, x, frame, chart_color(i));
    if (columns[i].mean && std::isfinite(*columns[i].mean)) out += draw_mean(columns[i], x + shift, frame);
    out += draw_label(columns[i].label, x, frame.bottom() + 16.0);
  }
  return out + "</svg>\n";
}

}  // namespace soundalike
