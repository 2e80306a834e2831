// What plugins do wrong, and what it may cost: one render.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <string>

#include "effect/worker_program.hpp"
#include "fixtures/errors.hpp"
#include "fixtures/temp_folder.hpp"
#include "render/rig.hpp"

using namespace rig;

namespace {

const std::array off{0.0f};
const std::array on{1.0f};

struct Fault {
  const char* plugin;
  RenderStatus status;
  const char* message;  ///< part of it
};

/// While it lives, the library of the test plugins kills every process that loads it.
struct DeadlyLoad {
  DeadlyLoad() { ::setenv("SOUNDALIKE_TEST_CRASH_ON_LOAD", "1", 1); }
  ~DeadlyLoad() { ::unsetenv("SOUNDALIKE_TEST_CRASH_ON_LOAD"); }
  DeadlyLoad(const DeadlyLoad&) = delete;
  DeadlyLoad& operator=(const DeadlyLoad&) = delete;
};

/// Renders twelve jobs of which those in `armed` meet the fault.
std::vector<RenderResult> render_twelve(BatchRenderer& renderer, const std::vector<std::size_t>& armed) {
  const auto clip = renderer.add_clip(noise(1200, 1, renderer.setup()));
  std::vector<BatchRenderer::Job> jobs(12, {clip, off});
  for (const std::size_t job : armed) jobs[job].settings = on;
  auto results = renderer.render(jobs);
  renderer.remove_clip(clip);
  return results;
}

}  // namespace

TEST_CASE("a_fault_costs_the_renders_that_met_it_and_no_other") {
  const std::array faults{Fault{"Test Crash", RenderStatus::crashed, "SIGSEGV"},
                          Fault{"Test Abort", RenderStatus::crashed, "SIGABRT"},
                          Fault{"Test Exit", RenderStatus::crashed, "exit status 0"},
                          Fault{"Test Hang", RenderStatus::timed_out, "stopped after"},
                          Fault{"Test NaN", RenderStatus::not_finite, "NaN"},
                          Fault{"Test Runaway", RenderStatus::runaway, "dBFS"},
                          Fault{"Test Silent", RenderStatus::silent, "silent"}};
  for (const Fault& fault : faults) {
    CAPTURE(fault.plugin);
    for (const std::size_t workers : {1, 3}) {
      CAPTURE(workers);
      BatchRenderer renderer({test_plugin(fault.plugin)}, mono, {.workers = workers, .deadline_seconds = 1.5});
      const auto undisturbed = render_twelve(renderer, {});
      for (const RenderResult& result : undisturbed) REQUIRE(result.outcome.status == RenderStatus::ok);
      const auto disturbed = render_twelve(renderer, {0, 7});
      for (std::size_t i = 0; i < disturbed.size(); ++i) {
        CAPTURE(i);
        const RenderResult& result = disturbed[i];
        if (i != 0 && i != 7) {
          CHECK(result.outcome.status == RenderStatus::ok);
          CHECK(result.outcome.message == "");
          CHECK(result.audio == undisturbed[i].audio);
          continue;
        }
        CHECK(result.outcome.status == fault.status);
        CHECK(result.outcome.message.find(fault.message) != std::string::npos);
        CHECK(result.audio.frames() == (fault.status == RenderStatus::silent ? 1200 : 0));
      }
    }
  }
}

