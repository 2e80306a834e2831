#include "soundalike/latent_map.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>

#include "latent/file_text.hpp"
#include "latent/map_files.hpp"
#include "latent/plane.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/error.hpp"
#include "soundalike/umap.hpp"

namespace soundalike {
namespace latent {

std::vector<float> read_numbers(const std::filesystem::path& file, const std::vector<std::size_t>& shape) {
  NpyArray array = read_npy(file);
  if (array.shape != shape) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot use '{}': it holds {} numbers, the map has {}; was it edited?", file.string(),
                            fmt::join(array.shape, " x "), fmt::join(shape, " x ")));
  }
  const auto broken = std::ranges::find_if(array.values, [](float x) { return !std::isfinite(x); });
  if (broken != array.values.end()) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot use '{}': number {} is {}", file.string(), broken - array.values.begin(), *broken));
  }
  return std::move(array.values);
}

}  // namespace latent

namespace {

constexpr std::size_t neighbours = 8;

/// Which category a setting means.
std::size_t category_of(float setting, std::size_t categories) {
  return std::min(static_cast<std::size_t>(setting * static_cast<float>(categories)), categories - 1);
}

}  // namespace

struct LatentMap::State {
  latent::MapFiles files;
  MapOutline outline;
  std::vector<MapColumn> columns;
  std::vector<float> settings;
  std::map<std::string, std::vector<float>, std::less<>> positions;
  std::string default_projection;
  mutable std::once_flag embeddings_read;
  mutable std::vector<float> embeddings;

  const MapProjection& projection(std::string_view name) const {
    const auto found = std::ranges::find(outline.projections, name, &MapProjection::name);
    if (found != outline.projections.end()) return *found;
    std::string known;
    for (const auto& p : outline.projections) known += (known.empty() ? "" : ", ") + p.name;
    throw Error(ErrorCode::not_found,
                fmt::format("the map '{}' has no projection '{}': there are {}", files.folder.string(), name, known));
  }

  std::array<double, 2> mean_place(std::string_view name, std::span<const PointWeight> weights) const {
    const auto& places = positions.find(name)->second;
    std::array<double, 2> place{};
    for (const auto& [point, weight] : weights) {
      for (std::size_t d = 0; d < 2; ++d) place[d] += weight * static_cast<double>(places[2 * point + d]);
    }
    return place;
  }
};

LatentMap LatentMap::open(const std::filesystem::path& folder) {
  auto state = std::make_shared<State>();
  state->files = {folder};
  const std::filesystem::path file = state->files.outline();
  state->outline = parse_map_outline(latent::file_text(file, "the map"), file.string());
  const MapOutline& outline = state->outline;
  if (!outline.ready) {
    throw Error(
        ErrorCode::invalid_argument,
        fmt::format("the map '{}' is not finished; the command that began it goes on with it", folder.string()));
  }
  if (outline.points == 0 || outline.projections.empty()) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("the map '{}' has no points or no projections", file.string()));
  }
  state->settings = latent::read_numbers(state->files.settings(), {outline.points, outline.parameters.size()});
  if (std::ranges::any_of(state->settings, [](float x) { return x < 0.0f || x > 1.0f; })) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot use '{}': settings lie in [0, 1]", state->files.settings().string()));
  }
  for (const auto& knob : outline.free) {
    const Parameter& parameter = outline.parameters[knob.parameter];
    MapColumn column{"p_" + parameter.id, ColumnKind::knob, ""};
    if (parameter.kind == ParameterKind::toggle) column.categories = {"off", "on"};
    for (const auto& choice : parameter.choices) {
      if (parameter.kind == ParameterKind::choice) column.categories.push_back(choice.label);
    }
    state->columns.push_back(std::move(column));
  }
  state->columns.insert(state->columns.end(), outline.columns.begin(), outline.columns.end());
  state->default_projection = outline.projections.front().name;
  for (const auto& projection : outline.projections) {
    state->positions[projection.name] =
        latent::read_numbers(state->files.projection(projection.name), {outline.points, 2});
    if (projection.is_default) state->default_projection = projection.name;
  }
  return LatentMap(std::move(state));
}

const std::filesystem::path& LatentMap::folder() const { return state_->files.folder; }
const MapOutline& LatentMap::outline() const { return state_->outline; }
std::size_t LatentMap::points() const { return state_->outline.points; }
Rows LatentMap::settings() const { return {state_->settings, state_->outline.parameters.size()}; }
const std::vector<MapColumn>& LatentMap::columns() const { return state_->columns; }
const std::string& LatentMap::default_projection() const { return state_->default_projection; }

Rows LatentMap::embeddings() const {
  const MapOutline& outline = state_->outline;
  std::call_once(state_->embeddings_read, [&] {
    state_->embeddings = latent::read_numbers(state_->files.embeddings(), {outline.points, outline.embedding_size});
  });
  return {state_->embeddings, outline.embedding_size};
}

