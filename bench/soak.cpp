// Many short renders: does memory or the number of open files grow, in the program or in its workers? One renderer
// lives all the time, others come and go beside it, each with clips that come and go. The workers of the first are
// replaced only if they die or are worn; how often they were stands in the result.
//
//   soak [renders] [seconds between samples] [effect]...     lines on standard error, one JSON object
#include <atomic>
#include <chrono>
#include <cstdio>
#include <set>
#include <thread>

#include "leftovers.hpp"
#include "measure.hpp"
#include "soundalike/batch_renderer.hpp"
#include "soundalike/effect_library.hpp"
#include "soundalike/rng.hpp"

using namespace soundalike;
using namespace soundalike::bench;

namespace {

const RenderSetup setup{SampleRate{24000}, 1};
constexpr std::size_t batch = 500;
constexpr std::size_t batches_per_visitor = 20;
constexpr double settled_seconds = 60.0;

struct Sample {
  double seconds;
  std::size_t renders;
  Held program;
  std::size_t workers;
  Held largest_worker;
};

class Soak {
 public:
  explicit Soak(std::vector<EffectListing> effects)
      : effects_(std::move(effects)), resident_({effects_.front()}, setup, {}) {
    for (const pid_t worker : children()) workers_seen_.insert(worker);
    first_workers_ = workers_seen_.size();
  }

  void step() {
    render(resident_);
    if (++steps_ % batches_per_visitor == 0) {
      BatchRenderer visitor({effects_[visitors_++ % effects_.size()]}, setup, {.workers = 2});
      render(visitor);
    }
  }

  Sample sample(double seconds) {
    Sample now{seconds, renders_, held_by(::getpid()), 0, {}};
    for (const pid_t worker : children()) {
      workers_seen_.insert(worker);
      const Held held = held_by(worker);
      ++now.workers;
      now.largest_worker.private_bytes = std::max(now.largest_worker.private_bytes, held.private_bytes);
      now.largest_worker.files = std::max(now.largest_worker.files, held.files);
    }
    return now;
  }

  std::size_t renders() const { return renders_; }
  std::size_t failed() const { return failed_; }
  std::size_t visitors() const { return visitors_; }
  std::size_t workers_replaced() const { return workers_seen_.size() - first_workers_; }

 private:
  void render(BatchRenderer& renderer) {
    AudioBuffer clip(1, 1024 + rng_.below(1024), setup.sample_rate);
    for (float& sample : clip.samples()) sample = static_cast<float>(0.2 * rng_.normal());
    const auto id = renderer.add_clip(clip);
    std::vector<std::vector<float>> settings(batch);
    std::vector<BatchRenderer::Job> jobs;
    for (auto& one : settings) {
      for (std::size_t p = 0; p < renderer.parameters().size(); ++p) one.push_back(static_cast<float>(rng_.uniform()));
      jobs.push_back({id, one});
    }
    std::atomic<std::size_t> failed = 0;
    renderer.render(jobs, [&](std::size_t, const RenderOutcome& outcome, AudioView) {
      if (outcome.status == RenderStatus::crashed || outcome.status == RenderStatus::failed ||
          outcome.status == RenderStatus::timed_out) {
        ++failed;
      }
    });
    renderer.remove_clip(id);
    renders_ += batch;
    failed_ += failed;
  }

  std::vector<EffectListing> effects_;
  BatchRenderer resident_;
  Rng rng_{1};
  std::size_t steps_ = 0;
  std::size_t visitors_ = 0;
  std::size_t renders_ = 0;
  std::size_t failed_ = 0;
  std::size_t first_workers_ = 0;
  std::set<pid_t> workers_seen_;
};

nlohmann::ordered_json to_json(const Sample& s) {
  return {{"seconds", s.seconds},
          {"renders", s.renders},
          {"program_kib", s.program.private_bytes / 1024},
          {"program_files", s.program.files},
          {"workers", s.workers},
          {"largest_worker_kib", s.largest_worker.private_bytes / 1024},
          {"most_worker_files", s.largest_worker.files}};
}

nlohmann::ordered_json measure(std::size_t renders, double interval, const std::vector<std::string>& names) {
  const EffectLibrary library;
  std::vector<EffectListing> effects;
  for (const std::string& name : names) effects.push_back(library.find(name));
  Soak soak(std::move(effects));
  std::vector<Sample> samples;
  double due = 0.0;
  const auto start = std::chrono::steady_clock::now();
  while (true) {
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (seconds >= due || soak.renders() >= renders) {
      samples.push_back(soak.sample(seconds));
      std::fprintf(stderr, "%s\n", to_json(samples.back()).dump().c_str());
      due = seconds + interval;
    }
    if (soak.renders() >= renders) break;
    soak.step();
  }
  // From the first sample after a minute, or after a tenth of a shorter run, to the last.
  const double total = samples.back().seconds;
  const double settled = total >= 2.0 * settled_seconds ? settled_seconds : total / 10.0;
  const Sample& then = *std::ranges::find_if(samples, [&](const Sample& s) { return s.seconds >= settled; });
  const Sample& last = samples.back();
  const auto growth = [](std::size_t before, std::size_t after) {
    return static_cast<long long>(after) - static_cast<long long>(before);
  };
  nlohmann::ordered_json result{
      {"renders", last.renders},
      {"failed_renders", soak.failed()},
      {"visiting_renderers", soak.visitors()},
      {"workers_replaced", soak.workers_replaced()},
      {"seconds", last.seconds},
      {"settled_after_seconds", then.seconds},
      {"program_growth_kib", growth(then.program.private_bytes, last.program.private_bytes) / 1024},
      {"program_files_growth", growth(then.program.files, last.program.files)},
      {"worker_growth_kib", growth(then.largest_worker.private_bytes, last.largest_worker.private_bytes) / 1024},
      {"worker_files_growth", growth(then.largest_worker.files, last.largest_worker.files)}};
  for (const Sample& sample : samples) result["samples"].push_back(to_json(sample));
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  return run_bench("soak", [&] {
    std::vector<std::string> names(argv + std::min(argc, 3), argv + argc);
    if (names.empty()) names = {"MDA Delay", "MDA Overdrive", "MDA Ambience", "MDA RezFilter"};
    return measure(argc > 1 ? std::stoul(argv[1]) : 200000, argc > 2 ? std::stod(argv[2]) : 10.0, names);
  });
}
