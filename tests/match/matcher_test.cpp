#include "soundalike/matcher.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <cstdlib>
#include <string>

#include "base/parallel.hpp"
#include "effect/builtin.hpp"
#include "effect/test_plugins.hpp"
#include "fixtures/errors.hpp"
#include "fixtures/signals.hpp"

namespace soundalike {
namespace {

MatchOptions quick(std::size_t budget = 24) {
  MatchOptions options;
  options.budget = budget;
  return options;
}

EffectListing builtin(const std::string& name) {
  for (const auto& listing : list_builtin("")) {
    if (listing.info.id == "builtin:" + name) return listing;
  }
  throw Error(ErrorCode::not_found, "no built-in effect " + name);
}

}  // namespace

TEST_CASE("matching_in_memory_does_not_depend_on_workers_nor_on_what_was_matched_before") {
  const AudioBuffer input = noise(24000, 24000.0, 2, 0.3, 1), reference = noise(24000, 24000.0, 2, 0.3, 2);
  MatchOptions options = quick();
  options.freed = {"mode"};
  Matcher one({test_plugin("knobs")}, {.workers = 1});
  Matcher three({test_plugin("knobs")}, {.workers = 3});
  const Match a = one.match(input, reference, options);
  const Match b = three.match(input, reference, options);
  const Match again = one.match(input, reference, options);
  for (const Match* other : {&b, &again}) {
    CHECK(other->settings == a.settings);
    CHECK(other->distance_after == a.distance_after);
    CHECK(other->renders == a.renders);
  }
  CHECK(a.renders <= options.budget);
}

TEST_CASE("plugins_and_distance_never_take_more_than_all_cores_however_many_workers_there_are") {
  const AudioBuffer input = noise(48000, 24000.0, 1, 0.3, 1), reference = noise(48000, 24000.0, 1, 0.3, 2);
  for (const std::size_t workers : {std::size_t{1}, 8 * threads_or_cores(0)}) {
    CAPTURE(workers);
    Matcher matcher({builtin("eq"), builtin("reverb")}, {.workers = workers});
    const MatchProfile profile = matcher.match(input, reference, quick(120)).profile;
    CHECK(profile.plugin_share > 0.0);
    CHECK(profile.describe_share > 0.0);
    CHECK(profile.plugin_share + profile.describe_share <= 1.0);
  }
}

TEST_CASE("a_plugin_that_hangs_is_given_up_after_one_render_per_worker") {
  const AudioBuffer clip = noise(2880, 24000.0, 2);
  Matcher matcher({test_plugin("hang")}, {.workers = 2, .deadline_seconds = 1.5});
  std::size_t renders = 0;
  MatchOptions pinned = quick(400);
  pinned.pinned = {{"armed", "1"}};
  const Thrown only = thrown_by([&] { matcher.match(clip, clip, pinned); });
  CAPTURE(only.message);
  CHECK(only.code == ErrorCode::plugin_failed);
  CHECK(only.says("the only render failed"));
  // A chain keeps a knob to search while the other effect hangs in every render.
  Matcher chain({test_plugin("gain"), test_plugin("hang")}, {.workers = 2, .deadline_seconds = 1.5});
  MatchOptions hanging = quick(400);
  hanging.pinned = {{"2.armed", "1"}};
  const Thrown thrown = thrown_by(
      [&] { chain.match(clip, clip, hanging, [&](const ProgressUpdate& update) { renders = update.done; }); });
  CHECK(thrown.code == ErrorCode::plugin_failed);
  CHECK(renders <= 4);
}

TEST_CASE("impossible_options_are_refused") {
  const AudioBuffer clip = noise(24000, 24000.0, 2);
  Matcher matcher({test_plugin("gain")}, {.workers = 1});
  MatchOptions options = quick(0);
  CHECK(thrown_by([&] { matcher.match(clip, clip, options); }).code == ErrorCode::invalid_argument);
  options = quick();
  options.amount = 1.01;
  CHECK(thrown_by([&] { matcher.match(clip, clip, options); }).code == ErrorCode::invalid_argument);
  const AudioBuffer brief = noise(2000, 24000.0, 2);
  CHECK(thrown_by([&] { matcher.match(brief, clip, quick()); }).says("100 ms"));
  CHECK(thrown_by([&] { Matcher({}); }).code == ErrorCode::invalid_argument);
}

TEST_CASE("a_match_stopped_before_its_first_render_is_cancelled") {
  const AudioBuffer clip = noise(24000, 24000.0, 2);
  Matcher matcher({test_plugin("knobs")}, {.workers = 1});
  std::stop_source source;
  source.request_stop();
  CHECK(thrown_by([&] { matcher.match(clip, clip, quick(), {}, source.get_token()); }).code == ErrorCode::cancelled);
  MatchOptions fixed = quick();
  fixed.pinned = {{"gain", "3"}, {"unused", "0.5"}};
  const Thrown single = thrown_by([&] { matcher.match(clip, clip, fixed, {}, source.get_token()); });
  CAPTURE(single.message);
  CHECK(single.code == ErrorCode::cancelled);
}

}  // namespace soundalike
