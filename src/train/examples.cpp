#include "train/examples.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <numeric>
#include <optional>

#include "base/parallel.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/error.hpp"
#include "soundalike/rng.hpp"
#include "soundalike/sha256.hpp"
#include "soundalike/version.hpp"

namespace soundalike::training {
namespace {

constexpr std::size_t batch = 256;  // renders per call: bounds the memory, and lets progress be told

// Everything that the examples follow from.
std::string cache_key(const std::vector<ClipPair>& clips, const Rigs& rigs, const SettingsSpace& space,
                      const Encoder& encoder, const ExampleOptions& options) {
  Sha256 hash;
  const auto add = [&](const std::string& text) { hash.add(text + '\n'); };
  add(program_version());
  add(encoder.digest());
  add(fmt::format("{} {}", options.count, options.seed));
  for (const auto& listing : rigs.chain()) add(listing.info.id + " " + listing.info.version);
  for (const auto& profile : rigs.profiles()) add(to_json(profile));
  for (const auto& knob : space.free()) add(fmt::format("{} {} {}", knob.parameter, knob.low, knob.high));
  for (const float value : space.base()) add(fmt::format("{}", value));
  for (const double value : options.fixed) add(fmt::format("{}", value));
  for (const auto& clip : clips) {
    add(fmt::format("{} {} {}", clip.name, clip.rate().hz, clip.halves[0].frames()));
    for (const auto& half : clip.halves) {  // a recording may have changed under its name
      const auto loudness = [](std::int64_t sum, std::int16_t x) { return sum + std::abs(x); };
      const auto samples = half.samples();
      add(fmt::format("{} {}", half.step(),
                      std::accumulate(samples.begin(), samples.end(), std::int64_t{0}, loudness)));
    }
  }
  return to_hex(hash.finish());
}

std::vector<float> as_floats(const std::vector<std::size_t>& values) { return {values.begin(), values.end()}; }
std::vector<std::size_t> as_sizes(const std::vector<float>& values) {
  std::vector<std::size_t> sizes;
  for (const float value : values) sizes.push_back(static_cast<std::size_t>(value));
  return sizes;
}

void write(const std::filesystem::path& file, const Examples& examples) {
  Checkpoint out;
  out.kind = "examples";
  out.program_version = program_version();
  const auto put = [&](const char* name, const std::vector<float>& values) {
    out.tensors[name] = StoredTensor::of({values.size()}, values);
  };
  put("clip", as_floats(examples.clip));
  put("input", as_floats(examples.input));
  put("settings", examples.settings);
  put("reference", examples.reference);
  put("dry", examples.dry);
  write_checkpoint(file, out);
}

std::optional<Examples> read(const std::filesystem::path& file, std::size_t knobs, std::size_t embedding,
                             std::size_t clips) {
  if (!std::filesystem::exists(file)) return std::nullopt;
  try {
    const Checkpoint in = read_checkpoint(file);
    Examples examples;
    examples.knobs = knobs;
    examples.embedding = embedding;
    examples.clip = as_sizes(in.tensors.at("clip").floats());
    examples.input = as_sizes(in.tensors.at("input").floats());
    examples.settings = in.tensors.at("settings").floats();
    examples.reference = in.tensors.at("reference").floats();
    examples.dry = in.tensors.at("dry").floats();
    const std::size_t n = examples.size();
    if (examples.settings.size() == n * knobs && examples.reference.size() == n * embedding &&
        examples.dry.size() == 2 * clips * embedding) {
      return examples;
    }
  } catch (const std::exception&) {
    // A damaged cache is made again.
  }
  return std::nullopt;
}

}  // namespace

Examples make_examples(const std::vector<ClipPair>& clips, Rigs& rigs, const SettingsSpace& space,
                       const Encoder& encoder, const ExampleOptions& options, const Progress& progress,
                       const std::stop_token& stop) {
  std::filesystem::path file;
  const std::size_t knobs = space.free().size();
  if (!options.cache.empty()) {
    std::filesystem::create_directories(options.cache);
    file = options.cache / (cache_key(clips, rigs, space, encoder, options) + ".examples");
    if (auto cached = read(file, knobs, encoder.size(), clips.size())) return *std::move(cached);
  }
  const auto tell = [&](std::size_t done) {
    if (progress) progress({options.stage, done, options.count, {}});
  };
  const auto check_stop = [&] {
    if (stop.stop_requested()) throw Error(ErrorCode::cancelled, "stopped while rendering examples");
  };

  // Drawn before anything is rendered, so that nothing depends on the order of rendering.
  Examples drawn;
  drawn.knobs = knobs;
  drawn.embedding = encoder.size();
  std::vector<std::vector<float>> full(options.count);
  std::map<double, std::vector<std::size_t>> by_rate;
  for (std::size_t i = 0; i < options.count; ++i) {
    Rng rng = Rng::derive(options.seed, 0x6578616d, i);
    drawn.clip.push_back(rng.below(clips.size()));
    drawn.input.push_back(rng.below(2));
    std::vector<double> point(knobs);
    for (std::size_t k = 0; k < knobs; ++k) {
      point[k] = rng.uniform();
      if (k < options.fixed.size() && std::isfinite(options.fixed[k])) point[k] = options.fixed[k];
    }
    full[i] = space.expand(point);
    for (const auto& knob : space.free()) drawn.settings.push_back(full[i][knob.parameter]);
    by_rate[clips[drawn.clip[i]].rate().hz].push_back(i);
  }
  const auto input_of = [&](std::size_t i) { return std::pair(drawn.clip[i], drawn.input[i]); };
  for (auto& [rate, items] : by_rate) std::ranges::stable_sort(items, {}, input_of);  // each input is added but once
  drawn.dry.resize(2 * clips.size() * drawn.embedding);
  parallel_for(2 * clips.size(), rigs.at(clips.front().rate()).workers(), [&](std::size_t i) {
    check_stop();
    const auto embedding = encoder.encode(clips[i / 2].halves[i % 2].expand());
    std::ranges::copy(embedding, drawn.dry.begin() + static_cast<std::ptrdiff_t>(i * drawn.embedding));
  });

  std::vector<float> heard(options.count * drawn.embedding);
  std::vector<char> usable(options.count, 0);
  std::size_t done = 0;
  std::string failure;
  std::mutex mutex;
  for (const auto& [rate, items] : by_rate) {
    BatchRenderer& renderer = rigs.at(SampleRate{rate});
    for (std::size_t first = 0; first < items.size(); first += batch) {
      check_stop();
      const std::span part(items.data() + first, std::min(batch, items.size() - first));
      std::vector<BatchRenderer::Job> jobs;
      std::map<std::pair<std::size_t, std::size_t>, BatchRenderer::ClipId> added;
      for (const std::size_t i : part) {
        const auto [clip, input] = input_of(i);
        auto at = added.find({clip, input});
        if (at == added.end()) {
          at = added.emplace(std::pair(clip, input), renderer.add_clip(clips[clip].scaled(1 - input, input))).first;
        }
        jobs.push_back({at->second, full[i]});
      }
      renderer.render(
          jobs,
          [&](std::size_t job, const RenderOutcome& outcome, AudioView audio) {
            if (outcome.status == RenderStatus::ok) {
              const auto embedding = encoder.encode(audio);
              std::ranges::copy(embedding, heard.begin() + static_cast<std::ptrdiff_t>(part[job] * drawn.embedding));
              usable[part[job]] = 1;
            } else if (!outcome.message.empty()) {
              const std::lock_guard lock(mutex);
              failure = outcome.message;
            }
          },
          stop);
      for (const auto& [input, clip] : added) renderer.remove_clip(clip);
      done += part.size();
      tell(done);
    }
  }
  check_stop();

  Examples kept;
  kept.knobs = knobs;
  kept.embedding = drawn.embedding;
  kept.dry = std::move(drawn.dry);
  for (std::size_t i = 0; i < options.count; ++i) {
    if (usable[i] == 0) continue;
    const auto at = [&](std::size_t example) {
      return heard.begin() + static_cast<std::ptrdiff_t>(example * drawn.embedding);
    };
    if (kept.size() < i) std::copy(at(i), at(i + 1), at(kept.size()));  // in place: there may be much of it
    kept.clip.push_back(drawn.clip[i]);
    kept.input.push_back(drawn.input[i]);
    const auto settings = drawn.settings_of(i);
    kept.settings.insert(kept.settings.end(), settings.begin(), settings.end());
  }
  heard.resize(kept.size() * drawn.embedding);
  kept.reference = std::move(heard);
  if (kept.size() < std::max<std::size_t>(1, options.count / 10)) {
    throw Error(ErrorCode::plugin_failed,
                fmt::format("cannot train: {} of {} renders failed or were silent{}", options.count - kept.size(),
                            options.count, failure.empty() ? "" : "; the last: " + failure));
  }
  if (!file.empty()) write(file, kept);
  return kept;
}

}  // namespace soundalike::training
