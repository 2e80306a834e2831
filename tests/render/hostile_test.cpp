// Plugins that do harm beyond their own render: to memory, to threads, to the renders after them.
#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "render/rig.hpp"
#include "soundalike/strike_list.hpp"

using namespace rig;

namespace {

const std::array off{0.0f};
const std::array on{1.0f};

/// Renders `count` jobs of which those in `armed` are harmful.
std::vector<RenderResult> render_some(BatchRenderer& renderer, std::size_t count,
                                      const std::vector<std::size_t>& armed) {
  const auto clip = renderer.add_clip(noise(1200, 1, renderer.setup()));
  std::vector<BatchRenderer::Job> jobs(count, {clip, off});
  for (const std::size_t job : armed) jobs[job].settings = on;
  auto results = renderer.render(jobs);
  renderer.remove_clip(clip);
  return results;
}

struct Faults {
  explicit Faults(const char* one_in) { ::setenv("SOUNDALIKE_TEST_FAULTS", one_in, 1); }
  ~Faults() { ::unsetenv("SOUNDALIKE_TEST_FAULTS"); }
  Faults(const Faults&) = delete;
  Faults& operator=(const Faults&) = delete;
};

}  // namespace

TEST_CASE("a_plugin_that_takes_all_memory_loses_its_render_and_is_told_apart") {
  for (const bool isolate : {false, true}) {
    CAPTURE(isolate);
    BatchRenderer renderer({test_plugin("Test Hog")}, mono,
                           {.workers = 2, .isolate = isolate, .memory_bytes = std::size_t{256} << 20});
    const auto results = render_some(renderer, 12, {4});
    for (std::size_t i = 0; i < results.size(); ++i) {
      CHECK(results[i].outcome.status == (i == 4 ? RenderStatus::crashed : RenderStatus::ok));
    }
    CAPTURE(results[4].outcome.message);
    CHECK(results[4].outcome.message.find("out of memory: a render may take 0.25 GiB") != std::string::npos);
  }
}

TEST_CASE("a_plugin_that_leaks_gets_a_new_worker_in_time") {
  // 32 MiB an instance: without, the limit would be met at the 64th.
  BatchRenderer renderer({test_plugin("Test Leak")}, mono, {.workers = 1});
  std::vector<std::size_t> all(200);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  for (const RenderResult& result : render_some(renderer, all.size(), all)) {
    REQUIRE(result.outcome.status == RenderStatus::ok);
  }
}

TEST_CASE("threads_that_outlive_their_instance_meet_no_other_render") {
  BatchRenderer renderer({test_plugin("Test Threads")}, mono, {.workers = 2});
  const auto first = render_some(renderer, 20, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19});
  for (const RenderResult& result : first) {
    REQUIRE(result.outcome.status == RenderStatus::ok);
    CHECK(result.audio == noise(1200));  // in each its thread was the first of the process
  }
}

TEST_CASE("an_effect_that_keeps_hanging_is_given_up_and_stays_so_for_the_run") {
  const auto strikes = std::make_shared<StrikeList>();
  const RendererOptions options{.workers = 2, .deadline_seconds = 1.5, .strikes = strikes};
  {
    BatchRenderer renderer({test_plugin("Test Hang")}, mono, options);
    std::vector<std::size_t> all(100);
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
    const auto results = render_some(renderer, all.size(), all);
    const auto hung = static_cast<std::size_t>(std::ranges::count(
        results, RenderStatus::timed_out, [](const RenderResult& result) { return result.outcome.status; }));
    CHECK(hung >= 4);
    CHECK(hung <= 4 + 2);
    CHECK(results.back().outcome.status == RenderStatus::failed);
    CHECK(results.back().outcome.message == "'Test Hang' was given up after 4 hangs in its latest 4 renders");
    CHECK_THROWS_WITH_AS(renderer.stream([](std::size_t) { return AudioBuffer(); }, [](AudioView) {}, off),
                         results.back().outcome.message.c_str(), Error);
  }
  BatchRenderer next({test_plugin("Test Hang")}, mono, options);
  CHECK(render_some(next, 1, {})[0].outcome.status == RenderStatus::failed);
  BatchRenderer other({test_plugin("Test Crash")}, mono, options);
  CHECK(render_some(other, 1, {})[0].outcome.status == RenderStatus::ok);
  BatchRenderer another_run({test_plugin("Test Hang")}, mono, {.workers = 1});
  CHECK(render_some(another_run, 1, {})[0].outcome.status == RenderStatus::ok);
}

