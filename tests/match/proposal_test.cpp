#include "match/proposal.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "effect/test_plugins.hpp"
#include "fixtures/errors.hpp"
#include "soundalike/rng.hpp"

namespace soundalike {
namespace {

// The knobs plugin: gain and unused are numbers, mode has three choices.
struct Setup {
  std::vector<EffectListing> chain{test_plugin("knobs")};
  std::vector<Profile> profiles{Profile::from_metadata(chain.front())};
  std::vector<ControlledEffect> effects{{chain.front().info.id,
                                         "Test Knobs",
                                         "1",
                                         {"gain", "unused", "mode"},
                                         {{"mode", 3, 0.0f, 1.0f}, {"gain", 0, 0.0f, 1.0f}}}};
  std::vector<KnobPrediction> knobs{{0.5f, 0.0f, {0.1f, 0.8f, 0.1f}}, {0.3f, 0.05f, {}}};

  SettingsSpace space() const {
    SettingsSpace out(chain, profiles);
    out.release("mode");
    return out;
  }
  Proposal proposal(const SettingsSpace& space) const { return {space, chain, effects, knobs}; }
};

}  // namespace

TEST_CASE("evenly_drawn_points_crowd_around_the_prediction") {
  const Setup setup;
  const SettingsSpace space = setup.space();
  REQUIRE(space.free().size() == 3);  // gain, unused, mode
  const Proposal proposal = setup.proposal(space);
  const auto center = proposal.center();
  CHECK(center[0] == doctest::Approx(0.3));
  CHECK(center[2] == doctest::Approx(0.5));
  Rng rng(1);
  int near = 0;
  int beyond = 0;
  int dirty = 0;
  constexpr int count = 4000;
  for (int i = 0; i < count; ++i) {
    const auto point = proposal.spread_out(std::vector{rng.uniform(), rng.uniform(), rng.uniform()});
    near += std::fabs(point[0] - 0.3) < 0.05;
    beyond += point[0] > 0.6;
    dirty += space.expand(point)[2] == doctest::Approx(0.5);
  }
  // 85 % of a normal distribution, of which 68 % lie within a deviation, and 15 % of an even one.
  CHECK(near / double(count) == doctest::Approx(0.85 * 0.683 + 0.15 * 0.1).epsilon(0.05));
  CHECK(beyond / double(count) == doctest::Approx(0.15 * 0.4).epsilon(0.2));
  CHECK(dirty / double(count) == doctest::Approx(0.85 * 0.8 + 0.15 / 3).epsilon(0.05));
}

TEST_CASE("every_setting_stays_in_reach_and_order") {
  const Setup setup;
  const SettingsSpace space = setup.space();
  const Proposal proposal = setup.proposal(space);
  CHECK(proposal.spread_out(std::vector{0.0, 0.0, 0.0})[0] == doctest::Approx(0.0));
  CHECK(proposal.spread_out(std::vector{1.0, 1.0, 1.0})[0] == doctest::Approx(1.0));
  CHECK(proposal.spread_out(std::vector{0.0, 0.0, 0.0})[2] == doctest::Approx(1.0 / 6));
  CHECK(proposal.spread_out(std::vector{1.0, 1.0, 1.0})[2] == doctest::Approx(5.0 / 6));
  double last = -1.0;
  for (double even = 0.0; even <= 1.0; even += 0.01) {
    const auto point = proposal.spread_out(std::vector{even, even, even});
    CHECK(point[0] > last);
    CHECK(point[1] == even);  // not predicted: as it is
    last = point[0];
  }
}

TEST_CASE("the_way_back_leads_back") {
  const Setup setup;
  const SettingsSpace space = setup.space();
  const Proposal proposal = setup.proposal(space);
  Rng rng(2);
  for (int i = 0; i < 200; ++i) {
    const std::vector even{rng.uniform(), rng.uniform(), rng.uniform()};
    const auto point = proposal.spread_out(even);
    const auto back = proposal.even_out(point);
    CHECK(back[0] == doctest::Approx(even[0]).epsilon(1e-6));
    CHECK(back[1] == even[1]);
    CHECK(proposal.spread_out(back)[2] == point[2]);  // the same choice
  }
}

TEST_CASE("two_likely_places_are_both_searched_and_the_empty_middle_is_not") {
  Setup setup;
  setup.effects[0].knobs[1].parts = 10;  // gain: nearly all in the third and the ninth tenth
  setup.knobs[1] = {0.5f, 0.3f, {0, 0, 0.38f, 0, 0, 0, 0, 0, 0.62f, 0}};
  const SettingsSpace space = setup.space();
  const Proposal proposal = setup.proposal(space);
  CHECK(proposal.center()[0] == doctest::Approx(0.85));  // and not the mean of 0.5
  CHECK(proposal.likeliest()[0] == doctest::Approx(0.85));
  CHECK_FALSE(proposal.center_is_mean());
  Setup hedging = setup;
  hedging.effects[0].knobs[1].hedge = true;
  CHECK(hedging.proposal(space).center()[0] == doctest::Approx(0.5));
  CHECK(hedging.proposal(space).center_is_mean());
  CHECK(hedging.proposal(space).likeliest()[0] == doctest::Approx(0.85));  // searched all the same
  Setup vague = setup;  // the likeliest tenth is hardly likelier than those around the mean
  vague.knobs[1].probabilities = {0.1f, 0.1f, 0.1f, 0.09f, 0.09f, 0.09f, 0.1f, 0.1f, 0.12f, 0.11f};
  CHECK(vague.proposal(space).center()[0] == doctest::Approx(0.5));
  CHECK(vague.proposal(space).center_is_mean());
  CHECK(vague.proposal(space).likeliest()[0] == doctest::Approx(0.85).epsilon(0.01));
  CHECK(proposal.likeliest()[2] == proposal.center()[2]);
  Rng rng(3);
  int third = 0, ninth = 0, between = 0;
  constexpr int count = 4000;
  for (int i = 0; i < count; ++i) {
    const std::vector even{rng.uniform(), rng.uniform(), rng.uniform()};
    const auto point = proposal.spread_out(even);
    third += point[0] >= 0.2 && point[0] <= 0.3;
    ninth += point[0] >= 0.8 && point[0] <= 0.9;
    between += point[0] > 0.3 && point[0] < 0.8;
    CHECK(proposal.even_out(point)[0] == doctest::Approx(even[0]).epsilon(1e-6));
  }
  CHECK(third / double(count) == doctest::Approx(0.85 * 0.38 + 0.015).epsilon(0.05));
  CHECK(ninth / double(count) == doctest::Approx(0.85 * 0.62 + 0.015).epsilon(0.05));
  CHECK(between / double(count) == doctest::Approx(0.15 * 0.5).epsilon(0.2));
}

TEST_CASE("parts_that_all_lie_outside_a_narrowed_range_leave_it_even") {
  Setup setup;
  setup.profiles.front().knobs.at("gain").low = 0.5f;
  setup.effects[0].knobs[1].parts = 2;
  setup.knobs[1] = {0.2f, 0.1f, {1.0f, 0.0f}};
  SettingsSpace space(setup.chain, setup.profiles);
  space.pin("unused", "0.5");
  CHECK(setup.proposal(space).spread_out(std::vector{0.25})[0] == doctest::Approx(0.25));
}

TEST_CASE("pinned_knobs_are_left_out_and_ranges_are_kept") {
  Setup setup;
  setup.profiles.front().knobs.at("gain").low = 0.4f;
  SettingsSpace space(setup.chain, setup.profiles);
  space.pin("unused", "0.5");
  const Proposal proposal = setup.proposal(space);
  CHECK(proposal.center() == std::vector{0.0});  // 0.3 is below the range
  CHECK(space.expand(proposal.center())[0] == doctest::Approx(0.4));
  for (const double even : {0.0, 0.5, 1.0}) {
    const double x = proposal.spread_out(std::vector{even})[0];
    CHECK(x >= 0.0);
    CHECK(x <= 1.0);
  }
}

TEST_CASE("a_controller_of_another_effect_or_version_is_refused") {
  const Setup setup;
  Checkpoint checkpoint{.kind = "controller", .name = "x"};
  checkpoint.effects = setup.effects;
  checkpoint.blocks["predict"] = {{4}, {{.kind = "linear", .name = "fc"}}};
  checkpoint.tensors["fc.weight"] = StoredTensor::of({5, 4}, std::vector<float>(20, 0.0f));
  check_controller(Controller(checkpoint), setup.chain);

  const auto refusal = [&](const Checkpoint& c, std::span<const EffectListing> chain) {
    const Controller controller(c);
    return thrown_by([&] { check_controller(controller, chain); });
  };
  const std::vector<EffectListing> gain{test_plugin("gain")};
  CHECK(refusal(checkpoint, gain).says("controller 'x' controls Test Knobs (3 parameters), not Test Gain"));
  const std::vector<EffectListing> two{setup.chain[0], setup.chain[0]};
  CHECK(refusal(checkpoint, two).says("controls 1 effects, not 2"));
  Checkpoint older = checkpoint;
  older.effects[0].parameters.push_back("width");
  CHECK(refusal(older, setup.chain).says("learnt from Test Knobs 1 with 4 parameters; "));
  older.effects[0].parameters = {"gain", "unheard", "mode"};
  CHECK(refusal(older, setup.chain).says("with parameter 'unheard' where 'unused' is installed"));
}

}  // namespace soundalike
