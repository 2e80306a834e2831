#include "search/sobol.hpp"

#include <doctest/doctest.h>

#include <set>

using soundalike::SobolSequence;

TEST_CASE("every_axis_has_one_point_in_each_of_256_slices") {
  SobolSequence sequence(SobolSequence::largest, 5);
  std::vector<std::set<int>> slices(SobolSequence::largest);
  for (int i = 0; i < 256; ++i) {
    const auto point = sequence.next();
    for (std::size_t d = 0; d < point.size(); ++d) slices[d].insert(static_cast<int>(point[d] * 256.0));
  }
  for (const auto& axis : slices) CHECK(axis.size() == 256);
}

TEST_CASE("first_two_axes_have_one_point_in_each_cell_of_a_16_by_16_grid") {
  SobolSequence sequence(2, 9);
  std::set<std::pair<int, int>> cells;
  for (int i = 0; i < 256; ++i) {
    const auto point = sequence.next();
    cells.emplace(static_cast<int>(point[0] * 16.0), static_cast<int>(point[1] * 16.0));
  }
  CHECK(cells.size() == 256);
}
