// What BatchRenderer with one worker costs beside a bare loop around run(), and what its sandbox costs, told apart from
// the machine's noise.
//
// Bare loop, worker and unsandboxed worker take short turns on one core, A B C C B A, so that a core that is faster,
// or slower for a while, meets them alike; one such round gives one ratio. Where code and data happen to lie makes
// the same instructions up to a tenth faster or slower, too, and the bare loop's place is drawn with its process: so
// several processes measure, and the figure is the median of their medians, with its interval of 95 %. "Bare over bare"
// compares the first and the last turn of each round: what the method finds where there is nothing to find.
//
//   overhead_bench [effect] [processes] [rounds]      prints one JSON object
#include <sched.h>

#include <cstdint>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <map>

#include "instruction_counter.hpp"
#include "leftovers.hpp"
#include "paired.hpp"
#include "process.hpp"
#include "renderer_clip.hpp"

using namespace soundalike;
using namespace soundalike::bench;

namespace {

constexpr std::size_t renders = 16;  // per turn
constexpr int default_processes = 9;
constexpr int default_rounds = 8;

/// On one core there is nothing a turn could win by the other process having another one.
void stay_on_this_core() {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(static_cast<std::size_t>(::sched_getcpu()), &one);
  ::sched_setaffinity(0, sizeof one, &one);  // best effort
}

struct Cost {
  double cpu_seconds = 0.0;
  double wall_seconds = 0.0;
  double instructions = 0.0;

  Cost operator+(const Cost& other) const {
    return {cpu_seconds + other.cpu_seconds, wall_seconds + other.wall_seconds, instructions + other.instructions};
  }
};

/// Takes turns, and the cost of each: of this thread, and of the worker that it uses, if any.
class Turns {
 public:
  explicit Turns(const EffectListing& listing) : effect_(open_effect(listing, render_setup)), clip_(render_clip()) {
    add_worker(listing, {.workers = 1});
    RendererOptions plain{.workers = 1, .sandbox = false};
    plain.memory_bytes = 0;
    add_worker(listing, plain);
  }

  Cost bare() {
    return cost(nullptr, [&] { bare_loop(*effect_, renders, clip_, output_); });
  }
  Cost sandboxed() { return rendered(workers_[0]); }
  Cost plain() { return rendered(workers_[1]); }
  /// Why instructions are not counted; empty where they are.
  std::string uncounted() const {
    return own_.problem().empty() ? workers_[0].instructions->problem() : own_.problem();
  }

 private:
  struct Worker {
    std::unique_ptr<BatchRenderer> renderer;
    clockid_t clock{};
    std::unique_ptr<InstructionCounter> instructions;
  };

  void add_worker(const EffectListing& listing, const RendererOptions& options) {
    const auto before = children();
    Worker& worker = workers_.emplace_back();
    worker.renderer = std::make_unique<BatchRenderer>(std::vector{listing}, render_setup, options);
    worker.renderer->add_clip(clip_);
    for (const pid_t child : children()) {
      if (std::ranges::find(before, child) != before.end()) continue;
      if (::clock_getcpuclockid(child, &worker.clock) != 0) throw std::runtime_error("cannot read a worker's CPU time");
      worker.instructions = std::make_unique<InstructionCounter>(child);
    }
    if (!worker.instructions) throw std::runtime_error("cannot find the worker's process");
  }

  Cost rendered(const Worker& worker) {
    return cost(&worker, [&] {
      worker.renderer->render(jobs_, [](std::size_t, const RenderOutcome& outcome, AudioView) { expect_ok(outcome); });
    });
  }

  Cost used(const Worker* worker) const {
    Cost so_far{process_cpu_seconds(), 0.0, static_cast<double>(own_.count())};
    timespec time{};
    if (worker && ::clock_gettime(worker->clock, &time) == 0) {
      so_far.cpu_seconds += static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
      so_far.instructions += static_cast<double>(worker->instructions->count());
    }
    return so_far;
  }