std::vector<float> LatentMap::column(std::string_view name) const {
  const auto found = std::ranges::find(state_->columns, name, &MapColumn::name);
  if (found == state_->columns.end()) {
    std::string known;
    for (const auto& column : state_->columns) known += (known.empty() ? "" : ", ") + column.name;
    throw Error(ErrorCode::not_found,
                fmt::format("the map '{}' has no column '{}': there are {}", folder().string(), name, known));
  }
  if (found->kind != ColumnKind::knob) return latent::read_numbers(state_->files.column(found->name), {points()});
  const auto& knob = outline().free[static_cast<std::size_t>(found - state_->columns.begin())];
  std::vector<float> values;
  for (std::size_t i = 0; i < points(); ++i) {
    const float setting = settings()[i][knob.parameter];
    values.push_back(knob.categories > 0 ? static_cast<float>(category_of(setting, knob.categories)) : setting);
  }
  return values;
}

std::span<const float> LatentMap::projection(std::string_view name) const {
  return state_->positions.find(state_->projection(name).name)->second;
}

Located LatentMap::locate(std::string_view projection, double x, double y) const {
  const auto places = this->projection(projection);
  if (!std::isfinite(x) || !std::isfinite(y)) {
    throw Error(ErrorCode::invalid_argument, "cannot locate a place whose coordinates are not finite");
  }
  Located result{outline().base, latent::smooth_weights(latent::squared_distances(places, x, y), neighbours)};
  for (const auto& knob : outline().free) {
    float& setting = result.settings[knob.parameter];
    if (knob.categories == 0) {
      double sum = 0.0;
      for (const auto& [point, weight] : result.neighbours) {
        sum += weight * static_cast<double>(settings()[point][knob.parameter]);
      }
      setting = std::clamp(static_cast<float>(sum), 0.0f, 1.0f);
      continue;
    }
    std::vector<double> votes(knob.categories);
    double most = 0.0;
    for (const auto& [point, weight] : result.neighbours) {  // nearest first, which decides a tie
      const float candidate = settings()[point][knob.parameter];
      votes[category_of(candidate, knob.categories)] += weight;
    }
    for (const auto& [point, weight] : result.neighbours) {
      const float candidate = settings()[point][knob.parameter];
      const double vote = votes[category_of(candidate, knob.categories)];
      if (vote > most) {
        most = vote;
        setting = candidate;
      }
    }
  }
  return result;
}

std::array<double, 2> LatentMap::place_settings(std::string_view projection, std::span<const float> wanted) const {
  this->projection(projection);
  if (wanted.size() != outline().parameters.size()) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot place {} settings: {} has {} parameters", wanted.size(), outline().effect_name,
                            outline().parameters.size()));
  }
  std::vector<double> squared(points());
  for (std::size_t i = 0; i < points(); ++i) {
    for (const auto& knob : outline().free) {
      const float have = settings()[i][knob.parameter], want = std::clamp(wanted[knob.parameter], 0.0f, 1.0f);
      squared[i] += knob.categories == 0 ? std::pow(static_cast<double>(have) - static_cast<double>(want), 2)
                    : category_of(have, knob.categories) == category_of(want, knob.categories) ? 0.0
                                                                                               : 1.0;
    }
  }
  return state_->mean_place(projection, latent::smooth_weights(squared, neighbours));
}

std::array<double, 2> LatentMap::place_embedding(std::string_view projection, std::span<const float> embedding) const {
  const MapProjection& shown = state_->projection(projection);
  if (embedding.size() != outline().embedding_size) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot place {} numbers: encoder {} gives {}", embedding.size(), outline().encoder,
                            outline().embedding_size));
  }
  if (shown.method == "pca") {
    std::array<double, 2> place{};
    for (std::size_t i = 0; i < 2 * embedding.size(); ++i) {
      const std::size_t d = i % embedding.size();
      place[i / embedding.size()] +=
          static_cast<double>(shown.axes[i]) * (static_cast<double>(embedding[d]) - static_cast<double>(shown.mean[d]));
    }
    return place;
  }
  const Rows all = embeddings();
  if (shown.method == "umap") {
    const auto place = umap_transform(all, this->projection(projection), {embedding, embedding.size()});
    return {static_cast<double>(place[0]), static_cast<double>(place[1])};
  }
  std::vector<double> squared(points());
  for (std::size_t i = 0; i < points(); ++i) {
    for (std::size_t d = 0; d < embedding.size(); ++d) {
      squared[i] += std::pow(static_cast<double>(all[i][d]) - static_cast<double>(embedding[d]), 2);
    }
  }
  return state_->mean_place(projection, latent::smooth_weights(squared, neighbours));
}

AudioBuffer LatentMap::clip() const { return read_audio(state_->files.clip()); }

bool LatentMap::is_of(const EffectListing& listing) const {
  const auto same = [](const Parameter& a, const Parameter& b) { return a.id == b.id && a.kind == b.kind; };
  if (listing.info.id != outline().effect || !std::ranges::equal(listing.parameters, outline().parameters, same)) {
    throw Error(
        ErrorCode::invalid_argument,
        fmt::format("the map '{}' is of {} {} with {} parameters, not of {} {} with {}: make a map of that one",
                    folder().string(), outline().effect_name, outline().effect_version, outline().parameters.size(),
                    listing.info.name, listing.info.version, listing.parameters.size()));
  }
  return listing.info.version == outline().effect_version;
}

}  // namespace soundalike
