// VST3 effects in render workers: as pure as the others, and their faults cost as little.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>

#include "effect/vst3_modules.hpp"
#include "fixtures/temp_folder.hpp"
#include "render/rig.hpp"

using namespace rig;

namespace {

std::vector<RenderResult> render_all(const std::vector<EffectListing>& chain, std::size_t workers, bool reversed) {
  BatchRenderer renderer(chain, mono, {.workers = workers});
  const auto longer = renderer.add_clip(noise(10000));
  const auto shorter = renderer.add_clip(noise(3001, 2));
  Rng rng(5);
  std::vector<std::vector<float>> settings(12);
  std::vector<BatchRenderer::Job> jobs;
  for (std::size_t i = 0; i < settings.size(); ++i) {
    for (std::size_t p = 0; p < renderer.parameters().size(); ++p) {
      settings[i].push_back(static_cast<float>(rng.uniform()));
    }
    jobs.push_back({i % 3 == 0 ? shorter : longer, settings[i]});
  }
  if (reversed) std::ranges::reverse(jobs);
  auto results = renderer.render(jobs);
  if (reversed) std::ranges::reverse(results);
  return results;
}

void check_pure(const std::vector<EffectListing>& chain) {
  const auto expected = render_all(chain, 1, false);
  CHECK(std::ranges::count_if(expected, [](const auto& r) { return r.outcome.usable(); }) >=
        6);  // some settings silence a gate
  for (const bool reversed : {false, true}) {
    const auto found = render_all(chain, reversed ? 3 : 8, reversed);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      CAPTURE(i);
      CHECK(found[i].outcome.status == expected[i].outcome.status);
      CHECK(found[i].audio == expected[i].audio);
    }
  }
}

}  // namespace

TEST_CASE("vst3_renders_do_not_depend_on_the_number_of_workers_or_the_order") {
  for (const char* name : {"ZamComp", "ZamEQ2", "ZamGrains", "ZamHeadX2", "ZamDynamicEQ", "ZamDelay"}) {
    CAPTURE(name);
    const auto bundle = std::filesystem::path("/usr/lib/vst3") / (std::string(name) + ".vst3");
    if (!std::filesystem::exists(bundle)) {
      MESSAGE("skipped: not installed: " << name);
      continue;
    }
    check_pure(scan_vst3(bundle));
  }
}

TEST_CASE("formats_mix_in_a_chain") {
  check_pure({test_plugin("Test Gain"), vst3_test_plugin("latency"), test_plugin("Test LADSPA Gain")});
}

TEST_CASE("vst3_fault_costs_the_render_that_met_it") {
  struct Fault {
    const char* plugin;
    RenderStatus status;
    const char* message;
  };
  for (const Fault& fault :
       {Fault{"crash", RenderStatus::crashed, "SIGSEGV"}, Fault{"abort", RenderStatus::crashed, "SIGABRT"},
        Fault{"hang", RenderStatus::timed_out, "stopped after"}, Fault{"nan", RenderStatus::not_finite, "NaN"},
        Fault{"throw", RenderStatus::failed, "from process"},
        Fault{"refuse", RenderStatus::failed, "kInternalError"}}) {
    CAPTURE(fault.plugin);
    BatchRenderer renderer({vst3_test_plugin(fault.plugin)}, mono, {.workers = 2, .deadline_seconds = 1.5});
    const auto clip = renderer.add_clip(noise(1200));
    const std::array off{0.0f};
    const std::array on{1.0f};
    std::vector<BatchRenderer::Job> jobs(6, {clip, off});
    jobs[2].settings = on;
    const auto results = renderer.render(jobs);
    for (std::size_t i = 0; i < results.size(); ++i) {
      CAPTURE(i);
      CHECK(results[i].outcome.status == (i == 2 ? fault.status : RenderStatus::ok));
    }
    CHECK(results[2].outcome.message.find(fault.message) != std::string::npos);
  }
}

TEST_CASE("vst3_crash_in_any_callback_of_a_render_is_a_crashed_render") {
  const TempFolder folder;
  for (const char* callback : {"setParamNormalized", "setupProcessing", "setActive", "process"}) {
    CAPTURE(callback);
    const auto listings = scan_vst3(copy_vst3_module(folder.path(), std::string("crash-in-") + callback));
    BatchRenderer renderer({listings.at(0)}, mono, {.workers = 1});
    const auto clip = renderer.add_clip(noise(1200));
    const auto settings = defaults(renderer);
    const auto results = renderer.render(std::vector<BatchRenderer::Job>{{clip, settings}});
    CHECK(results.at(0).outcome.status == RenderStatus::crashed);
    CHECK(results.at(0).outcome.message.find("SIGSEGV") != std::string::npos);
  }
}
