// An evaluation on one core and on all: evaluate_bench [pairs per case] [folder of recordings].
//
// Whole runs of `soundalike evaluate run`, from start to exit; the one core is given by affinity, since a single pair's
// renders and measures otherwise use two.
#include <sched.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "measure.hpp"
#include "process.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/corpus.hpp"

using namespace soundalike;
using namespace soundalike::bench;
namespace fs = std::filesystem;

namespace {

constexpr const char* protocol = R"(title = "benchmark"
encoder = "style-encoder"
[match]
budget = 100
neighbours = 50
[[case]]
effect = "lv2:http://drobilla.net/plugins/mda/Overdrive"
[[case]]
effect = "lv2:http://drobilla.net/plugins/mda/Ambience"
[[case]]
name = "EQ and compressor"
effect = ["builtin:eq", "builtin:compressor"]
)";

/// Music of 6 to 10 s, mono, in files of the test split.
void write_recordings(const fs::path& folder, std::size_t count) {
  fs::create_directory(folder);
  for (std::uint64_t number = 0; count > 0; ++number) {
    const std::string name = "song_" + std::to_string(number) + ".wav";
    if (split_of(name) != Split::test) continue;
    const double seconds = 6.0 + 0.5 * static_cast<double>(number % 9);
    write_audio(folder / name, make_music(1, seconds, {24000.0}, number));
    --count;
  }
}

void use_cores(const std::vector<int>& cores) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const int core : cores) CPU_SET(core, &set);
  if (::sched_setaffinity(0, sizeof set, &set) != 0) throw std::runtime_error("cannot choose cores");
}

std::vector<int> own_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) != 0) throw std::runtime_error("cannot tell the cores");
  std::vector<int> cores;
  for (int core = 0; core < CPU_SETSIZE; ++core) {
    if (CPU_ISSET(core, &set)) cores.push_back(core);
  }
  return cores;
}

}  // namespace

int main(int argc, char** argv) {
  return run_bench("evaluate_bench", [&] {
    const int pairs = rounds_from(argc, argv, 1, 16);
    const TemporaryFolder folder;
    fs::path recordings = folder.path() / "recordings";
    if (argc > 2) {
      recordings = fs::canonical(argv[2]);
    } else {
      write_recordings(recordings, static_cast<std::size_t>(pairs));
    }
    const fs::path file = folder.path() / "protocol.toml";
    std::ofstream(file) << protocol;
    const auto cores = own_cores();
    const auto run = [&](const std::string& name, std::size_t threads, int count) {
      use_cores(threads == 1 ? std::vector{cores.front()} : cores);
      const std::string output = (folder.path() / (name + ".json")).string();
      const Ran ran = run_program({soundalike_program(), "evaluate", "run", file.string(), "-d", recordings.string(),
                                   "-o", (folder.path() / name).string(), "--pairs", std::to_string(count), "--jobs",
                                   std::to_string(threads), "--json"},
                                  false, output);
      std::ifstream in(output);
      return std::pair(ran, nlohmann::json::parse(in).at("useful_share").get<double>());
    };
    run("first", cores.size(), 1);  // files and plugins are in memory for both
    const auto [one, one_useful] = run("one", 1, pairs);
    const auto [all, all_useful] = run("all", cores.size(), pairs);
    use_cores(cores);
    return nlohmann::ordered_json{{"pairs", 3 * pairs},
                                  {"cores", cores.size()},
                                  {"one_core_seconds", one.wall_seconds},
                                  {"all_cores_seconds", all.wall_seconds},
                                  {"times_faster", one.wall_seconds / all.wall_seconds},
                                  {"one_core_cpu_seconds", one.cpu_seconds},
                                  {"all_cores_cpu_seconds", all.cpu_seconds},
                                  {"one_core_useful", one_useful},
                                  {"all_cores_useful", all_useful}};
  });
}
