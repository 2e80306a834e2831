#include "soundalike/prefetch.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <stdexcept>

using namespace soundalike;

namespace {

class Squares final : public Dataset<std::size_t> {
 public:
  explicit Squares(std::size_t size) : size_(size) {}
  std::size_t size() const override { return size_; }
  std::size_t get(std::size_t i) const override {
    ++calls;
    if (i % 10 == 3) throw std::runtime_error("example " + std::to_string(i));
    std::size_t spin = 0;  // uneven work, so that workers finish out of order
    for (std::size_t k = 0; k < (i * 7919 % 13) * 5000; ++k) spin += k ^ i;
    return spin == 1 ? 0 : i * i;
  }
  mutable std::atomic<std::size_t> calls = 0;

 private:
  std::size_t size_;
};

std::vector<std::string> all(std::size_t workers, std::size_t capacity) {
  Prefetcher<std::size_t> queue(std::make_shared<Squares>(200), {.workers = workers, .capacity = capacity});
  std::vector<std::string> seen;
  for (;;) {
    try {
      const auto value = queue.next();
      if (!value) return seen;
      seen.push_back(std::to_string(*value));
    } catch (const std::runtime_error& error) {
      seen.push_back(error.what());
    }
  }
}

}  // namespace

TEST_CASE("the_sequence_and_its_errors_are_the_same_for_any_number_of_workers") {
  const auto alone = all(0, 0);
  REQUIRE(alone.size() == 200);
  CHECK(alone[2] == "4");
  CHECK(alone[3] == "example 3");
  for (const std::size_t workers : {1u, 2u, 5u}) {
    CHECK(all(workers, 0) == alone);
    CHECK(all(workers, 1) == alone);
  }
}

TEST_CASE("no_more_examples_are_made_ahead_than_the_capacity") {
  const auto dataset = std::make_shared<Squares>(1000);
  {
    Prefetcher<std::size_t> queue(dataset, {.workers = 3, .capacity = 5});
    for (int i = 0; i < 3; ++i) queue.next();
  }
  CHECK(dataset->calls >= 3);
  CHECK(dataset->calls <= 8);
}

TEST_CASE("a_stop_ends_the_sequence_at_once_and_leaves_no_threads") {
  std::stop_source stop;
  const auto dataset = std::make_shared<Squares>(1u << 30);
  {
    Prefetcher<std::size_t> queue(dataset, {.workers = 2, .stop = stop.get_token()});
    CHECK(queue.next() == 0u);
    stop.request_stop();
    CHECK_FALSE(queue.next());
  }
  CHECK(dataset.use_count() == 1);
}

TEST_CASE("views_compose") {
  const auto squares = std::make_shared<Squares>(100);
  const auto labels = mapped(squares, [](std::size_t x) { return "<" + std::to_string(x) + ">"; });
  const auto some = section(labels, 95, 50);
  CHECK(some->size() == 5);
  CHECK(some->get(0) == "<9025>");
  CHECK(section(some, 9, 1)->size() == 0);
  Prefetcher<std::string> queue(section(labels, 4, 2));
  CHECK(queue.next() == "<16>");
  CHECK(queue.next() == "<25>");
  CHECK_FALSE(queue.next());
}
