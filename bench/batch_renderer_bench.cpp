// What BatchRenderer costs beside a bare loop around run(), and what more workers bring. All are measured in turns
// within one run, so that a change of the machine's speed meets them alike; the figures are ratios of medians.
//
//   batch_renderer_bench [effect] [rounds]      prints one JSON object
#include <algorithm>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "measure.hpp"
#include "soundalike/batch_renderer.hpp"
#include "soundalike/effect_library.hpp"
#include "soundalike/error.hpp"
#include "soundalike/rng.hpp"

using namespace soundalike;
using namespace soundalike::bench;

namespace {

constexpr std::size_t frames = 131072;
constexpr std::size_t renders = 48;  // per turn; a multiple of the workers
const RenderSetup setup{SampleRate{24000}, 1};

/// What anyone would write first: a fresh instance per render, block after block, nothing checked.
void bare_loop(const Effect& effect, const std::vector<float>& settings, const AudioBuffer& clip, AudioBuffer& output) {
  for (std::size_t render = 0; render < renders; ++render) {
    const auto run = effect.start(settings);
    for (std::size_t at = 0; at < frames; at += setup.block_size) {
      const float* in = clip.channel(0).data() + at;
      float* out = output.channel(0).data() + at;
      run->process(&in, &out, std::min(setup.block_size, frames - at));
    }
  }
}

/// CPU time of all child processes, dead ones left out.
double children_cpu_seconds() {
  double seconds = 0.0;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream children(task.path() / "children");
    for (pid_t child = 0; children >> child;) {
      clockid_t clock{};
      timespec time{};
      if (::clock_getcpuclockid(child, &clock) != 0 || ::clock_gettime(clock, &time) != 0) continue;
      seconds += static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
    }
  }
  return seconds;
}

/// A batch with as much work per job as the caller asks for, in busy microseconds.
struct Series {
  std::string name;
  std::size_t workers;
  double consume_us;
  bool sandbox = true;
  std::vector<double> times = {};
  std::vector<double> cpu = {};
};

void spin(double microseconds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double, std::micro>(microseconds);
  while (std::chrono::steady_clock::now() < end) {
  }
}

nlohmann::ordered_json measure(const std::string& name, int rounds) {
  flush_to_zero();
  const EffectListing listing = EffectLibrary().find(name);
  const auto effect = open_effect(listing, setup);
  const auto settings = effect->default_settings();
  AudioBuffer clip(1, frames, setup.sample_rate);
  Rng rng(1);
  for (float& sample : clip.samples()) sample = static_cast<float>(0.2 * rng.normal());
  AudioBuffer output(1, frames, setup.sample_rate);

  std::vector<double> bare;
  std::vector<double> four_bare;     // what the machine itself gives four cores
  std::vector<double> cpu_overhead;  // of one worker and its renderer, each turn's over the bare loop's
  std::vector<double> sandbox_cost;  // in CPU time, each turn's over that of a plain worker just before or after
  std::vector<Series> all{{"one_worker", 1, 0.0},
                          {"one_plain_worker", 1, 0.0, false},
                          {"four_workers", 4, 0.0},
                          {"four_workers_busy_consumer", 4, 1000.0}};
  std::vector<BatchRenderer> renderers;
  std::vector<BatchRenderer::Job> jobs(renders, {0, settings});
  for (const Series& series : all) {
    RendererOptions options{.workers = series.workers, .sandbox = series.sandbox};
    if (!series.sandbox) options.memory_bytes = 0;
    renderers.emplace_back(std::vector{listing}, setup, options);
    renderers.back().add_clip(clip);  // the first: clip 0
  }
  for (int round = -1; round < rounds; ++round) {  // the first warms up
    double cpu = thread_cpu_seconds();
    const double bare_time = seconds_of([&] { bare_loop(*effect, settings, clip, output); });
    const double bare_cpu = thread_cpu_seconds() - cpu;
    const double four_time = seconds_of([&] {
      std::vector<std::jthread> threads;
      for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
          flush_to_zero();
          AudioBuffer own(1, frames, setup.sample_rate);
          bare_loop(*effect, settings, clip, own);
        });
      }
    });
    if (round >= 0) bare.push_back(bare_time);
    if (round >= 0) four_bare.push_back(four_time / 4);
    for (std::size_t turn = 0; turn < all.size(); ++turn) {
      const std::size_t i = turn < 2 && round % 2 != 0 ? 1 - turn : turn;  // neither of the first two is always first
      cpu = cpu_seconds(RUSAGE_SELF) + children_cpu_seconds();
      const double time = seconds_of([&] {
        renderers[i].render(jobs, [&](std::size_t, const RenderOutcome& outcome, AudioView) {
          if (outcome.status != RenderStatus::ok) throw Error(ErrorCode::plugin_failed, outcome.message);
          spin(all[i].consume_us);
        });
      });
      const double used = cpu_seconds(RUSAGE_SELF) + children_cpu_seconds() - cpu;
      if (i == 0 && round >= 0) cpu_overhead.push_back(used / bare_cpu - 1.0);
      if (round >= 0) all[i].times.push_back(time);
      if (round >= 0) all[i].cpu.push_back(used);
    }
    if (round >= 0) sandbox_cost.push_back(all[0].cpu.back() / all[1].cpu.back() - 1.0);
  }
  const auto least = [](const std::vector<double>& times) { return *std::min_element(times.begin(), times.end()); };
  const std::string format = listing.info.id.substr(0, listing.info.id.find(':'));
  nlohmann::ordered_json result{{"effect", listing.info.name + (format == "lv2" ? "" : " (" + format + ")")},
                                {"frames", frames},
                                {"renders_per_turn", renders},
                                {"rounds", rounds},
                                {"cores", std::thread::hardware_concurrency()},
                                {"bare_loop_us", median(bare) / renders * 1e6},
                                {"bare_loop_best_us", least(bare) / renders * 1e6},
                                {"one_worker_overhead", median(all[0].times) / median(bare) - 1.0},
                                {"one_worker_cpu_overhead", median(cpu_overhead)},
                                {"one_worker_overhead_best", least(all[0].times) / least(bare) - 1.0},
                                {"sandbox", renderers[0].sandbox()},
                                {"sandbox_cpu_cost", median(sandbox_cost)},
                                {"sandbox_cost_best", least(all[0].times) / least(all[1].times) - 1.0},
                                {"four_workers_speedup", median(all[0].times) / median(all[2].times)},
                                {"four_bare_threads_speedup", median(bare) / median(four_bare)},
                                {"four_bare_threads_speedup_best", least(bare) / least(four_bare)},
                                {"four_workers_speedup_best", least(all[0].times) / least(all[2].times)}};
  for (const Series& series : all) result[series.name + "_us"] = median(series.times) / renders * 1e6;
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  return run_bench("batch_renderer_bench", [&] {
    const std::string name = argc > 1 ? argv[1] : "MDA Overdrive";
    return measure(name, rounds_from(argc, argv, 2, 21));
  });
}
