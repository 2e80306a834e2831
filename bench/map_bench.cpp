// A map against its renders and embeddings alone, in one run: map_bench [points] [effect] [recording].
#include <sys/resource.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "base/parallel.hpp"
#include "base/temporary_folder.hpp"
#include "measure.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/embedder.hpp"
#include "soundalike/map_maker.hpp"
#include "soundalike/predictor.hpp"

using namespace soundalike;
using Clock = std::chrono::steady_clock;

namespace {

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

/// Of all threads, and of the workers that have ended.
double processor_seconds() {
  double sum = 0.0;
  for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage used{};
    ::getrusage(who, &used);
    for (const timeval& time : {used.ru_utime, used.ru_stime}) {
      sum += static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
    }
  }
  return sum;
}

nlohmann::ordered_json measure(std::size_t points, const std::string& name, const char* file) {
  const EffectLibrary library;
  const EffectListing& effect = library.find(name);
  AudioBuffer recording(1, 3 * 24000, {24000.0});
  if (file != nullptr) {
    recording = read_audio(file);
  } else {
    std::uint32_t state = 1;
    for (std::size_t i = 0; i < recording.frames(); ++i) {
      state = state * 1664525u + 1013904223u;
      recording.channel(0)[i] = static_cast<float>(state >> 8) / 16777216.0f - 0.5f;
    }
  }
  const TemporaryFolder temporary("map-bench");
  const auto folder = temporary / "map";
  const std::size_t threads = threads_or_cores(0);
  auto begin = Clock::now();
  double processor = processor_seconds();
  nlohmann::ordered_json stages = nlohmann::ordered_json::object();  // seconds from the beginning to its last report
  const auto note = [&](const ProgressUpdate& update) { stages[std::string(update.stage)] = seconds_since(begin); };
  const LatentMap map = make_map(folder, effect, recording, "bench", {.points = points, .threads = threads}, note);
  const double whole = seconds_since(begin), whole_processor = processor_seconds() - processor;

  begin = Clock::now();
  processor = processor_seconds();
  const AudioBuffer clip = map.clip();
  auto renderer = std::make_unique<BatchRenderer>(
      std::vector{effect}, RenderSetup{clip.sample_rate(), clip.channels(), map.outline().block_size});
  const auto id = renderer->add_clip(clip);
  const Embedder embedder(map.outline().encoder);
  const auto predictor = find_predictor(std::array{map.outline().effect});
  std::vector<BatchRenderer::Job> jobs;
  for (std::size_t i = 0; i < map.points(); ++i) jobs.push_back({id, map.settings()[i]});
  renderer->render(jobs, [&](std::size_t, const RenderOutcome& outcome, AudioView audio) {
    if (!outcome.usable()) return;
    embedder.embed(audio);
    // A controller listens through an encoder of its own.
    if (predictor && predictor->encoder().digest() != embedder.digest()) predictor->encoder().encode(audio);
  });
  renderer.reset();  // its workers end, and what they used counts
  const double alone = seconds_since(begin), alone_processor = processor_seconds() - processor;
  return {{"points", points},
          {"map_seconds", whole},
          {"stages_end", stages},
          {"renders_and_embeddings_seconds", alone},
          {"ratio", whole / alone},
          {"map_processor_seconds", whole_processor},
          {"renders_and_embeddings_processor_seconds", alone_processor},
          {"processor_ratio", whole_processor / alone_processor}};
}

}  // namespace

int main(int count, char** words) {
  return bench::run_bench("map_bench", [&] {
    return measure(count > 1 ? std::strtoul(words[1], nullptr, 10) : 1000, count > 2 ? words[2] : "builtin:saturator",
                   count > 3 ? words[3] : nullptr);
  });
}
