#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "latent/json_reader.hpp"
#include "latent/map_files.hpp"
#include "latent/map_projection.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/error.hpp"
#include "soundalike/map_table.hpp"
#include "soundalike/version.hpp"
#include "track/folder_lock.hpp"

namespace soundalike {
namespace {

constexpr std::size_t fewest_points = 40;

[[noreturn]] void refuse(const std::string& reason) {
  throw Error(ErrorCode::invalid_argument, "cannot import a map: " + reason);
}

std::string name_of(std::string text) {
  for (char& c : text) {
    if (!latent::is_name(std::string("a") + c)) c = '_';
  }
  return text;
}

bool is_whole(const std::vector<double>& column) {
  return std::ranges::all_of(column, [](double x) { return std::isfinite(x); });
}

std::vector<float> floats(const std::vector<double>& column) { return {column.begin(), column.end()}; }

const std::vector<double>* find(const NumberTable& table, const std::string& name) {
  const auto found = std::ranges::find(table.names, name);
  if (found == table.names.end()) return nullptr;
  const auto& column = table.columns[static_cast<std::size_t>(found - table.names.begin())];
  return is_whole(column) ? &column : nullptr;
}

/// Classes in the order of their first points; -1 for points that have none.
std::pair<MapColumn, std::vector<float>> label_of(const std::string& name, const std::vector<std::string>& texts) {
  std::pair<MapColumn, std::vector<float>> label{{name, ColumnKind::label, ""}, {}};
  auto& classes = label.first.categories;
  for (const std::string& text : texts) {
    const auto found = std::ranges::find(classes, text);
    label.second.push_back(text.empty() ? -1.0f : static_cast<float>(found - classes.begin()));
    if (found == classes.end() && !text.empty()) classes.push_back(text);
  }
  return label;
}

/// The knobs as the table names them, or as the effect does.
void set_knobs(MapOutline& outline, const std::vector<std::string>& knobs, const EffectListing* effect) {
  for (const auto& knob : knobs) outline.parameters.push_back({.id = knob, .name = knob});
  if (effect != nullptr) {
    if (effect->parameters.size() != knobs.size()) {
      refuse(fmt::format("{} has {} parameters, the table {} columns p_...", effect->info.name,
                         effect->parameters.size(), knobs.size()));
    }
    outline.parameters = effect->parameters;
    outline.effect = effect->info.id;
    outline.effect_name = effect->info.name;
    outline.effect_version = effect->info.version;
  }
  for (std::size_t k = 0; k < knobs.size(); ++k) {
    const Parameter& parameter = outline.parameters[k];
    const std::size_t categories = parameter.kind == ParameterKind::choice   ? parameter.choices.size()
                                   : parameter.kind == ParameterKind::toggle ? 2
                                                                             : 0;
    outline.free.push_back({k, 0.0f, 1.0f, 0.01f, categories});
    outline.base.push_back(0.5f);
  }
}

}  // namespace

LatentMap import_map(const std::filesystem::path& folder, const NumberTable& table, const NpyArray& embeddings,
                     const EffectListing* effect, const std::optional<AudioBuffer>& clip, std::size_t threads) {
  namespace fs = std::filesystem;
  const std::size_t n = table.columns.front().size();
  if (embeddings.shape.size() != 2 || embeddings.shape[0] != n || embeddings.shape[1] == 0 || n < fewest_points ||
      !std::ranges::all_of(embeddings.values, [](float x) { return std::isfinite(x); })) {
    refuse(fmt::format("it takes at least {} rows and as many finite embeddings; there are {} rows and {} embeddings",
                       fewest_points, n, embeddings.rows()));
  }
  MapOutline outline{.effect = "imported:", .effect_name = "imported"};
  std::vector<std::string> knobs;
  std::vector<const std::vector<double>*> settings;
  std::vector<std::pair<MapColumn, std::vector<float>>> columns;
  std::vector<latent::DrawnProjection> drawn;
  for (std::size_t c = 0; c < table.names.size(); ++c) {
    const std::string& name = table.names[c];
    const auto& column = table.columns[c];
    if (name.starts_with("label_") && !table.texts[c].empty())
      columns.push_back(label_of(name_of(name), table.texts[c]));
    if (!is_whole(column) || name.empty()) continue;
    if (name.starts_with("p_") && !name.starts_with("p_hat_")) {
      if (std::ranges::any_of(column, [](double x) { return x < 0.0 || x > 1.0; })) {
        refuse(fmt::format("column '{}' holds settings outside [0, 1]", name));
      }
      knobs.push_back(name.substr(2));
      settings.push_back(&column);
    } else if (name.starts_with("x_emb_")) {
      const std::string which = name.substr(6);
      const auto* other = find(table, "y_emb_" + which);
      if (other == nullptr) refuse(fmt::format("there is no whole column 'y_emb_{}' for '{}'", which, name));
      drawn.push_back({{.name = "imported_" + name_of(which), .method = "imported"}, {}});
      for (std::size_t i = 0; i < n; ++i) {
        drawn.back().positions.push_back(static_cast<float>(column[i]));
        drawn.back().positions.push_back(static_cast<float>((*other)[i]));
      }
    } else if (name == "class") {
      const double most = std::ranges::max(column);
      MapColumn label{"label_class", ColumnKind::label, ""};
      if (most < 0.0 || most > 1000.0) continue;  // no point has one
      for (int k = 0; k <= static_cast<int>(most); ++k) label.categories.push_back(fmt::format("class {}", k));
      columns.emplace_back(std::move(label), floats(column));
    } else if (!name.starts_with("y_emb_")) {
      const ColumnKind kind = name.starts_with("p_hat_") ? ColumnKind::error : ColumnKind::feature;
      columns.emplace_back(MapColumn{name_of(name), kind, ""}, floats(column));
    }
  }
  if (knobs.empty()) refuse("no column is named p_<knob>");
  set_knobs(outline, knobs, effect);

  std::error_code problem;
  fs::create_directories(folder, problem);
  if (problem) throw Error(ErrorCode::io, fmt::format("cannot make '{}': {}", folder.string(), problem.message()));
  const track::FolderLock lock(folder);
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().filename() != ".lock") refuse(fmt::format("'{}' is not empty", folder.string()));
  }
  const latent::MapFiles files{folder};
  fs::create_directory(folder / "columns");
  fs::create_directory(folder / "projections");
  outline.encoder = "imported";
  outline.embedding_size = embeddings.shape[1];
  outline.asked = outline.points = n;
  outline.sampling = Sampling::uniform;
  outline.program_version = program_version();
  outline.clip_name = clip ? "imported" : "";
  if (clip) write_audio(files.clip(), *clip);
  std::vector<float> rows;
  for (std::size_t i = 0; i < n; ++i) {
    for (const auto* column : settings) rows.push_back(static_cast<float>((*column)[i]));
  }
  const Rows codes{embeddings.values, embeddings.shape[1]}, knob_rows{rows, knobs.size()};
  write_npy(files.settings(), {n, knobs.size()}, rows);
  write_npy(files.embeddings(), embeddings.shape, embeddings.values);
  for (auto& [column, values] : columns) {
    write_npy(files.column(column.name), {n}, values);
    outline.columns.push_back(std::move(column));
  }
  drawn.push_back(latent::draw_pca(codes));
  drawn.push_back(latent::draw_umap(codes, {.threads = threads}, {}, {}));
  for (auto& projection : drawn) {
    latent::measure(projection, codes, knob_rows, outline.free, threads);
    write_npy(files.projection(projection.about.name), {n, 2}, projection.positions);
    outline.projections.push_back(std::move(projection.about));
  }
  latent::choose_default(outline.projections);
  outline.ready = true;
  write_file(files.outline(), to_json(outline));
  return LatentMap::open(folder);
}

}  // namespace soundalike
