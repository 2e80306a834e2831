// One step of learning through a plugin: all renders of a batch in one BatchRenderer call, each compared as it arrives,
// against (a) the original's way, a serial loop of five renders per example and one comparison after the other, and (b)
// the sum of its parts spread over the cores. In turns within one run; the figures are ratios of medians. What the
// cores give at most, threads that share nothing tell: the losses on all of them over the same on one.
//
//   spsa_bench [effect] [rounds]      prints one JSON object
#include "spsa_step.hpp"

using namespace soundalike;
using namespace soundalike::bench;

int main(int argc, char** argv) {
  return run_bench("spsa_bench", [&] {
    const std::string name = argc > 1 ? argv[1] : "MDA Overdrive";
    const int rounds = rounds_from(argc, argv, 2, 9);
    flush_to_zero();
    Step step(name);
    std::vector<double> together, serial, renders, losses, losses_of_one;
    for (int round = 0; round < rounds; ++round) {
      together.push_back(seconds_of([&] { step.together(); }));
      serial.push_back(seconds_of([&] { step.one_by_one(); }));
      renders.push_back(seconds_of([&] { step.renders_alone(); }));
      losses.push_back(seconds_of([&] { step.losses_alone(); }));
      losses_of_one.push_back(seconds_of([&] { step.losses_alone(1); }));
    }
    const double parts = median(renders) + median(losses);
    return nlohmann::ordered_json{{"effect", name},
                                  {"batch", batch},
                                  {"frames", frames},
                                  {"step_ms", 1e3 * median(together)},
                                  {"serial_ms", 1e3 * median(serial)},
                                  {"renders_ms", 1e3 * median(renders)},
                                  {"losses_ms", 1e3 * median(losses)},
                                  {"times_faster_than_serial", median(serial) / median(together)},
                                  {"bare_threads_over_one", median(losses_of_one) / median(losses)},
                                  {"over_sum_of_parts", median(together) / parts - 1.0}};
  });
}