  Cost cost(const Worker* worker, const std::function<void()>& turn) const {
    const Cost before = used(worker);
    const double wall = seconds_of(turn);
    const Cost after = used(worker);
    return {after.cpu_seconds - before.cpu_seconds, wall, after.instructions - before.instructions};
  }

  std::unique_ptr<Effect> effect_;
  AudioBuffer clip_;
  AudioBuffer output_{1, render_frames, render_setup.sample_rate};
  std::vector<float> settings_ = effect_->default_settings();
  std::vector<BatchRenderer::Job> jobs_{renders, {0, settings_}};
  std::vector<Worker> workers_;
  InstructionCounter own_{0};
};

/// What one process finds: medians over its rounds.
nlohmann::ordered_json measure_here(const std::string& name, int rounds) {
  flush_to_zero();
  stay_on_this_core();
  Turns turns(EffectLibrary().find(name));
  std::map<std::string, std::vector<double>> found;
  for (int round = -1; round < rounds; ++round) {  // the first warms up
    const Cost first = turns.bare();
    Cost sandboxed = turns.sandboxed();
    Cost plain = turns.plain();
    plain = plain + turns.plain();
    sandboxed = sandboxed + turns.sandboxed();
    const Cost last = turns.bare();
    if (round < 0) continue;
    const Cost bare = first + last;
    found["bare_loop_us"].push_back(bare.cpu_seconds / (2 * renders) * 1e6);
    found["cpu_overhead"].push_back(sandboxed.cpu_seconds / bare.cpu_seconds - 1.0);
    found["wall_overhead"].push_back(sandboxed.wall_seconds / bare.wall_seconds - 1.0);
    found["sandbox_cpu_cost"].push_back(sandboxed.cpu_seconds / plain.cpu_seconds - 1.0);
    found["bare_over_bare"].push_back(last.cpu_seconds / first.cpu_seconds - 1.0);
    if (!turns.uncounted().empty()) continue;
    found["bare_loop_instructions"].push_back(bare.instructions / (2 * renders));
    found["instruction_overhead"].push_back(sandboxed.instructions / bare.instructions - 1.0);
  }
  nlohmann::ordered_json result;
  for (auto& [what, values] : found) result[what] = estimate(std::move(values)).median;
  if (!turns.uncounted().empty()) result["instructions_not_counted"] = turns.uncounted();
  return result;
}

/// In processes of their own, each with other addresses.
nlohmann::ordered_json measure(const std::string& name, int processes, int rounds) {
  const std::string self = std::filesystem::read_symlink("/proc/self/exe").string();
  const TemporaryFolder folder("soundalike-bench");
  const std::string file = (folder / "found.json").string();
  std::map<std::string, std::vector<double>> found;
  std::string uncounted;
  for (int process = 0; process < processes; ++process) {
    run_program({self, name, "here", std::to_string(rounds)}, false, file);
    std::ifstream stream(file);
    const auto medians = nlohmann::ordered_json::parse(stream);
    for (const auto& [what, value] : medians.items()) {
      if (value.is_number()) found[what].push_back(value.get<double>());
      if (value.is_string()) uncounted = value.get<std::string>();
    }
  }
  nlohmann::ordered_json result{{"effect", name_with_format(EffectLibrary().find(name))},
                                {"frames", render_frames},
                                {"renders_per_turn", renders},
                                {"processes", processes},
                                {"rounds", rounds}};
  for (auto& [what, values] : found) result[what] = to_json(estimate(std::move(values)));
  if (uncounted.empty()) return result;
  result["instructions_not_counted"] = uncounted;
  std::fprintf(stderr, "overhead_bench: instructions are not counted: %s\n", uncounted.c_str());
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  return run_bench("overhead_bench", [&] {
    const std::string name = argc > 1 ? argv[1] : "MDA Overdrive";
    const int rounds = rounds_from(argc, argv, 3, default_rounds);
    if (argc > 2 && std::string(argv[2]) == "here") return measure_here(name, rounds);
    return measure(name, rounds_from(argc, argv, 2, default_processes), rounds);
  });
}
