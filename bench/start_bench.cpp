// From typing a command to having its answer: the start of the program, and finding effects with and without the cache,
// among 1000 generated bundles and among those installed here. Times on the wall, as people wait, and CPU time.
//
//   start_bench [rounds]      prints one JSON object
#include <cstdlib>

#include "measure.hpp"
#include "process.hpp"
#include "soundalike/effect_library.hpp"

using namespace soundalike;
using namespace soundalike::bench;

namespace {

constexpr int bundles = 1000;
constexpr int knobs = 8;

void write_text(const std::filesystem::path& file, const std::string& text) {
  std::ofstream stream(file, std::ios::binary);
  if (!(stream << text << std::flush)) throw std::runtime_error("cannot write " + file.string());
}

void write_bundle(const std::filesystem::path& folder, int number) {
  const std::string prefixes =
      "@prefix lv2: <http://lv2plug.in/ns/lv2core#> .\n"
      "@prefix doap: <http://usefulinc.com/ns/doap#> .\n"
      "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n";
  const std::string uri = "<urn:soundalike:bench:" + std::to_string(number) + ">";
  std::string data = prefixes + uri + " a lv2:Plugin, lv2:FilterPlugin ; doap:name \"Bench " + std::to_string(number) +
                     "\" ;\n  lv2:port "
                     "[ a lv2:OutputPort, lv2:AudioPort ; lv2:index 0 ; lv2:symbol \"out\" ; lv2:name \"out\" ] ,\n"
                     "[ a lv2:InputPort, lv2:AudioPort ; lv2:index 1 ; lv2:symbol \"in\" ; lv2:name \"in\" ]";
  for (int k = 0; k < knobs; ++k) {
    const std::string name = "knob_" + std::to_string(k);
    data.append(" ,\n[ a lv2:InputPort, lv2:ControlPort ; lv2:index ").append(std::to_string(k + 2));
    data.append(" ; lv2:symbol \"").append(name).append("\" ; lv2:name \"").append(name);
    data.append("\" ; lv2:default 0.5 ; lv2:minimum 0.0 ; lv2:maximum 1.0 ]");
  }
  std::filesystem::create_directories(folder);
  write_text(folder / "plugin.so", "");
  write_text(folder / "plugin.ttl", data + " .\n");
  write_text(folder / "manifest.ttl",
             prefixes + uri + " a lv2:Plugin ; lv2:binary <plugin.so> ; rdfs:seeAlso <plugin.ttl> .\n");
}

struct Finding {
  std::size_t effects = 0;
  std::size_t parameters = 0;
  double scan_seconds = 0.0;
  double scan_cpu_seconds = 0.0;
  double cached_seconds = 0.0;
  double cached_cpu_seconds = 0.0;
};

Finding find_effects(const std::filesystem::path& cache, std::optional<std::string> lv2_path, int rounds) {
  const EffectLibrary::Options options{.cache_file = cache, .lv2_path = std::move(lv2_path)};
  Finding finding;
  std::vector<double> scanning;
  std::vector<double> working;
  std::vector<double> reading;
  std::vector<double> decoding;
  for (int round = 0; round < rounds; ++round) {
    std::filesystem::remove(cache);
    const double cpu = cpu_seconds(RUSAGE_SELF);
    scanning.push_back(seconds_of([&] { EffectLibrary{options}; }));
    working.push_back(cpu_seconds(RUSAGE_SELF) - cpu);
    for (int i = 0; i < 5; ++i) {
      const double before = cpu_seconds(RUSAGE_SELF);
      reading.push_back(seconds_of([&] {
        const EffectLibrary library(options);
        if (!library.from_cache()) throw std::runtime_error("the cache was not used");
        finding.effects = library.listings().size();
        finding.parameters = 0;
        for (const EffectListing& listing : library.listings()) finding.parameters += listing.parameters.size();
      }));
      decoding.push_back(cpu_seconds(RUSAGE_SELF) - before);
    }
  }
  finding.scan_seconds = median(scanning);
  finding.scan_cpu_seconds = median(working);
  finding.cached_seconds = median(reading);
  finding.cached_cpu_seconds = median(decoding);
  return finding;
}

nlohmann::ordered_json to_json(const Finding& finding) {
  return {{"effects", finding.effects},
          {"parameters", finding.parameters},
          {"scan_seconds", finding.scan_seconds},
          {"scan_cpu_seconds", finding.scan_cpu_seconds},
          {"cached_ms", 1e3 * finding.cached_seconds},
          {"cached_cpu_ms", 1e3 * finding.cached_cpu_seconds}};
}

nlohmann::ordered_json start_times(const std::vector<std::string>& arguments, int rounds) {
  std::vector<double> waiting;
  std::vector<double> working;
  for (int round = -1; round < rounds; ++round) {  // the first fills the cache
    const Ran ran = run_program(arguments);
    if (round < 0) continue;
    waiting.push_back(ran.wall_seconds);
    working.push_back(ran.cpu_seconds);
  }
  return {{"wall_ms", 1e3 * median(waiting)},
          {"least_wall_ms", 1e3 * *std::min_element(waiting.begin(), waiting.end())},
          {"cpu_ms", 1e3 * median(working)}};
}

}  // namespace

int main(int argc, char** argv) {
  return run_bench("start_bench", [&] {
    const int rounds = rounds_from(argc, argv, 1, 20);
    const int scans = std::max(1, rounds / 6);
    const TemporaryFolder folder;
    const std::string program = soundalike_program();
    ::setenv("XDG_CACHE_HOME", folder.path().c_str(), 1);
    nlohmann::ordered_json result{{"rounds", rounds}};
    result["soundalike --help"] = start_times({program, "--help"}, rounds);
    result["soundalike effects show"] = start_times({program, "effects", "show", "MDA Overdrive"}, rounds);
    for (int i = 0; i < bundles; ++i) write_bundle(folder.path() / "lv2" / ("bench-" + std::to_string(i) + ".lv2"), i);
    result["generated"] = to_json(find_effects(folder.path() / "a.cache", (folder.path() / "lv2").string(), scans));
    result["installed"] = to_json(find_effects(folder.path() / "b.cache", std::nullopt, scans));
    return result;
  });
}
