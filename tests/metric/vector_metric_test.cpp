#include "soundalike/vector_metric.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "fixtures/golden_signals.hpp"
#include "soundalike/error.hpp"

using namespace soundalike;

namespace {

using Set = std::vector<std::vector<float>>;

/// vectors() of tools/golden/vector_metrics.py.
Set vectors(std::uint32_t seed, std::size_t n, std::size_t d, float move = 0.0f) {
  const auto numbers = golden::noise(seed, n * d);
  Set out(n, std::vector<float>(d));
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < d; ++k) {
      const float place = static_cast<float>(k) / static_cast<float>(d);
      out[i][k] = numbers[i * d + k] * (1.0f + place) + move * place;
    }
  }
  return out;
}

double measured(std::string_view name, const Set& a, const Set& b) {
  const MetricValue found = find_vector_metric(name).measure(a, b);
  REQUIRE_MESSAGE(found.value, found.failure);
  return *found.value;
}

struct Golden {
  std::size_t count, size;
  double cosine, frechet, mae;
};

// scipy 1.17.1; made by tools/golden/vector_metrics.py.
constexpr Golden goldens[] = {
    {200, 8, 0.9982037087, 0.3188401059, 0.9637536034}, {300, 64, 0.9911212454, 6.671199943, 0.9980864943},
    {40, 64, 0.9850983153, 39.89652544, 0.9881752473},  {2, 3, 0.8180252389, 3.006536233, 0.6365329488},
    {128, 128, 0.9914073884, 50.53830219, 1.001165768},
};

}  // namespace

TEST_CASE("vector_metrics_equal_scipy") {
  for (const Golden& golden : goldens) {
    CAPTURE(golden.count);
    CAPTURE(golden.size);
    const Set a = vectors(1, golden.count, golden.size), b = vectors(2, golden.count, golden.size, 0.25f);
    CHECK(measured("embedding-distance", a, b) == doctest::Approx(golden.cosine).epsilon(1e-8));
    CHECK(measured("frechet-distance", a, b) == doctest::Approx(golden.frechet).epsilon(1e-6));
    CHECK(measured("parameter-mae", a, b) == doctest::Approx(golden.mae).epsilon(1e-8));
  }
}

TEST_CASE("vectors_are_no_distance_from_themselves") {
  for (const auto& [n, d] : {std::pair<std::size_t, std::size_t>(100, 16), {10, 64}}) {
    const Set a = vectors(3, n, d);
    for (const VectorMetric* metric : vector_metrics()) {
      CAPTURE(metric->name);
      CHECK(measured(metric->name, a, a) < 1e-9);
    }
  }
}

TEST_CASE("frechet_distance_of_moved_vectors_is_the_square_of_the_way") {
  const Set a = vectors(3, 50, 5);
  Set b = a;
  for (auto& vector : b) vector[2] += 3.0f;
  CHECK(measured("frechet-distance", a, b) == doctest::Approx(9.0).epsilon(1e-5));
}

TEST_CASE("frechet_distance_is_symmetric_and_takes_sets_of_other_sizes") {
  const Set a = vectors(3, 50, 12), b = vectors(4, 9, 12);
  CHECK(measured("frechet-distance", a, b) == doctest::Approx(measured("frechet-distance", b, a)).epsilon(1e-9));
}

TEST_CASE("frechet_distance_of_vectors_that_do_not_vary_is_that_of_their_means") {
  const Set a(4, {1.0f, 2.0f}), b(7, {1.0f, 5.0f});
  CHECK(measured("frechet-distance", a, b) == doctest::Approx(9.0));
}

TEST_CASE("what_cannot_be_compared_has_a_reason") {
  const Set three = vectors(1, 3, 4), two = vectors(1, 2, 4), longer = vectors(1, 3, 5), one = vectors(1, 1, 4);
  Set broken = three;
  broken[1][1] = std::numeric_limits<float>::quiet_NaN();
  for (const VectorMetric* metric : vector_metrics()) {
    CAPTURE(metric->name);
    CHECK(&find_vector_metric(metric->name) == metric);
    CHECK(metric->measure(three, longer).failure == "vectors of 5 and of 4 numbers do not compare");
    CHECK(metric->measure(broken, three).failure == "a vector of the outputs holds NaN or infinity");
    CHECK(metric->measure({}, three).failure.find("got 0") != std::string::npos);
    CHECK(metric->measure(Set(3), Set(3)).failure == "the vectors are empty");
    CHECK(metric->measure(three, two).value.has_value() == !metric->paired);
    CHECK(metric->measure(one, one).value.has_value() == (metric->least == 1));
  }
  const Set nothing(1, std::vector<float>(4));
  CHECK(find_vector_metric("embedding-distance").measure(nothing, one).failure.find("no direction") !=
        std::string::npos);
  CHECK_THROWS_WITH_AS(find_vector_metric("frechet"), doctest::Contains("did you mean 'frechet-distance'?"), Error);
}
