// The figures of all benchmarks beside their goals, as one Markdown table. Called by tools/bench.sh.
//
//   report <folder of the JSON files> <load before> <load after>
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <thread>

namespace {

using Json = nlohmann::ordered_json;

Json read(const std::string& file) {
  std::ifstream stream(file);
  if (!stream) throw std::runtime_error("cannot open " + file);
  return Json::parse(stream);
}

std::string cpu_name() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown CPU";
}

void row(const std::string& figure, const std::string& goal, const std::string& measured) {
  fmt::print("| {} | {} | {} |\n", figure, goal, measured);
}

double number(const Json& json, const char* name) { return json.at(name).get<double>(); }

/// "+2.0 % [+1.7, +3.1]"
std::string percent(const Json& estimate) {
  const Json& interval = estimate.at("interval");
  return fmt::format("{:+.1f} % [{:+.1f}, {:+.1f}]", 100.0 * number(estimate, "median"),
                     100.0 * interval.at(0).get<double>(), 100.0 * interval.at(1).get<double>());
}

void renderer_rows(const std::string& folder, const std::string& which, bool with_goal) {
  const Json o = read(folder + "overhead-" + which + ".json");
  const Json r = read(folder + "renderer-" + which + ".json");
  const std::string instructions =
      o.contains("instruction_overhead") ? "; instructions " + percent(o.at("instruction_overhead")) : "";
  row(fmt::format("`BatchRenderer`, one worker, over a bare loop: {}, {:.2f} ms a render",
                  o.at("effect").get<std::string>(), number(o.at("bare_loop_us"), "median") / 1000.0),
      with_goal ? "at most 5 %" : "",
      fmt::format("{} CPU time{}; the loop over itself {}", percent(o.at("cpu_overhead")), instructions,
                  percent(o.at("bare_over_bare"))));
  row("its sandbox, over a worker without", with_goal ? "at most 2 %" : "",
      fmt::format("{} CPU time", percent(o.at("sandbox_cpu_cost"))));
  row("four workers over one, same effect", with_goal ? "3.6 x" : "",
      fmt::format("{:.2f} x; four bare threads {:.2f} x", number(r, "four_workers_speedup"),
                  number(r, "four_bare_threads_speedup")));
}

void match_rows(const Json& match) {
  for (const Json& m : match.at("effects")) {
    row(fmt::format("match, {} renders of 5.5 s at 24 kHz: {}, {} knobs", match.at("renders").get<int>(),
                    m.at("effect").get<std::string>(), m.at("knobs").get<int>()),
        "2 s on four free cores",
        fmt::format("{:.2f} s; CPU time {:.2f} s, a quarter is {:.2f} s", number(m, "wall_seconds"),
                    number(m, "core_seconds"), number(m, "core_seconds") / 4.0));
    row("its time in plugins + in the style distance", "60 % of wall x cores",
        fmt::format("{:.0f} + {:.0f} %; setup {:.0f} ms, search {:.0f} ms", 100.0 * number(m, "plugin_share"),
                    100.0 * number(m, "describe_share"), 1000.0 * number(m, "setup_seconds"),
                    1000.0 * number(m, "search_seconds")));
  }
}

void search_rows(const Json& search) {
  for (const auto& [knobs, ms] : search.at("search_ms").items()) {
    row(fmt::format("search alone, 400 evaluations, {}", knobs), "", fmt::format("{:.1f} ms CPU", ms.get<double>()));
  }
}

void style_rows(const Json& style) {
  for (const Json& s : style.at("figures")) {
    row(fmt::format("{}, {:.2f} s at 24 kHz", s.at("what").get<std::string>(), number(style, "audio_seconds")), "",
        fmt::format("{:.2f} ms CPU, {:.0f} x real time", number(s, "cpu_ms"), number(s, "times_real_time")));
  }
  row("FFTs' part of describing", "", fmt::format("{:.0f} %", 100.0 * number(style, "fft_share_of_describe")));
}

void metric_rows(const Json& bench) {
  for (const Json& m : bench.at("metrics")) {
    row(fmt::format("{} of {:.2f} s in stereo", m.at("name").get<std::string>(), number(bench, "audio_seconds")), "",
        fmt::format("{:.1f} ms CPU, {:.1f} against a target known before", number(m, "first_ms"),
                    number(m, "again_ms")));
  }
  row("all metrics against a target known before", "", fmt::format("{:.0f} ms CPU", number(bench, "all_ms")));
}

void infer_rows(const Json& infer) {
  for (const Json& s : infer.at("figures")) {
    const std::string what = s.at("what").get<std::string>();
    row(what.starts_with("encoding") ? fmt::format("{}, {:.2f} s", what, number(infer, "audio_seconds")) : what,
        "30 ms with the prediction", fmt::format("{:.2f} ms CPU", number(s, "cpu_ms")));
  }
}