TEST_CASE("faults_far_between_strike_nothing") {
  StrikeList strikes;
  for (int i = 0; i < 5000; ++i) {
    const auto end = i % 20 != 0 ? StrikeList::End::fine : i % 60 == 0 ? StrikeList::End::hang : StrikeList::End::crash;
    CHECK_FALSE(strikes.record("effect", end));
  }
  CHECK(strikes.reason("effect") == "");
  for (int i = 0; i < 6; ++i) CHECK_FALSE(strikes.record("effect", StrikeList::End::hang));
  CHECK(strikes.record("effect", StrikeList::End::hang));
  CHECK(strikes.reason("effect") == "'effect' was given up after 8 hangs and 1 crash in its latest 50 renders");
  for (int i = 0; i < 19; ++i) strikes.record("other", StrikeList::End::crash);
  CHECK(strikes.reason("other") == "");
  CHECK(strikes.record("other", StrikeList::End::crash));
  CHECK_FALSE(strikes.record("other", StrikeList::End::crash));
  CHECK(strikes.reason("other") == "'other' was given up after 20 crashes in its latest 20 renders");
}

TEST_CASE("a_corrupted_heap_costs_no_render_but_its_own") {
  BatchRenderer renderer({test_plugin("Test Heap")}, mono, {.workers = 2});
  const auto before = workers_of(::getpid());
  const auto results = render_some(renderer, 60, {3, 17, 18, 40});
  CHECK_FALSE(workers_of(::getpid()) == before);  // somebody did pay for it
  for (std::size_t i = 0; i < results.size(); ++i) {
    CAPTURE(i);
    if (i == 3 || i == 17 || i == 18 || i == 40) continue;  // may have got away with it
    CHECK(results[i].outcome.message == "");
    REQUIRE(results[i].outcome.status == RenderStatus::ok);
    CHECK(results[i].audio == noise(1200));
  }
}

TEST_CASE("random_faults_leave_all_other_renders_as_they_are") {
  const EffectListing listing = test_plugin("Test Faulty");
  constexpr std::size_t count = 400;
  std::vector<std::vector<float>> settings(count);
  Rng rng(7);
  for (auto& one : settings) one = {static_cast<float>(rng.uniform()), static_cast<float>(rng.uniform())};
  const auto render_all = [&] {
    BatchRenderer renderer({listing}, mono,
                           {.workers = 3, .deadline_seconds = 1.5, .memory_bytes = std::size_t{128} << 20});
    const auto clip = renderer.add_clip(noise(1500));
    std::vector<BatchRenderer::Job> jobs;
    for (const auto& one : settings) jobs.push_back({clip, one});
    return renderer.render(jobs);
  };
  const auto undisturbed = render_all();
  const Faults faults("25");
  const auto disturbed = render_all();
  std::array<std::size_t, 8> counts{};
  for (std::size_t i = 0; i < count; ++i) {
    CAPTURE(i);
    REQUIRE(undisturbed[i].outcome.status == RenderStatus::ok);
    ++counts.at(static_cast<std::size_t>(disturbed[i].outcome.status));
    if (disturbed[i].outcome.usable()) CHECK(disturbed[i].audio == undisturbed[i].audio);
  }
  const auto of = [&](RenderStatus status) { return counts.at(static_cast<std::size_t>(status)); };
  CHECK(of(RenderStatus::ok) < count - 8);
  CHECK(of(RenderStatus::crashed) > 0);
  CHECK(of(RenderStatus::timed_out) > 0);
  CHECK(of(RenderStatus::not_finite) > 0);
  CHECK(of(RenderStatus::ok) + of(RenderStatus::crashed) + of(RenderStatus::timed_out) + of(RenderStatus::not_finite) ==
        count);
}
