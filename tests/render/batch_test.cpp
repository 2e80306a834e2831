// Batches: who is told what, when they end early, what goes in.
#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <cmath>
#include <condition_variable>
#include <limits>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

#include "render/rig.hpp"

using namespace rig;

namespace {

BatchRenderer gain(std::size_t workers) {
  return BatchRenderer({test_plugin("Test Gain")}, mono, {.workers = workers});
}

ErrorCode code_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code();
  }
  return ErrorCode::internal;
}

}  // namespace

TEST_CASE("thousands_of_tiny_jobs_are_each_told_once_with_their_own_audio") {
  BatchRenderer renderer = gain(3);
  const std::size_t count = 5000;
  std::vector<std::array<float, 1>> settings(count);
  std::vector<BatchRenderer::Job> jobs(count);
  std::array<BatchRenderer::ClipId, 5> clips{};
  for (std::size_t c = 0; c < clips.size(); ++c) {
    AudioBuffer clip(1, 1 + c, mono.sample_rate);
    for (float& sample : clip.samples()) sample = 0.125f;
    clips[c] = renderer.add_clip(clip);
  }
  for (std::size_t i = 0; i < count; ++i) {
    settings[i] = {static_cast<float>(i) / count};
    jobs[i] = {clips[i % clips.size()], settings[i]};
  }
  for (int repeat = 0; repeat < 3; ++repeat) {
    std::vector<std::atomic<int>> told(count);
    std::atomic<std::size_t> wrong = 0;
    renderer.render(jobs, [&](std::size_t job, const RenderOutcome& outcome, AudioView audio) {
      ++told[job];
      const double db = renderer.parameters()[0].to_plain(settings[job][0]);
      const float expected = 0.125f * static_cast<float>(std::pow(10.0, db / 20.0));
      const bool right = outcome.usable() && audio.frames() == 1 + job % clips.size() &&
                         std::abs(audio.channel(0).back() - expected) <= 1e-5f * expected;
      if (!right) ++wrong;
    });
    CHECK(wrong == 0);
    for (const auto& times : told) REQUIRE(times == 1);
  }
}

TEST_CASE("more_workers_than_cores_take_no_more_processor_time_than_passes_on_the_wall") {
  BatchRenderer renderer({test_plugin("Test Gain")}, mono, {.workers = 8 * std::thread::hardware_concurrency()});
  const auto clip = renderer.add_clip(noise(240000));
  const auto settings = defaults(renderer);
  const std::vector<BatchRenderer::Job> jobs(100, {clip, settings});
  for (const auto& [outcome, audio] : renderer.render(jobs)) {
    CHECK(outcome.plugin_seconds > 0.0f);
    CHECK(outcome.plugin_seconds <= 1.01f * outcome.wall_seconds);  // two clocks
  }
}

TEST_CASE("an_exception_of_consume_comes_out_once_the_batch_is_at_rest") {
  BatchRenderer renderer = gain(2);
  const auto settings = defaults(renderer);
  const auto clip = renderer.add_clip(noise(2000));
  const std::vector<BatchRenderer::Job> jobs(200, {clip, settings});
  std::atomic<std::size_t> told = 0;
  CHECK_THROWS_WITH_AS(renderer.render(jobs,
                                       [&](std::size_t, const RenderOutcome&, AudioView) {
                                         if (++told == 10) throw std::runtime_error("enough");
                                       }),
                       "enough", std::runtime_error);
  CHECK(told < 200);
  told = 0;
  renderer.render(jobs, [&](std::size_t, const RenderOutcome& outcome, AudioView) { told += outcome.usable(); });
  CHECK(told == 200);
}

TEST_CASE("a_stop_lets_running_jobs_end_and_cancels_the_rest") {
  BatchRenderer renderer = gain(2);
  const auto settings = defaults(renderer);
  const auto clip = renderer.add_clip(noise(2000));
  const std::vector<BatchRenderer::Job> jobs(500, {clip, settings});
  std::stop_source stop;
  std::atomic<std::size_t> rendered = 0;
  std::atomic<std::size_t> cancelled = 0;
  renderer.render(
      jobs,
      [&](std::size_t, const RenderOutcome& outcome, AudioView audio) {
        if (outcome.status == RenderStatus::cancelled) {
          CHECK(audio.frames() == 0);
          ++cancelled;
          return;
        }
        const std::size_t number = ++rendered;
        if (number == 20) stop.request_stop();
        // Whoever comes later keeps its slot until the stop is there, however the threads are scheduled.
        while (number > 20 && !stop.stop_requested()) std::this_thread::yield();
      },
      stop.get_token());
  CHECK(rendered >= 20);
  CHECK(rendered <= 20 + 2 * 4);  // what each worker had in its slots
  CHECK(rendered + cancelled == 500);

  const auto none = renderer.render(jobs, stop.get_token());  // stopped before it began
  for (const RenderResult& result : none)
    CHECK((result.outcome.status == RenderStatus::cancelled || result.outcome.usable()));
  CHECK(none.back().outcome.status == RenderStatus::cancelled);
}

