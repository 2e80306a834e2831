#include "soundalike/controller.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "fixtures/errors.hpp"
#include "infer/examples.hpp"

using namespace soundalike;

namespace {

// Embeddings of two numbers; knob "a" in [0.2, 0.8], knob "b" with three categories. The outputs are the inputs of the
// network (x, log variance, three logits) but for the first, which is the sum of all.
Checkpoint example_controller() {
  Checkpoint out{.kind = "controller", .name = "example"};
  out.effects = {{"lv2:urn:x", "X", "1", {"c", "a", "b"}, {{"a", 0, 0.2f, 0.8f}, {"b", 3, 0.0f, 1.0f}}}};
  out.blocks["predict"] = {{4}, {{.kind = "linear", .name = "fc"}}};
  out.tensors["fc.weight"] = StoredTensor::of({5, 4}, std::vector<float>{1, 1, 1, 1,  //
                                                                         1, 0, 0, 0,  //
                                                                         0, 1, 0, 0,  //
                                                                         0, 0, 1, 0,  //
                                                                         0, 0, 0, 1});
  return out;
}

}  // namespace

TEST_CASE("outputs_become_settings_inside_their_range") {
  const Controller controller(example_controller());
  CHECK(controller.embedding_size() == 2);
  const std::vector<float> zero{0.0f, 0.0f};
  const auto middle = controller.predict(zero, zero);
  REQUIRE(middle.size() == 2);
  CHECK(middle[0].setting == doctest::Approx(0.5));
  CHECK(middle[0].spread == 0.5f);  // a variance of 1 is more than settings can have

  const auto knobs = controller.predict(std::vector{-6.0f, 1.0f}, std::vector{3.0f, 2.0f});  // sum 0
  CHECK(knobs[0].setting == doctest::Approx(0.5));
  CHECK(knobs[0].spread == doctest::Approx(std::exp(-3.0)));
  CHECK(knobs[1].setting == doctest::Approx(0.5));  // the second of three
  CHECK(knobs[1].probabilities[1] / knobs[1].probabilities[0] == doctest::Approx(std::exp(2.0)));
  CHECK(std::accumulate(knobs[1].probabilities.begin(), knobs[1].probabilities.end(), 0.0) == doctest::Approx(1.0));

  const std::vector<float> much{1000.0f, 0.0f};
  const std::vector<float> little{-1000.0f, 0.0f};
  CHECK(controller.predict(much, zero)[0].setting == doctest::Approx(0.8));
  CHECK(controller.predict(little, zero)[0].setting == doctest::Approx(0.2));
  CHECK(controller.predict(little, zero)[0].spread == 0.005f);
}

TEST_CASE("a_number_may_have_probabilities_of_the_parts_of_its_range") {
  Checkpoint checkpoint = example_controller();
  checkpoint.effects[0].knobs = {{"a", 0, 0.2f, 0.8f, 3}};
  checkpoint = parse_checkpoint(serialise(checkpoint), "parts");
  CHECK(checkpoint.effects[0].knobs[0].parts == 3);
  const auto knobs = Controller(checkpoint).predict(std::vector{-6.0f, 1.0f}, std::vector{3.0f, 2.0f});
  REQUIRE(knobs.size() == 1);
  CHECK(knobs[0].setting == doctest::Approx(0.5));
  REQUIRE(knobs[0].probabilities.size() == 3);
  CHECK(knobs[0].probabilities[1] / knobs[0].probabilities[0] == doctest::Approx(std::exp(2.0)));
}

TEST_CASE("a_number_is_set_to_its_mean_or_where_clearly_likelier_to_its_likeliest_part") {
  PredictedKnob knob{"a", 0, 0.2f, 0.8f, 6};
  KnobPrediction said{0.5f, 0.2f, {0.4f, 0.05f, 0.0f, 0.0f, 0.05f, 0.5f}};  // either end, and the mean between
  CHECK(choose(knob, said).setting == doctest::Approx(0.2 + 0.6 * (0.5 * 5.5 + 0.025 * 4.75) / 0.525 / 6));
  CHECK_FALSE(choose(knob, said).hedged);
  knob.hedge = true;
  CHECK(choose(knob, said).setting == 0.5f);
  CHECK(choose(knob, said).hedged);
  knob.hedge = false;
  said.probabilities = {0.15f, 0.15f, 0.15f, 0.15f, 0.2f, 0.2f};  // hardly likelier than the middle
  CHECK(choose(knob, said).setting == 0.5f);
  knob.guess = true;
  CHECK(choose(knob, said).setting > 0.6f);
  CHECK_FALSE(choose(knob, said).hedged);
  said.probabilities.clear();
  CHECK(choose(knob, said).setting == 0.5f);
}