TEST_CASE("a_plugin_that_always_crashes_ends_the_batch_and_leaves_the_renderer_usable") {
  BatchRenderer renderer({test_plugin("Test Crash")}, mono, {.workers = 2});
  const auto crashed = render_twelve(renderer, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
  for (const RenderResult& result : crashed) CHECK(result.outcome.status == RenderStatus::crashed);
  for (const RenderResult& result : render_twelve(renderer, {})) CHECK(result.outcome.status == RenderStatus::ok);
}

TEST_CASE("peaks_are_measured_and_judged_against_the_limit") {
  const auto clip_peak = 0.499f;
  for (const float limit : {0.1f, 100.0f}) {
    BatchRenderer renderer({test_plugin("Test Gain")}, mono, {.workers = 1, .peak_limit = limit});
    AudioBuffer audio(1, 3000, mono.sample_rate);
    audio.channel(0)[2999] = -clip_peak;
    const BatchRenderer::Job job{renderer.add_clip(audio), defaults(renderer)};
    std::vector<float> settings = defaults(renderer);
    const BatchRenderer::Job with_settings{job.clip, settings};
    const auto result = renderer.render({&with_settings, 1});
    CHECK(result[0].outcome.peak == doctest::Approx(clip_peak));
    CHECK(result[0].outcome.status == (limit < clip_peak ? RenderStatus::runaway : RenderStatus::ok));
  }
}

TEST_CASE("silence_in_is_not_reported_as_silence_out") {
  BatchRenderer renderer({test_plugin("Test Silent")}, mono, {.workers = 1});
  const BatchRenderer::Job job{renderer.add_clip(AudioBuffer(1, 2000, mono.sample_rate)), on};
  CHECK(renderer.render({&job, 1})[0].outcome.status == RenderStatus::ok);
}

TEST_CASE("plugins_that_read_rand_or_memory_they_never_wrote_repeat_in_any_order_and_on_any_worker") {
  for (const char* plugin : {"Test Random", "Test Uninitialised"}) {
    CAPTURE(plugin);
    std::vector<float> first;
    for (const std::size_t workers : {1, 3}) {
      BatchRenderer renderer({test_plugin(plugin)}, mono, {.workers = workers});
      const auto clip = renderer.add_clip(noise(5000));
      const std::vector<BatchRenderer::Job> jobs(20, {clip, on});
      for (const RenderResult& result : renderer.render(jobs)) {
        REQUIRE(result.outcome.status == RenderStatus::ok);
        const auto samples = result.audio.channel(0);
        if (first.empty()) first.assign(samples.begin(), samples.end());
        CHECK(std::equal(samples.begin(), samples.end(), first.begin()));
      }
    }
    // Fresh memory is zero, so nothing was added; random numbers were.
    const AudioBuffer input = noise(5000);
    const auto dry = input.channel(0);
    CHECK(std::equal(first.begin(), first.end(), dry.begin()) == (std::string(plugin) == "Test Uninitialised"));
  }
}

TEST_CASE("isolated_renders_hear_nothing_of_earlier_ones") {
  BatchRenderer isolated({test_plugin("Test Static State")}, mono, {.workers = 2, .isolate = true});
  const auto first = render_twelve(isolated, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
  for (const RenderResult& result : first) {
    REQUIRE(result.outcome.status == RenderStatus::ok);
    CHECK(result.audio == noise(1200));
  }
  // Without, later instances are quieter: the plugin does leave traces.
  BatchRenderer together({test_plugin("Test Static State")}, mono, {.workers = 1});
  const auto drifting = render_twelve(together, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
  CHECK_FALSE(drifting[1].audio == drifting[0].audio);
}

TEST_CASE("a_fault_in_an_isolated_render_is_told_as_in_any_other") {
  const std::array faults{
      Fault{"Test Crash", RenderStatus::crashed, "SIGSEGV"}, Fault{"Test Abort", RenderStatus::crashed, "SIGABRT"},
      Fault{"Test Exit", RenderStatus::crashed, "exit status 0"},
      Fault{"Test Hang", RenderStatus::timed_out, "stopped after"}, Fault{"Test NaN", RenderStatus::not_finite, "NaN"}};
  for (const Fault& fault : faults) {
    CAPTURE(fault.plugin);
    BatchRenderer renderer({test_plugin(fault.plugin)}, mono, {.workers = 2, .deadline_seconds = 1.5, .isolate = true});
    const auto results = render_twelve(renderer, {3});
    for (std::size_t i = 0; i < results.size(); ++i) {
      CAPTURE(i);
      CHECK(results[i].outcome.status == (i == 3 ? fault.status : RenderStatus::ok));
    }
    CHECK(results[3].outcome.message.find(fault.message) != std::string::npos);
  }
}

TEST_CASE("latency_is_removed_and_the_end_is_not_cut_off") {
  BatchRenderer renderer({test_plugin("Test Latency")}, mono, {.workers = 1});
  const Parameter& delay = renderer.parameters()[0];
  for (const std::size_t frames : {1, 500, 1024, 5000}) {
    const AudioBuffer input = noise(frames);
    const auto clip = renderer.add_clip(input);
    for (const float plain : {0.0f, 1.0f, 100.0f, 1024.0f, 4000.0f}) {
      CAPTURE(frames);
      CAPTURE(plain);
      const std::array settings{delay.to_setting(plain)};
      const BatchRenderer::Job job{clip, settings};
      CHECK(renderer.render({&job, 1})[0].audio == input);
    }
    renderer.remove_clip(clip);
  }
}

TEST_CASE("a_failed_stream_says_why_and_leaves_the_renderer_usable") {
  const std::array faults{Fault{"Test Crash", {}, "SIGSEGV"}, Fault{"Test Exit", {}, "exit status 0"},
                          Fault{"Test Hang", {}, "deadline"}, Fault{"Test NaN", {}, "NaN"},
                          Fault{"Test Runaway", {}, "dBFS"}};
  for (const Fault& fault : faults) {
    CAPTURE(fault.plugin);
    BatchRenderer renderer({test_plugin(fault.plugin)}, mono, {.workers = 1, .deadline_seconds = 1.5});
    std::size_t left = 300000;
    const auto read = [&](std::size_t frames) {
      const std::size_t count = std::min(frames, left);
      left -= count;
      return noise(count);
    };
    std::string message;
    try {
      renderer.stream(
          read, [](AudioView) {}, on);
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::plugin_failed);
      message = error.what();
    }
    CAPTURE(message);
    CHECK(message.find(fault.message) != std::string::npos);
    left = 300000;
    std::size_t written = 0;
    renderer.stream(
        read, [&](AudioView piece) { written += piece.frames(); }, off);
    CHECK(written == 300000);
    for (const RenderResult& result : render_twelve(renderer, {})) CHECK(result.outcome.status == RenderStatus::ok);
  }
}

TEST_CASE("an_effect_that_cannot_be_opened_is_an_error_of_the_constructor") {
  const auto code_and_text = [](const EffectListing& listing,
                                RendererOptions options) -> std::pair<ErrorCode, std::string> {
    options.workers = 2;
    try {
      BatchRenderer renderer({listing}, mono, options);
    } catch (const Error& error) {
      return {error.code(), error.what()};
    }
    return {ErrorCode::internal, "opened"};
  };
  auto [code, text] = code_and_text(test_plugin("Test Broken Library"), {});
  CHECK(code == ErrorCode::plugin_failed);
  CHECK(text.find("Test Broken Library") != std::string::npos);
  std::tie(code, text) = code_and_text(test_plugin("Test Gain"), {.worker_program = "/bin/false"});
  CHECK(code == ErrorCode::io);  // the machine's fault, or ours
  CHECK(text.find("exit status 1") != std::string::npos);
  std::tie(code, text) = code_and_text(test_plugin("Test Gain"), {.worker_program = "/no/such/worker"});
  CHECK(code == ErrorCode::io);
  CHECK(text.find("/no/such/worker") != std::string::npos);
}

TEST_CASE("a_library_that_kills_whoever_loads_it_is_an_error_of_the_constructor") {
  const DeadlyLoad deadly;
  std::string text;
  try {
    BatchRenderer renderer({test_plugin("Test Gain")}, mono, {.workers = 2});
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::plugin_failed);
    text = error.what();
  }
  CAPTURE(text);
  CHECK(text.find("Test Gain") != std::string::npos);
  CHECK(text.find("SIGSEGV") != std::string::npos);
}

TEST_CASE("workers_that_die_while_they_load_the_effect_again_end_the_batch_and_get_another_chance_with_the_next") {
  const std::vector<std::size_t> all{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  BatchRenderer renderer({test_plugin("Test Crash")}, mono, {.workers = 2});
  {
    const DeadlyLoad deadly;
    const auto results = render_twelve(renderer, all);
    // A job per worker, and no worker comes back.
    CHECK(std::ranges::count(results, RenderStatus::crashed, [](const auto& r) { return r.outcome.status; }) == 2);
    for (const RenderResult& result : results) {
      if (result.outcome.status == RenderStatus::crashed) continue;
      CHECK(result.outcome.status == RenderStatus::failed);
      CHECK(result.outcome.message.find("while it loaded the effect: SIGSEGV") != std::string::npos);
    }
    for (const RenderResult& result : render_twelve(renderer, {})) {
      CHECK(result.outcome.status == RenderStatus::failed);
    }
  }
  for (const RenderResult& result : render_twelve(renderer, {})) CHECK(result.outcome.status == RenderStatus::ok);
}

TEST_CASE("a_worker_program_that_vanishes_is_an_error_and_not_the_fault_of_the_plugin") {
  const TempFolder folder;
  const auto program = folder.path() / "worker";
  const auto found = find_worker_program();
  std::filesystem::copy_file(found, program);
  BatchRenderer renderer({test_plugin("Test Crash")}, mono, {.workers = 1, .worker_program = program.string()});
  std::filesystem::remove(program);
  const auto error = thrown_by([&] { render_twelve(renderer, {3}); });
  CHECK(error.code == ErrorCode::io);
  CHECK(error.says("cannot start the render worker"));
  const auto silence = [](std::size_t) { return AudioBuffer(); };
  CHECK(thrown_by([&] {
          renderer.stream(
              silence, [](AudioView) {}, off);
        }).code == ErrorCode::io);
  std::filesystem::copy_file(found, program);
  for (const RenderResult& result : render_twelve(renderer, {})) CHECK(result.outcome.status == RenderStatus::ok);
}

TEST_CASE("an_instance_that_is_refused_fails_its_render") {
  BatchRenderer renderer({test_plugin("Test Refuses")}, mono, {.workers = 1});
  const auto settings = defaults(renderer);
  const BatchRenderer::Job job{renderer.add_clip(noise(100)), settings};
  const auto result = renderer.render({&job, 1});
  CHECK(result[0].outcome.status == RenderStatus::failed);
  CHECK(result[0].outcome.message != "");
}
