// A map against its renders and embeddings alone, in one run: map_bench [points] [effect] [recording].
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "soundalike/audio_file.hpp"
#include "soundalike/embedder.hpp"
#include "soundalike/map_maker.hpp"

using namespace soundalike;
using Clock = std::chrono::steady_clock;

namespace {

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

}  // namespace

int main(int count, char** words) {
  const std::size_t points = count > 1 ? std::strtoul(words[1], nullptr, 10) : 1000;
  const std::string name = count > 2 ? words[2] : "builtin:saturator";
  const EffectLibrary library;
  const EffectListing& effect = library.find(name);
  AudioBuffer recording(1, 3 * 24000, {24000.0});
  if (count > 3) {
    recording = read_audio(words[3]);
  } else {
    std::uint32_t state = 1;
    for (std::size_t i = 0; i < recording.frames(); ++i) {
      state = state * 1664525u + 1013904223u;
      recording.channel(0)[i] = static_cast<float>(state >> 8) / 16777216.0f - 0.5f;
    }
  }
  const auto folder = std::filesystem::temp_directory_path() / ("map-bench-" + std::to_string(::getpid()));
  const std::size_t threads = std::max(1u, std::thread::hardware_concurrency());
  auto begin = Clock::now();
  nlohmann::ordered_json stages = nlohmann::ordered_json::object();  // seconds from the beginning to its last report
  const auto note = [&](const ProgressUpdate& update) { stages[std::string(update.stage)] = seconds_since(begin); };
  const LatentMap map = make_map(folder, effect, recording, "bench", {.points = points, .threads = threads}, note);
  const double whole = seconds_since(begin);

  begin = Clock::now();
  const AudioBuffer clip = map.clip();
  BatchRenderer renderer({effect}, {clip.sample_rate(), clip.channels(), map.outline().block_size});
  const auto id = renderer.add_clip(clip);
  const Embedder embedder(map.outline().encoder);
  std::vector<BatchRenderer::Job> jobs;
  for (std::size_t i = 0; i < map.points(); ++i) jobs.push_back({id, map.settings()[i]});
  renderer.render(jobs, [&](std::size_t, const RenderOutcome& outcome, AudioView audio) {
    if (outcome.usable()) embedder.embed(audio);
  });
  const double alone = seconds_since(begin);
  std::filesystem::remove_all(folder);
  const nlohmann::ordered_json result{{"points", points},
                                      {"map_seconds", whole},
                                      {"stages_end", stages},
                                      {"renders_and_embeddings_seconds", alone},
                                      {"ratio", whole / alone}};
  std::puts(result.dump(2).c_str());
  return 0;
}
