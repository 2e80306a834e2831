#include <doctest/doctest.h>

#include <string>

#include "fixtures/errors.hpp"
#include "loss/tensors.hpp"

// Every row of the catalogue with its matched form, and a sum, through the public header.

using namespace soundalike;
using namespace tensors;

namespace {

template <class Check>
void for_each_loss(Check&& check) {
  for (const std::string& name : all_names()) {
    CAPTURE(name);
    check(*make_loss(name, {}));
  }
}

bool has_lower_end(const Loss& loss) { return loss.name().find("si-sdr") == std::string::npos; }

}  // namespace

TEST_CASE("a_loss_is_least_for_equals_and_has_no_slope_there") {
  const auto x = batch(1);
  const auto y = batch(2);
  for_each_loss([&](const Loss& loss) {
    const auto equal = evaluate(loss, x, x);
    const auto other = evaluate(loss, x, y);
    CHECK(all_finite(equal.gradient));
    CHECK((equal.value < other.value).all().item<bool>());
    if (!has_lower_end(loss)) return;
    CHECK(equal.value.abs().max().item<float>() < 1e-6f);
    CHECK(equal.gradient.abs().max().item<float>() < 1e-6f);
    CHECK((other.value > 0.0f).all().item<bool>());
  });
}

TEST_CASE("a_step_against_the_gradient_makes_every_example_better") {
  const auto x = batch(1);
  const auto y = batch(2);
  for_each_loss([&](const Loss& loss) {
    const auto at = evaluate(loss, x, y);
    REQUIRE(all_finite(at.gradient));
    const auto norm = at.gradient.norm(2, 1, true);
    CHECK((norm > 0.0f).all().item<bool>());
    const auto stepped = loss(x - 1e-4 * x.norm(2, 1, true) * at.gradient / norm, y);
    CHECK((stepped < at.value).all().item<bool>());
  });
}

TEST_CASE("silence_on_either_side_gives_finite_losses_and_gradients") {
  const auto x = batch(1).narrow(0, 1, 1);
  const auto silence = torch::zeros_like(x);
  for_each_loss([&](const Loss& loss) {
    for (const auto& [estimate, target] : {std::pair(x, silence), std::pair(silence, x), std::pair(silence, silence)}) {
      const auto at = evaluate(loss, estimate, target);
      CHECK(all_finite(at.value));
      CHECK(all_finite(at.gradient));
    }
  });
}

TEST_CASE("an_example_does_not_depend_on_its_neighbours") {
  const auto x = batch(1);
  const auto y = batch(2);
  const auto order = torch::tensor({3, 0, 2, 1});
  for_each_loss([&](const Loss& loss) {
    const auto whole = evaluate(loss, x, y);
    const auto shuffled = evaluate(loss, x.index_select(0, order), y.index_select(0, order));
    CHECK(torch::equal(shuffled.value, whole.value.index_select(0, order)));
    CHECK(torch::equal(shuffled.gradient, whole.gradient.index_select(0, order)));
    const auto single = evaluate(loss, x.narrow(0, 2, 1), y.narrow(0, 2, 1));
    CHECK(torch::allclose(single.value, whole.value.narrow(0, 2, 1), 1e-6, 0.0));
    CHECK(torch::allclose(single.gradient, whole.gradient.narrow(0, 2, 1), 1e-5, 1e-12));
  });
}

TEST_CASE("without_gradients_the_value_is_the_same") {
  const auto x = batch(1);
  const auto y = batch(2);
  for_each_loss([&](const Loss& loss) {
    const torch::NoGradGuard guard;
    const auto value = loss(x, y);
    const torch::AutoGradMode enable(true);
    CHECK(torch::equal(value, evaluate(loss, x, y).value));
  });
}

TEST_CASE("the_target_may_have_a_gradient_too") {
  const auto x = batch(1).narrow(0, 1, 1);
  const auto y = batch(2).narrow(0, 1, 1);
  for_each_loss([&](const Loss& loss) {
    const auto leaf = y.clone().requires_grad_();
    const auto gradient = torch::autograd::grad({loss(x, leaf).sum()}, {leaf})[0];
    CHECK(all_finite(gradient));
    CHECK((gradient.norm(2, 1) > 0.0f).all().item<bool>());
  });
}

TEST_CASE("matched_losses_do_not_hear_level") {
  const auto x = batch(1);
  const auto y = batch(2);
  for (const LossKind& row : losses()) {
    CAPTURE(std::string(row.name));
    const auto loss = make_loss("matched-" + std::string(row.name), {});
    const auto at = (*loss)(x, y);
    CHECK(torch::allclose((*loss)(0.25 * x, y), at, 1e-4, 1e-5));
    CHECK(torch::allclose((*loss)(3.0 * x, y), at, 1e-4, 1e-5));
    if (row.name != "si-sdr") CHECK_FALSE(torch::allclose((*make_loss(row.name, {}))(0.25 * x, y), at, 1e-2));
  }
}

TEST_CASE("every_name_is_what_makes_the_loss") {
  for_each_loss([](const Loss& loss) { CHECK(make_loss(loss.name(), {})->name() == loss.name()); });
}

TEST_CASE("shapes_that_cannot_work_are_refused_with_what_was_found") {
  for_each_loss([](const Loss& loss) {
    const auto refused = [&](const at::Tensor& a, const at::Tensor& b) { return thrown_by([&] { loss(a, b); }); };
    const auto x = batch(1);
    CHECK(refused(x, x.narrow(1, 0, 16000)).says("got [4 x 17000] and [4 x 16000]"));
    CHECK(refused(x[0], x[0]).says("got [17000]"));
    CHECK(refused(x, x.to(at::kDouble)).says("Float on cpu and Double on cpu"));
    if (loss.least_frames() == 1) return;
    const auto few = static_cast<std::int64_t>(loss.least_frames());
    CHECK(refused(x.narrow(1, 0, few - 1), x.narrow(1, 0, few - 1))
              .says("loss '" + loss.name() + "' needs at least " + std::to_string(few) + " frames, got"));
    CHECK_FALSE(refused(x.narrow(1, 0, few), x.narrow(1, 0, few)).code.has_value());
  });
}
