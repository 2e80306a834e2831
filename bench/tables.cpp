// Tables of docs/results.md from what benchmarks print: tables <kind> <file.json ...>. Called by tools/results.sh.
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using Json = nlohmann::ordered_json;

double number(const Json& json, const char* name) { return json.at(name).get<double>(); }
std::size_t count(const Json& json, const char* name) { return json.at(name).get<std::size_t>(); }

void map(const std::vector<Json>& runs) {
  fmt::print(
      "| points | seconds | processor time over renders and embeddings alone | by the clock |\n|--:|--:|--:|--:|\n");
  for (const Json& run : runs) {
    fmt::print("| {} | {:.1f} | {:.2f} | {:.2f} |\n", count(run, "points"), number(run, "map_seconds"),
               number(run, "processor_ratio"), number(run, "ratio"));
  }
}

void umap(const Json& run) {
  fmt::print(
      "| {} examples of {} numbers, {} threads | seconds | trustworthiness | neighbours kept |\n|---|--:|--:|--:|\n",
      count(run, "examples"), count(run, "width"), count(run, "threads"));
  const auto row = [](const std::string& who, const Json& one) {
    const bool judged = one.contains("trustworthiness");
    fmt::print("| {} | {:.1f} | {} | {} |\n", who, number(one, "seconds"),
               judged ? fmt::format("{:.4f}", number(one, "trustworthiness")) : "",
               judged ? fmt::format("{:.4f}", number(one, "neighbours_kept")) : "");
  };
  row("umap-learn, seeded", run.at("umap_learn_seeded"));
  row("umap-learn, not seeded", run.at("umap_learn_unseeded"));
  const auto threads = count(run, "threads");
  row("soundalike, one thread", run.at("soundalike_1_threads"));
  if (threads != 1)
    row(fmt::format("soundalike, {} threads", threads), run.at(fmt::format("soundalike_{}_threads", threads)));
  fmt::print("\nThe pictures have {} bytes for 1, 2 and 4 threads.\n",
             run.at("same_bytes").get<bool>() ? "the same" : "OTHER");
}

void server(const Json& run) {
  fmt::print("| what | goal | measured |\n|---|---|---|\n");
  fmt::print(
      "| click to sound, two clients, {} clicks: median, 95th percentile | 100 ms | {:.0f}, {:.0f} ms; without the "
      "plugin's time {:.0f} ms |\n",
      count(run, "clicks"), number(run, "click_ms_median"), number(run, "click_ms_p95"),
      number(run, "click_ms_p95_without_plugin"));
  fmt::print("| the same under that load, 95th percentile | | {:.0f} ms |\n", number(run, "click_ms_p95_under_load"));
  fmt::print("| renders by 50 clients beside {} event streams | all answered | {} in {:.1f} s, {} refused as busy |\n",
             count(run, "streams"), count(run, "renders_by_50_clients"), number(run, "renders_seconds"),
             count(run, "refused_as_busy"));
  fmt::print("| peak memory, with its workers | 300 MB | {:.0f}, {:.0f} MB |\n", number(run, "peak_megabytes"),
             number(run, "with_workers_megabytes"));
  fmt::print("| Ctrl-C to the end | | {:.1f} s |\n", number(run, "end_seconds"));
}

void left_behind(const Json& run) {
  const bool clean = count(run, "children_left") == 0 && !run.at("open_files_left").get<bool>() &&
                     !run.at("shared_segments_left").get<bool>() && !run.at("temporary_files_left").get<bool>();
  fmt::print("| left behind | {} |\n",
             clean ? "no process, no open file, no shared memory, no temporary file"
                   : fmt::format("{} processes; open files, shared memory or temporary files: see the JSON",
                                 count(run, "children_left")));
}

void faults(const Json& run) {
  std::string told;
  for (const auto& [how, times] : run.at("ends").items()) {
    told += fmt::format("{}{} {}", told.empty() ? "" : ", ", times.get<std::size_t>(), how);
  }
  fmt::print("| what | found |\n|---|---|\n");
  fmt::print("| {} renders, {} faults | {}; {} of the usable have other bits than in a run without faults |\n",
             count(run, "renders"), count(run.at("met_in_renders"), "faults"), told,
             count(run, "undisturbed_renders_with_other_bits"));
  fmt::print(
      "| a match of {} renders, {} faults | {} renders lost; ends at a distance of {:.5f}, without faults at {:.5f}, "
      "the dry input at {:.4f} |\n",
      count(run, "match_renders"), count(run.at("met_in_match"), "faults"), count(run, "match_failed_renders"),
      number(run, "match_distance"), number(run, "match_distance_without_faults"),
      number(run, "match_distance_before"));
  left_behind(run);
}

void soak(const Json& run) {
  fmt::print("| what | found |\n|---|---|\n");
  fmt::print(
      "| {} renders, {} renderers made and removed beside a lasting one, in {:.0f} s | after the first {:.0f} s the "
      "program grows by {} KiB and {} open files, its workers by {} KiB and {} open files; {} workers were replaced, "
      "{} "
      "renders failed |\n",
      count(run, "renders"), count(run, "visiting_renderers"), number(run, "seconds"),
      number(run, "settled_after_seconds"), run.at("program_growth_kib").get<long>(),
      run.at("program_files_growth").get<long>(), run.at("worker_growth_kib").get<long>(),
      run.at("worker_files_growth").get<long>(), count(run, "workers_replaced"), count(run, "failed_renders"));
}

void training(const Json& run) {
  fmt::print("| what | found |\n|---|---|\n");
  const Json& faulty = run.at("with_faults");
  const Json& curve = run.at("without_faults").front().at("curve");
  std::string others, plain;
  for (const Json& apart : run.at("curves_of_other_seeds_apart")) {
    others += fmt::format("{}{:.3f}", others.empty() ? "" : ", ", apart.get<double>());
  }
  for (const Json& one : run.at("without_faults")) {
    plain += fmt::format("{}{:.3f}", plain.empty() ? "" : ", ", number(one, "mrstft"));
  }
  fmt::print(
      "| {} steps of training, {} renders, {} faults | {} of {} examples without a gradient; the validation curve "
      "is {:.3f} (root mean square over its {} points) from that of the same seed without faults, which fell from "
      "{:.3f} to {:.3f}; curves of other seeds are {} apart. On music that no training heard, MRSTFT {:.3f}, "
      "without faults {} |\n",
      count(run, "steps"), count(faulty.at("met"), "renders"), count(faulty.at("met"), "faults"),
      count(faulty, "examples_without_gradient"), count(faulty, "examples_rendered"),
      number(run, "curve_apart_from_the_same_seed"), curve.size(), curve.front().get<double>(),
      curve.back().get<double>(), others, number(faulty, "mrstft"), plain);
  left_behind(run);
}

Json read(const std::string& file) {
  std::ifstream stream(file);
  if (!stream) throw std::runtime_error("cannot open " + file);
  return Json::parse(stream);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc < 3) throw std::runtime_error("expected map|umap|server|faults|soak|training <file.json ...>");
    const std::string kind = argv[1];
    std::vector<Json> runs;
    for (int i = 2; i < argc; ++i) runs.push_back(read(argv[i]));
    if (kind == "map") {
      map(runs);
    } else if (kind == "umap") {
      umap(runs.front());
    } else if (kind == "server") {
      server(runs.front());
    } else if (kind == "faults") {
      faults(runs.front());
    } else if (kind == "soak") {
      soak(runs.front());
    } else if (kind == "training") {
      training(runs.front());
    } else {
      throw std::runtime_error("unknown kind " + kind);
    }
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "tables: %s\n", error.what());
    return 1;
  }
}