void start_rows(const Json& start) {
  for (const char* command : {"soundalike --help", "soundalike effects show"}) {
    const Json& t = start.at(command);
    row(fmt::format("`{}`, start to exit", command), "50 ms",
        fmt::format("{:.0f} ms, least {:.0f}; CPU {:.0f} ms", number(t, "wall_ms"), number(t, "least_wall_ms"),
                    number(t, "cpu_ms")));
  }
  for (const char* which : {"generated", "installed"}) {
    const bool with_goal = std::string(which) == "generated";
    const Json& f = start.at(which);
    row(fmt::format("scanning {} {} effects, {} knobs", f.at("effects").get<int>(), which,
                    f.at("parameters").get<int>()),
        with_goal ? "2 s" : "",
        fmt::format("{:.2f} s; CPU time {:.2f} s", number(f, "scan_seconds"), number(f, "scan_cpu_seconds")));
    row("the same from the cache", with_goal ? "100 ms" : "",
        fmt::format("{:.0f} ms; CPU time {:.0f} ms", number(f, "cached_ms"), number(f, "cached_cpu_ms")));
  }
}

void memory_rows(const Json& m) {
  row(fmt::format("match of {:.0f} minutes of stereo at 48 kHz, two effects: peak memory of all its processes",
                  number(m, "output_seconds") / 60.0),
      "500 MB", fmt::format("{:.0f} MB", number(m, "peak_megabytes")));
  row("the same: time, with writing the result", "", fmt::format("{:.1f} s", number(m, "wall_seconds")));
}

void evaluate_rows(const Json& e) {
  row(fmt::format("`evaluate run`, {} pairs, start to exit: {} cores over one", e.at("pairs").get<int>(),
                  e.at("cores").get<int>()),
      "3.5 x",
      fmt::format("{:.2f} x: {:.1f} s for {:.1f} s; CPU time {:.1f} and {:.1f} s", number(e, "times_faster"),
                  number(e, "all_cores_seconds"), number(e, "one_core_seconds"), number(e, "all_cores_cpu_seconds"),
                  number(e, "one_core_cpu_seconds")));
  row("its threads' time in renders, networks and measures, all cores", "90 %",
      fmt::format("{:.1f} %; with one core {:.1f} %", 100.0 * number(e, "all_cores_useful"),
                  100.0 * number(e, "one_core_useful")));
}

void spsa_rows(const Json& s) {
  row(fmt::format("SPSA step through {}, batch {}, {} frames, over a serial loop of five renders per example",
                  s.at("effect").get<std::string>(), s.at("batch").get<int>(), s.at("frames").get<int>()),
      "5 x",
      fmt::format("{:.1f} x: {:.0f} ms for {:.0f} ms; bare threads over one {:.1f} x",
                  number(s, "times_faster_than_serial"), number(s, "step_ms"), number(s, "serial_ms"),
                  number(s, "bare_threads_over_one")));
  row("the same, over the sum of its parts on all cores", "at most 15 %",
      fmt::format("{:+.0f} %: renders {:.0f} ms, losses {:.0f} ms", 100.0 * number(s, "over_sum_of_parts"),
                  number(s, "renders_ms"), number(s, "losses_ms")));
}

void spsa_original_rows(const Json& s) {
  row("the same, over the original's step: a serial loop of five renders, torch's loss and autograd", "",
      fmt::format("{:.1f} x: {:.0f} ms for {:.0f} ms", number(s, "times_faster_than_original"), number(s, "step_ms"),
                  number(s, "original_ms")));
}

void loss_rows(const Json& loss) {
  for (const char* name : {"mrstft", "mrstft-original"}) {
    const Json& t = loss.at(name);
    row(fmt::format("`{}` loss with gradient, {} x {} frames, over torch's", name, loss.at("batch").get<int>(),
                    loss.at("frames").get<int>()),
        "",
        fmt::format("{:.1f} x less CPU time: {:.2f} s for {:.2f} s", number(t, "cpu_ratio"),
                    number(t, "fused_cpu_seconds"), number(t, "autograd_cpu_seconds")));
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc != 4) throw std::runtime_error("expected <folder> <load before> <load after>");
    const std::string folder = std::string(argv[1]) + "/";
    const unsigned cores = std::thread::hardware_concurrency();
    fmt::print("{}, {} cores, load {} before and {} after.", cpu_name(), cores, argv[2], argv[3]);
    if (std::stod(argv[2]) + std::stod(argv[3]) > cores) {
      fmt::print(" Others wanted the cores too: speed-ups and times on the wall are spoiled, CPU times less so.");
    }
    fmt::print("\n\n| figure | goal | measured |\n|---|---|---|\n");
    renderer_rows(folder, "short", false);
    renderer_rows(folder, "1ms", true);
    renderer_rows(folder, "long", false);
    for (const char* format : {"vst3", "clap", "ladspa"}) renderer_rows(folder, format, true);
    match_rows(read(folder + "match.json"));
    search_rows(read(folder + "search.json"));
    style_rows(read(folder + "style.json"));
    metric_rows(read(folder + "metric.json"));
    infer_rows(read(folder + "infer.json"));
    spsa_rows(read(folder + "spsa.json"));
    if (std::filesystem::exists(folder + "spsa-original.json")) spsa_original_rows(read(folder + "spsa-original.json"));
    start_rows(read(folder + "start.json"));
    memory_rows(read(folder + "memory.json"));
    evaluate_rows(read(folder + "evaluate.json"));
    if (std::filesystem::exists(folder + "loss.json")) loss_rows(read(folder + "loss.json"));  // training only
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "report: %s\n", error.what());
    return 1;
  }
}