TEST_CASE("the_likeliest_place_is_told_finer_than_by_the_parts") {
  CHECK(likeliest_place(std::vector{1.0f}) == doctest::Approx(0.5));
  CHECK(likeliest_place(std::vector{0.0f, 0.0f, 1.0f, 0.0f, 0.0f}) == doctest::Approx(0.5));
  // A narrow bump between two parts: either is as likely, and the place is theirs and not of one.
  const std::vector<float> between{0.0f, 0.0f, 0.1f, 0.4f, 0.4f, 0.1f, 0.0f, 0.0f};
  CHECK(std::abs(likeliest_place(between) - 0.5f) < 0.5f / 8);
  // Many parts, one alone the largest, but most lies elsewhere.
  std::vector<float> fine(128, 0.0f);
  fine[20] = 0.2f;
  for (const std::size_t i : {80, 81, 82, 83}) fine[i] = 0.15f;
  CHECK(likeliest_place(fine) == doctest::Approx(82.0 / 128));
}

TEST_CASE("what_is_hedged_is_stored_and_says_nothing_where_nothing_is") {
  Checkpoint checkpoint = example_controller();
  CHECK(serialise(checkpoint).find("hedge") == std::string::npos);  // what programs before this read
  checkpoint.effects[0].knobs[0].hedge = true;
  const Checkpoint read = parse_checkpoint(serialise(checkpoint), "hedging");
  CHECK((read.effects == checkpoint.effects));
}

TEST_CASE("what_is_a_guess_is_stored_and_no_hedge") {
  Checkpoint checkpoint = example_controller();
  PredictedKnob& knob = checkpoint.effects[0].knobs[0];
  knob.guess = true;
  CHECK((parse_checkpoint(serialise(checkpoint), "guessing").effects == checkpoint.effects));
  knob.hedge = true;
  CHECK(thrown_by([&] { Controller{checkpoint}; }).says("is both a hedge and a guess"));
}

TEST_CASE("a_shared_bottleneck_stands_before_a_small_decoder") {
  Checkpoint bottleneck{.kind = "bottleneck", .name = "shared"};
  bottleneck.blocks["compress"] = {{6}, {{.kind = "linear", .name = "g"}}};
  add_tensor(bottleneck, "g.weight", {4, 6}, 1);
  bottleneck = parse_checkpoint(serialise(bottleneck), "shared");
  Checkpoint decoder = example_controller();
  decoder.needs = {{"bottleneck", "shared", bottleneck.digest}};
  const Controller split(decoder, &bottleneck);
  CHECK(split.embedding_size() == 3);

  // The same as one network.
  Checkpoint whole = example_controller();
  whole.blocks["predict"] = {{6}, {{.kind = "linear", .name = "g"}, {.kind = "linear", .name = "fc"}}};
  whole.tensors["g.weight"] = bottleneck.tensors["g.weight"];
  const auto a = random_floats(3, 5);
  const auto b = random_floats(3, 6);
  CHECK(split.predict(a, b)[0].setting == Controller(whole).predict(a, b)[0].setting);
  CHECK(split.predict(a, b)[1].probabilities == Controller(whole).predict(a, b)[1].probabilities);

  CHECK(thrown_by([&] { Controller{decoder}; }).says("it needs bottleneck 'shared'"));
  Checkpoint other = bottleneck;
  other.digest = std::string(64, '0');
  CHECK(thrown_by([&] { Controller(decoder, &other); }).says("it needs bottleneck 'shared'"));
}

TEST_CASE("controllers_that_cannot_work_say_why") {
  const auto making = [](const Checkpoint& checkpoint) { return thrown_by([&] { Controller{checkpoint}; }); };
  auto c = example_controller();
  c.kind = "encoder";
  CHECK(making(c).says("it is of kind 'encoder', not 'controller'"));
  c = example_controller();
  c.effects[0].knobs[0].parameter = "z";
  CHECK(making(c).says("it predicts 'z', which is no parameter of X"));
  c = example_controller();
  c.effects[0].knobs[1].parameter = "a";
  CHECK(making(c).says("it predicts 'a' twice"));
  c = example_controller();
  c.effects[0].knobs.pop_back();
  CHECK(making(c).says("its knobs take 2 numbers, its network gives 5"));
  c = example_controller();
  c.effects[0].knobs[0].high = 1.5f;
  CHECK(making(c).says("within 0.2 to 1.5"));
  c = example_controller();
  c = example_controller();
  c.effects[0].knobs[1].parts = 2;
  CHECK(making(c).says("3 categories and 2 parts"));
  c.effects.clear();
  CHECK(making(c).says("it controls no effect"));
  c = example_controller();
  c.blocks["predict"].input = {5};
  add_tensor(c, "fc.weight", {5, 5}, 1);
  CHECK(making(c).says("it takes 5 numbers, which are no two embeddings"));

  const Controller good(example_controller());
  const std::vector<float> three(3);
  CHECK(thrown_by([&] { good.predict(three, three); }).says("takes embeddings of 2 numbers, given are 3 and 3"));
  const std::vector<float> huge(2, std::numeric_limits<float>::max());
  CHECK(thrown_by([&] { good.predict(huge, huge); }).says("predicts NaN or infinity"));
}
