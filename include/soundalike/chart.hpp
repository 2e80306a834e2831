#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace soundalike {

/// What a chart is called and what its vertical axis shows.
struct ChartOptions {
  std::string title;                ///< read aloud to who cannot see it
  std::string axis;                 ///< of the values, with unit: "grade", "MRSTFT"
  std::string horizontal;           ///< of a line chart's x
  std::optional<double> low, high;  ///< of the axis; absent: from the values, widened to round numbers
  double height = 320.0;            ///< px; the width follows from the count of columns
};

/// A box and whiskers with what lies beyond them.
struct ChartBox {
  double low = 0.0, quartile1 = 0.0, median = 0.0, quartile3 = 0.0, high = 0.0;
  std::vector<double> outliers;
};

/// One place along the horizontal axis. What is not there is not drawn.
struct ChartColumn {
  std::string label;
  std::optional<ChartBox> box;
  std::optional<double> mean;                         ///< a diamond
  std::optional<std::pair<double, double>> interval;  ///< a bar with ends, around the mean
};

/// A curve: points from left to right.
struct ChartLine {
  std::string label;
  std::vector<std::pair<double, double>> points;
};

/// Charts for reports, as SVG elements to put into a page: no script, no font, nothing from elsewhere; text takes the
/// page's colour, so light and dark both do. Values that are not finite are left out.
///
///   std::string svg = column_chart({{.label = "dry", .box = box_of(scores)}}, {.title = "Grades", .axis = "grade"});
///
/// Same input, same bytes. Safe from many threads.
std::string column_chart(const std::vector<ChartColumn>& columns, const ChartOptions& options);
std::string line_chart(const std::vector<ChartLine>& lines, const ChartOptions& options);

/// Round numbers that span [low, high] with at most `most` steps of 1, 2 or 5 times a power of ten.
std::vector<double> chart_ticks(double low, double high, int most = 6);

}  // namespace soundalike
