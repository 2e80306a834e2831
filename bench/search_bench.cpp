// What a search itself costs beside what it asks for: CPU time of all ask() and tell() of one search of 400
// evaluations, by method and number of knobs. A match of 400 renders of 5.5 s keeps four cores busy for about half a
// second, and the search runs while they wait for it.
//
//   search_bench [rounds]      prints one JSON object
#include <cmath>
#include <nlohmann/json.hpp>

#include "measure.hpp"
#include "soundalike/search.hpp"

using namespace soundalike;
using namespace soundalike::bench;

namespace {

// Curved, with knobs that act together; where its minimum lies does not matter here.
double cost_of(const std::vector<double>& point) {
  double cost = 0.0;
  for (std::size_t i = 0; i < point.size(); ++i) {
    const double next = point[(i + 1) % point.size()];
    cost +=
        std::pow(point[i] - 0.3, 2) + 0.5 * std::pow(next - point[i] * point[i], 2) + 0.02 * std::cos(20 * point[i]);
  }
  return cost;
}

double seconds_of_search(std::string_view method, std::size_t knobs, std::uint64_t seed) {
  SearchOptions options;
  options.dimensions.resize(knobs);
  options.starts.emplace_back(knobs, 0.5);
  options.seed = seed;
  const double start = thread_cpu_seconds();
  const auto search = make_search(method, options);
  std::vector<double> costs;
  while (!search->done()) {
    costs.clear();
    for (const auto& point : search->ask()) costs.push_back(cost_of(point));
    search->tell(costs);
  }
  return thread_cpu_seconds() - start;
}

}  // namespace

int main(int argc, char** argv) {
  return run_bench("search_bench", [&] {
    const int rounds = rounds_from(argc, argv, 1, 9);
    nlohmann::ordered_json result{{"budget", SearchOptions{}.budget}, {"rounds", rounds}};
    for (const auto& [method, knobs] : {std::pair{"auto", 3}, {"auto", 6}, {"auto", 10}, {"auto", 16}, {"auto", 40}}) {
      std::vector<double> times;
      for (int round = 0; round < rounds; ++round) {
        times.push_back(seconds_of_search(method, static_cast<std::size_t>(knobs), static_cast<std::uint64_t>(round)));
      }
      result["search_ms"][std::to_string(knobs) + " knobs"] = 1e3 * median(times);
    }
    return result;
  });
}
