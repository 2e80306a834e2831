#include "train/episode_cache.hpp"

#include <fmt/format.h>

#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>

#include "soundalike/error.hpp"
#include "soundalike/profile.hpp"
#include "soundalike/sha256.hpp"

namespace soundalike::training {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::string_view kind = "episodes";
constexpr int version = 1;  // of how episodes are drawn and rendered

/// Everything that the episodes depend on. A recording counts by name, size and time of change.
std::string key_of(const EpisodeOptions& options, const FrontEndChoice& front_end) {
  Json key{{"version", version},
           {"episodes", options.episodes},
           {"recordings", options.recordings},
           {"halves", options.halves},
           {"effects_per_episode", options.effects_per_episode},
           {"settings", options.settings},
           {"differences", options.differences},
           {"half_precision", options.half_precision},
           {"seed", options.seed},
           {"front_end", front_end.kind},
           {"front_end_options", front_end.options}};
  for (const auto& file : options.files) {
    key["files"].push_back({file.string(), fs::file_size(file), fs::last_write_time(file).time_since_epoch().count()});
  }
  for (const auto& effect : options.effects) {
    key["effects"].push_back({effect.info.id, effect.info.version, soundalike::to_json(find_profile(effect))});
  }
  return sha256_hex(key.dump());
}

StoredTensor stored(const at::Tensor& tensor) {
  const at::Tensor plain = tensor.contiguous();
  StoredTensor out;
  out.type = plain.scalar_type() == torch::kHalf ? NumberType::f16 : NumberType::f32;
  for (const auto size : plain.sizes()) out.shape.push_back(static_cast<std::size_t>(size));
  out.bytes.resize(plain.nbytes());
  std::memcpy(out.bytes.data(), plain.data_ptr(), out.bytes.size());
  return out;
}

at::Tensor tensor_of(const StoredTensor& stored) {
  const std::vector<std::int64_t> shape(stored.shape.begin(), stored.shape.end());
  at::Tensor out = torch::empty(shape, stored.type == NumberType::f16 ? torch::kHalf : torch::kFloat);
  std::memcpy(out.data_ptr(), stored.bytes.data(), stored.bytes.size());
  return out;
}

void write(const fs::path& path, const std::vector<Episode>& episodes) {
  Checkpoint out;
  out.kind = kind;
  Json all = Json::array();
  for (std::size_t e = 0; e < episodes.size(); ++e) {
    const Episode& episode = episodes[e];
    Json places = Json::array();
    std::vector<at::Tensor> inputs;
    for (const auto& example : episode.examples) {
      places.push_back({example.setting, example.recording, example.half});
      inputs.push_back(example.input);
    }
    out.tensors[fmt::format("{}.inputs", e)] = stored(torch::stack(inputs));
    if (episode.difference.defined()) out.tensors[fmt::format("{}.difference", e)] = stored(episode.difference);
    all.push_back({{"examples", std::move(places)}, {"effects", episode.effects}});
  }
  out.metadata = Json{{"episodes", std::move(all)}}.dump();
  write_checkpoint(path, out);
}

std::vector<Episode> read(const fs::path& path) {
  const Checkpoint in = read_checkpoint(path);
  std::vector<Episode> out;
  const Json all = Json::parse(in.metadata).at("episodes");
  for (std::size_t e = 0; e < all.size(); ++e) {
    Episode episode;
    const at::Tensor inputs = tensor_of(in.tensors.at(fmt::format("{}.inputs", e)));
    const auto difference = in.tensors.find(fmt::format("{}.difference", e));
    if (difference != in.tensors.end()) episode.difference = tensor_of(difference->second);
    std::int64_t i = 0;
    for (const auto& place : all[e].at("examples")) {
      episode.examples.push_back({inputs[i++], place[0], place[1], place[2]});
    }
    episode.effects = all[e].at("effects").get<std::vector<std::string>>();
    out.push_back(std::move(episode));
  }
  return out;
}

std::optional<std::vector<Episode>> read_if_good(const fs::path& path) {
  if (!fs::exists(path)) return std::nullopt;
  try {
    return read(path);
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

std::vector<Episode> cached_episodes(const fs::path& folder, const EpisodeOptions& options,
                                     const FrontEndChoice& front_end, const Progress& progress,
                                     const std::stop_token& stop) {
  if (folder.empty()) return render_episodes(options, front_end, progress, stop);
  const fs::path path = folder / fmt::format("episodes-{:.16}.pool", key_of(options, front_end));
  if (auto found = read_if_good(path)) return std::move(*found);
  auto made = render_episodes(options, front_end, progress, stop);
  fs::create_directories(folder);
  write(path, made);
  return made;
}

}  // namespace soundalike::training