TEST_CASE("a_stream_can_be_stopped_and_passes_on_what_its_callbacks_throw") {
  BatchRenderer renderer = gain(1);
  const auto settings = defaults(renderer);
  std::stop_source stop;
  std::size_t reads = 0;
  const auto endless = [&](std::size_t frames) {
    if (++reads == 20) stop.request_stop();
    return noise(frames);
  };
  CHECK(code_of([&] {
          renderer.stream(
              endless, [](AudioView) {}, settings, stop.get_token());
        }) == ErrorCode::cancelled);
  CHECK_THROWS_AS(renderer.stream([](std::size_t) -> AudioBuffer { throw std::runtime_error("unreadable"); },
                                  [](AudioView) {}, settings),
                  std::runtime_error);
  CHECK_THROWS_AS(renderer.stream(
                      endless, [](AudioView) { throw std::runtime_error("disk full"); }, settings),
                  std::runtime_error);
  CHECK(code_of([&] {
          renderer.stream([](std::size_t) { return AudioBuffer(2, 100, mono.sample_rate); }, [](AudioView) {},
                          settings);
        }) == ErrorCode::invalid_argument);
  const BatchRenderer::Job job{renderer.add_clip(noise(100)), settings};
  CHECK(renderer.render({&job, 1})[0].outcome.status == RenderStatus::ok);
}

TEST_CASE("clips_come_and_go_without_touching_each_other") {
  BatchRenderer renderer = gain(2);
  const auto settings = defaults(renderer);  // 0 dB
  std::vector<std::pair<BatchRenderer::ClipId, std::uint64_t>> clips;
  Rng rng(3);
  const auto frames_of = [](std::uint64_t seed) { return std::size_t{1 + seed * 977 % 40000}; };
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    clips.emplace_back(renderer.add_clip(noise(frames_of(seed), seed)), seed);
    if (seed % 3 == 0) {
      const auto victim = clips.begin() + static_cast<std::ptrdiff_t>(rng.below(clips.size()));
      renderer.remove_clip(victim->first);
      clips.erase(victim);
    }
    if (seed % 20 != 0) continue;
    std::vector<BatchRenderer::Job> jobs;
    for (const auto& clip : clips) jobs.push_back({clip.first, settings});
    const auto results = renderer.render(jobs);
    for (std::size_t i = 0; i < clips.size(); ++i)
      CHECK(results[i].audio == noise(frames_of(clips[i].second), clips[i].second));
  }
}

TEST_CASE("what_cannot_work_is_refused_before_anything_is_rendered") {
  BatchRenderer renderer = gain(1);
  const auto clip = renderer.add_clip(noise(100));
  const auto render = [&](BatchRenderer::ClipId id, std::vector<float> settings) {
    return code_of([&] {
      const BatchRenderer::Job job{id, settings};
      renderer.render({&job, 1});
    });
  };
  CHECK(render(clip, {}) == ErrorCode::invalid_argument);
  CHECK(render(clip, {0.5f, 0.5f}) == ErrorCode::invalid_argument);
  CHECK(render(clip, {1.5f}) == ErrorCode::invalid_argument);
  CHECK(render(clip, {std::numeric_limits<float>::quiet_NaN()}) == ErrorCode::invalid_argument);
  CHECK(render(clip + 1, {0.5f}) == ErrorCode::invalid_argument);
  CHECK(code_of([&] { renderer.remove_clip(clip + 1); }) == ErrorCode::invalid_argument);
  CHECK(code_of([&] { renderer.add_clip(AudioBuffer(2, 10, mono.sample_rate)); }) == ErrorCode::invalid_argument);
  CHECK(code_of([&] { renderer.add_clip(AudioBuffer(1, 10, SampleRate{48000})); }) == ErrorCode::invalid_argument);
  AudioBuffer broken(1, 10, mono.sample_rate);
  broken.channel(0)[5] = std::numeric_limits<float>::infinity();
  CHECK(code_of([&] { renderer.add_clip(broken); }) == ErrorCode::invalid_argument);
  CHECK(code_of([] { BatchRenderer({}, mono); }) == ErrorCode::invalid_argument);
  CHECK(code_of([] {
          BatchRenderer({test_plugin("Test Gain")}, {SampleRate{24000}, 3});
        }) == ErrorCode::invalid_argument);
  const std::array half{0.5f};
  const BatchRenderer::Job job{clip, half};
  CHECK(code_of([&] {
          renderer.render({&job, 1}, [&](std::size_t, const RenderOutcome&, AudioView) { renderer.render({&job, 1}); });
        }) == ErrorCode::invalid_argument);
  CHECK(render(clip, {0.5f}) == ErrorCode::internal);  // no error
}

TEST_CASE("parameters_of_a_chain_are_those_of_its_effects_in_order") {
  const auto one = test_plugin("Test Knobs");
  BatchRenderer renderer({one, one, test_plugin("Test Cutoff")}, mono, {.workers = 1});
  const auto parameters = renderer.parameters();
  REQUIRE(parameters.size() == 2 * one.parameters.size() + 1);
  CHECK(parameters[0].id == "gain");
  CHECK(parameters[one.parameters.size()].id == "2.gain");
  CHECK(parameters.back().id == "3.cutoff");
  CHECK(parameters.back().maximum == doctest::Approx(12000.0f));  // half the rate
}

TEST_CASE("heavy_consumers_run_side_by_side") {
  BatchRenderer renderer = gain(3);
  const auto settings = defaults(renderer);
  const auto clip = renderer.add_clip(noise(100));
  const std::vector<BatchRenderer::Job> jobs(3, {clip, settings});
  std::mutex mutex;
  std::condition_variable changed;
  std::size_t inside = 0;
  // Ends only when three are inside at once.
  renderer.render(jobs, [&](std::size_t, const RenderOutcome&, AudioView) {
    std::unique_lock lock(mutex);
    ++inside;
    changed.notify_all();
    changed.wait(lock, [&] { return inside == 3; });
  });
  CHECK(inside == 3);
}
