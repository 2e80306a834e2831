// What each metric costs on a stereo clip of 5.46 s: CPU time of one thread, with nothing known of either recording,
// and for one more output against a target that was measured before, as evaluations do it; then all metrics in turn.
//
//   metric_bench [rounds]      prints one JSON object
#include <optional>
#include <vector>

#include "measure.hpp"
#include "soundalike/metric.hpp"

using namespace soundalike;
using namespace soundalike::bench;

namespace {

constexpr SampleRate rate{24000};
constexpr double seconds = 131072.0 / 24000.0;

double cost_of(const Metric& metric, const MetricAudio& output, const MetricAudio& target) {
  const double before = thread_cpu_seconds();
  const MetricValue found = metric.measure(output, target);
  const double cost = thread_cpu_seconds() - before;
  if (!found.value) throw std::runtime_error(std::string(metric.name) + ": " + found.failure);
  return 1000.0 * cost;
}

}  // namespace

int main(int argc, char** argv) {
  return run_bench("metric_bench", [&] {
    const int rounds = rounds_from(argc, argv, 1, 11);
    const AudioBuffer target = make_music(2, seconds, rate, 1), output = make_music(2, seconds, rate, 2);
    const MetricAudio known(target);
    for (const Metric* metric : metrics()) (void)metric->measure(output, known);
    std::vector<std::vector<double>> first(metrics().size()), again(metrics().size());
    std::vector<double> all;
    for (int round = 0; round < rounds; ++round) {
      const MetricAudio shared(output);
      double sum = 0.0;
      for (std::size_t i = 0; i < metrics().size(); ++i) {
        const Metric& metric = *metrics()[i];
        first[i].push_back(cost_of(metric, output, target));
        again[i].push_back(cost_of(metric, output, known));
        sum += cost_of(metric, shared, known);
      }
      all.push_back(sum);
    }
    nlohmann::ordered_json result{{"rounds", rounds}, {"audio_seconds", seconds}, {"channels", 2}};
    for (std::size_t i = 0; i < metrics().size(); ++i) {
      result["metrics"].push_back(
          {{"name", metrics()[i]->name}, {"first_ms", median(first[i])}, {"again_ms", median(again[i])}});
    }
    result["all_ms"] = median(all);
    return result;
  });
}
