// What more workers of a BatchRenderer bring, beside what the machine gives more threads of a bare loop around run().
// All are measured in turns within one run, so that a change of the machine's speed meets them alike; the figures are
// ratios of medians. What one worker costs over a bare loop is overhead_bench's.
//
//   batch_renderer_bench [effect] [rounds]      prints one JSON object
#include <chrono>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "renderer_clip.hpp"

using namespace soundalike;
using namespace soundalike::bench;

namespace {

constexpr std::size_t renders = 48;  // per turn; a multiple of the workers

/// A batch with as much work per job as the caller asks for, in busy microseconds.
struct Series {
  std::string name;
  std::size_t workers;
  double consume_us;
  std::vector<double> times = {};
};

void spin(double microseconds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double, std::micro>(microseconds);
  while (std::chrono::steady_clock::now() < end) {
  }
}

nlohmann::ordered_json measure(const std::string& name, int rounds) {
  flush_to_zero();
  const EffectListing listing = EffectLibrary().find(name);
  const auto effect = open_effect(listing, render_setup);
  const auto settings = effect->default_settings();
  const AudioBuffer clip = render_clip();
  AudioBuffer output(1, render_frames, render_setup.sample_rate);

  std::vector<double> bare;
  std::vector<double> four_bare;  // what the machine itself gives four cores
  std::vector<Series> all{{"one_worker", 1, 0.0}, {"four_workers", 4, 0.0}, {"four_workers_busy_consumer", 4, 1000.0}};
  std::vector<BatchRenderer> renderers;
  std::vector<BatchRenderer::Job> jobs(renders, {0, settings});
  for (const Series& series : all) {
    renderers.emplace_back(std::vector{listing}, render_setup, RendererOptions{.workers = series.workers});
    renderers.back().add_clip(clip);  // the first: clip 0
  }
  for (int round = -1; round < rounds; ++round) {  // the first warms up
    const double bare_time = seconds_of([&] { bare_loop(*effect, renders, clip, output); });
    const double four_time = seconds_of([&] {
      std::vector<std::jthread> threads;
      for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
          flush_to_zero();
          AudioBuffer own(1, render_frames, render_setup.sample_rate);
          bare_loop(*effect, renders, clip, own);
        });
      }
    });
    if (round >= 0) bare.push_back(bare_time);
    if (round >= 0) four_bare.push_back(four_time / 4);
    for (std::size_t i = 0; i < all.size(); ++i) {
      const double time = seconds_of([&] {
        renderers[i].render(jobs, [&](std::size_t, const RenderOutcome& outcome, AudioView) {
          expect_ok(outcome);
          spin(all[i].consume_us);
        });
      });
      if (round >= 0) all[i].times.push_back(time);
    }
  }
  const auto least = [](const std::vector<double>& times) { return *std::min_element(times.begin(), times.end()); };
  nlohmann::ordered_json result{{"effect", name_with_format(listing)},
                                {"frames", render_frames},
                                {"renders_per_turn", renders},
                                {"rounds", rounds},
                                {"cores", std::thread::hardware_concurrency()},
                                {"bare_loop_us", median(bare) / renders * 1e6},
                                {"bare_loop_best_us", least(bare) / renders * 1e6},
                                {"sandbox", renderers[0].sandbox()},
                                {"four_workers_speedup", median(all[0].times) / median(all[1].times)},
                                {"four_bare_threads_speedup", median(bare) / median(four_bare)},
                                {"four_bare_threads_speedup_best", least(bare) / least(four_bare)},
                                {"four_workers_speedup_best", least(all[0].times) / least(all[1].times)}};
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
