#include "soundalike/forest_checkpoint.hpp"

#include <doctest/doctest.h>

#include <cstring>

#include "fixtures/errors.hpp"
#include "fixtures/forest_problem.hpp"

using namespace soundalike;
using forest_fixture::Problem;

TEST_CASE("a_forest_comes_back_from_its_file") {
  const Problem problem(100);
  const Forest forest = Forest::fit(problem.examples(), {.trees = 9});
  const Forest back = forest_of(parse_checkpoint(serialise(forest_checkpoint(forest)), "here"), "here");
  CHECK(back == forest);
  CHECK(back.predict(std::span(problem.inputs).first(10)) == forest.predict(std::span(problem.inputs).first(10)));
}

TEST_CASE("files_that_make_no_trees_are_refused") {
  const Problem problem(50);
  const Checkpoint good = forest_checkpoint(Forest::fit(problem.examples(), {.trees = 3}));
  const auto refused = [&](auto&& spoil) {
    Checkpoint bad = good;
    spoil(bad);
    return thrown_by([&] { forest_of(bad, "f.salmodel"); });
  };
  const auto set = [](StoredTensor& tensor, std::size_t at, std::int64_t value) {
    std::memcpy(tensor.bytes.data() + at * sizeof value, &value, sizeof value);
  };
  CHECK(refused([](Checkpoint& c) { c.kind = "encoder"; }).says("kind 'encoder'"));
  CHECK(refused([](Checkpoint& c) { c.tensors.erase("value"); }).says("no tensor 'value' of type f32"));
  CHECK(refused([](Checkpoint& c) { c.tensors["child"] = c.tensors["value"]; }).says("no tensor 'child' of type i64"));
  CHECK(refused([&](Checkpoint& c) { set(c.tensors["child"], 0, 0); }).says("node 0 points nowhere"));  // a circle
  CHECK(refused([&](Checkpoint& c) { set(c.tensors["child"], 0, 1 << 30); }).says("node 0 points nowhere"));
  CHECK(refused([&](Checkpoint& c) { set(c.tensors["feature"], 0, 10); }).says("node 0 points nowhere"));
  CHECK(refused([&](Checkpoint& c) { set(c.tensors["feature"], 0, -2); }).says("node 0 points nowhere"));
  CHECK(refused([&](Checkpoint& c) { set(c.tensors["root"], 1, -1); }).says("a root is not among its nodes"));
  CHECK(refused([&](Checkpoint& c) { set(c.tensors["shape"], 1, 3); }).says("do not fit together"));
}
