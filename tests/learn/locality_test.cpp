#include "learn/locality.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>

#include "learn/examples.hpp"

using namespace soundalike;

TEST_CASE("an_order_that_has_neighbours_together_names_everyone_once") {
  for (const std::size_t count : {1u, 15u, 16u, 17u, 1000u}) {
    std::vector<std::uint32_t> order = learn::near_together(uniform_examples(count, 3, 1), 16);
    std::ranges::sort(order);
    std::vector<std::uint32_t> all(count);
    std::iota(all.begin(), all.end(), 0u);
    CHECK(order == all);
  }
  const std::vector<float> same(100 * 2, 0.5f);
  CHECK(learn::near_together({same, 2}, 16).size() == 100);
}

TEST_CASE("points_of_one_class_come_one_after_another") {
  const Examples examples = blob_examples(64 * 8, 5, 8, 1e3);  // eight blobs far apart, i % 8
  const auto order = learn::near_together(examples, 16);
  std::size_t changes = 0;
  for (std::size_t n = 1; n < order.size(); ++n) changes += order[n] % 8 != order[n - 1] % 8 ? 1 : 0;
  CHECK(changes < 24);  // by chance it would be about 450
}
