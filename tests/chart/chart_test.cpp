#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "soundalike/chart.hpp"
#include "soundalike/html.hpp"

using namespace soundalike;

namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

}  // namespace

TEST_CASE("ticks_are_round_span_the_values_and_are_few") {
  for (const auto& [low, high] : {std::pair{0.0, 100.0}, {0.31, 0.74}, {-3.0, 12.0}, {1e-4, 2e-4}, {5.0, 5.0}}) {
    const auto ticks = chart_ticks(low, high);
    const auto& shown = low;  // lambdas of Clang 14 take no structured bindings
    CAPTURE(shown);
    CHECK(ticks.front() <= low + 1e-12);
    CHECK(ticks.back() >= high - 1e-12);
    CHECK(ticks.size() >= 3);
    CHECK(ticks.size() <= 7);
    const double step = ticks[1] - ticks[0];
    const double digits = step / std::pow(10.0, std::floor(std::log10(step) + 1e-9));
    CHECK((std::fabs(digits - 1) < 1e-6 || std::fabs(digits - 2) < 1e-6 || std::fabs(digits - 5) < 1e-6));
  }
  CHECK(chart_ticks(0.0, 100.0) == std::vector<double>{0, 20, 40, 60, 80, 100});
}

TEST_CASE("a_higher_value_is_drawn_higher_and_a_box_holds_its_median") {
  const ChartBox box{.low = 10, .quartile1 = 20, .median = 50, .quartile3 = 80, .high = 90, .outliers = {99}};
  const std::string svg =
      column_chart({{.label = "a", .box = box}}, {.title = "t", .axis = "x", .low = 0, .high = 100});
  // The axis from 0 to 100 lies between y = 276 and y = 12.
  CHECK(count(svg, "<rect") == 1);
  CHECK(svg.find("y=\"64.8\" width=\"36.0\" height=\"158.4\"") != std::string::npos);  // 80 and 60 long
  CHECK(count(svg, "y1=\"144.0\"") == 1);                                              // the median at 50
  CHECK(count(svg, "<circle") == 1);
}

TEST_CASE("what_is_not_a_number_is_not_drawn") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::string svg = column_chart({{.label = "a", .mean = nan}, {.label = "b", .mean = 2.0}}, {}) +
                          line_chart({{"c", {{0, 1}, {1, nan}, {2, 3}}}}, {}) + line_chart({}, {}) +
                          column_chart({}, {});
  CHECK(count(svg, "nan") == 0);
  CHECK(count(svg, "inf") == 0);
  CHECK(count(svg, "<path") == 2);
}

TEST_CASE("names_cannot_break_out_of_a_page") {
  const std::string name = "<script>\"a\" & 'b'";
  const std::string page =
      html_page(name, html_table({name}, {{name}}) + column_chart({{.label = name}}, {.title = name, .axis = name}) +
                          line_chart({{name, {{0, 0}, {1, 1}}}}, {.horizontal = name}));
  CHECK(count(page, "<script>") == 0);
  CHECK(count(page, "&lt;script&gt;") >= 7);
}

TEST_CASE("columns_of_numbers_are_aligned_right") {
  const std::string table = html_table({"name", "mean"}, {{"dry", "41.0"}, {"wet", "-3 [-4, 2]"}, {"none", ""}});
  CHECK(count(table, "class=\"n\"") == 4);
}
